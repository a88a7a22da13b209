/** Where one is, what time it is there, whether the page is live, and how the fleet is, in one line. */
import type { ComponentProps } from 'preact';
import { consoleMessages as words } from '../../../shared/messages/console.ts';
import type { Text } from '../../../shared/messages/text.ts';
import type { ConsoleState, Line } from '../state/state.ts';
import type { Counts } from '../view/fleet.ts';
import { provinceName } from '../view/places.ts';
import { clockOf, dayOf } from '../view/time.ts';
import type { Tone } from '../view/tone.ts';
import { Both, LanguageSwitch, useSay } from './language.tsx';
import { Mark } from './marks.tsx';

type HeaderProps = {
  readonly state: ConsoleState;
  readonly nowMs: number;
  readonly counts: Counts;
  readonly speaking: ComponentProps<typeof LanguageSwitch>;
};

export function Header({ state, nowMs, counts, speaking }: HeaderProps) {
  const { prov, places, line } = state;
  return (
    <header class="top">
      <div class="top-line">
        <div class="brand">
          <Mark name="loa" />
          <h1>{prov === null ? 'Loa' : <Both text={provinceName(places, prov)} />}</h1>
        </div>
        <Clock nowMs={nowMs} isKnown={prov !== null} />
        <div class="top-end">
          <LinePill line={line} />
          <LanguageSwitch {...speaking} />
        </div>
      </div>
      {prov !== null && <Tally counts={counts} />}
    </header>
  );
}

function Clock({ nowMs, isKnown }: { nowMs: number; isKnown: boolean }) {
  const say = useSay();
  if (!isKnown) return <div class="clock" />;
  return (
    <div class="clock" title={say(words.cloudClock)}>
      <time class="clock-time">{clockOf(nowMs)}</time>
      <span class="clock-day">{say(dayOf(nowMs))}</span>
    </div>
  );
}

const pills = {
  opening: { tone: 'note', text: words.opening },
  live: { tone: 'ok', text: words.live },
  lost: { tone: 'red', text: words.lost },
} satisfies Record<Line['kind'], { tone: Tone; text: Text }>;

function LinePill({ line }: { line: Line }) {
  const say = useSay();
  const { tone, text } = pills[line.kind];
  return (
    <span class={`pill ${tone} ${line.kind}`} role="status">
      {say(text)}
    </span>
  );
}

function Tally({ counts }: { counts: Counts }) {
  const say = useSay();
  const { boxes, online, silent, never, trouble } = counts;
  return (
    <p class="tally">
      <span class="count">{say(words.boxes(boxes))}</span>
      <span class="count ok">{say(words.countOnline(online))}</span>
      {silent > 0 && <span class="count amber">{say(words.countSilent(silent))}</span>}
      {never > 0 && <span class="count off">{say(words.countNever(never))}</span>}
      {trouble > 0 ? (
        <span class={`count ${counts.tone}`}>{say(words.countTrouble(trouble))}</span>
      ) : (
        boxes > 0 && <span class="count ok">{say(words.allWell)}</span>
      )}
    </p>
  );
}
