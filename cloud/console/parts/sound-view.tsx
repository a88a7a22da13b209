/** What a loudspeaker sounds, why, and how far it is; for a box that does not answer, what it said last and what its plans say. */
import { consoleMessages as words } from '../../../shared/messages/console.ts';
import type { Card, SoundNow } from '../view/card.ts';
import { filled } from '../view/filled.ts';
import type { Span } from '../view/programme.ts';
import { countdown, whenOf } from '../view/time.ts';
import { useSay } from './language.tsx';
import { Bars } from './marks.tsx';

type SoundProps = { readonly card: Card; readonly sound: SoundNow; readonly nowMs: number };

export function SoundView({ card, sound, nowMs }: SoundProps) {
  const say = useSay();
  if (card.isPast) return <Past {...{ card, sound, nowMs }} />;
  const { title, active, over, isOrder, why, span } = sound;
  if (title === null) {
    return (
      <section class="sound silent">
        <p class="sound-title">{say(words.quietNow)}</p>
        <p class="why">{say(why)}</p>
        <Amplifier on={card.amplifierOn} />
      </section>
    );
  }
  return (
    <section class={`sound ${active ? 'on' : over ? 'silent' : 'waits'} ${isOrder ? 'order' : ''}`}>
      <p class="sound-state">
        {active && <Bars />}
        {say(active ? words.now : over ? words.over : words.waiting)}
      </p>
      <p class="sound-title">{title}</p>
      <p class="why">{say(why)}</p>
      {span !== null && <Progress title={title} span={span} nowMs={nowMs} />}
      <Amplifier on={card.amplifierOn} />
    </section>
  );
}

function Progress({ title, span: { fromMs, toMs }, nowMs }: { title: string; span: Span; nowMs: number }) {
  const say = useSay();
  return (
    <p class="progress">
      <progress max={toMs - fromMs} value={nowMs - fromMs} aria-label={say(words.progressOf(title))} />
      <span>{say(filled(words.left, countdown(toMs - nowMs)))}</span>
    </p>
  );
}

function Amplifier({ on }: { on: boolean | null }) {
  const say = useSay();
  if (on === null) return null;
  return <p class={`amplifier ${on ? 'on' : ''}`}>{say(on ? words.amplifierOn : words.amplifierOff)}</p>;
}

function Past({ card: { heardAtMs, expected }, sound: { title }, nowMs }: SoundProps) {
  const say = useSay();
  return (
    <section class="sound then">
      {expected !== null && (
        <>
          <p class="sound-state">{say(words.byThePlan)}</p>
          <p class="sound-title">{expected.title ?? say(words.planSilence)}</p>
          <p class="why">{say(words.notConfirmed)}</p>
        </>
      )}
      {heardAtMs !== null && (
        <p class="why">
          {say(words.lastHeard(whenOf(heardAtMs, nowMs)))}: {title ?? say(words.quietNow)}
        </p>
      )}
    </section>
  );
}
