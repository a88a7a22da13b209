/** The last as-run records of all boxes, newest first: planned, started, played, how it ended, and the proof. */
import { useState } from 'preact/hooks';
import { consoleMessages as words } from '../../../shared/messages/console.ts';
import { surfaces } from '../../../shared/messages/records.ts';
import type { Text } from '../../../shared/messages/text.ts';
import type { ConsoleState } from '../state/state.ts';
import { journalOf } from '../view/journal.ts';
import type { Entry } from '../view/journal.ts';
import { whenOf } from '../view/time.ts';
import { Both, useSay } from './language.tsx';

type JournalProps = { readonly state: ConsoleState; readonly nowMs: number };

const MOST = 40;

type Show = 'sound' | 'screen' | 'all';
/** Loudspeakers first: the pages of a board take turns all day. */
const shows: readonly (readonly [Show, Text])[] = [
  ['sound', surfaces.sound],
  ['screen', surfaces.screen],
  ['all', words.journalAll],
];

export function Journal({ state, nowMs }: JournalProps) {
  const say = useSay();
  const [show, setShow] = useState<Show>('sound');
  const isWanted = (surface: Entry['surface']): boolean =>
    show === 'all' || (show === 'sound') === (surface === 'sound');
  const entries = journalOf(state.records, state, isWanted, MOST);
  return (
    <aside class="journal" aria-labelledby="journal">
      <div class="journal-head">
        <h2 id="journal">
          <Both text={words.journal} />
        </h2>
        <div class="tabs" role="group" aria-label={say(words.journal)}>
          {shows.map(([each, text]) => (
            <button
              type="button"
              key={each}
              aria-pressed={show === each}
              onClick={() => {
                setShow(each);
              }}
            >
              {say(text)}
            </button>
          ))}
        </div>
      </div>
      {entries.length === 0 && <p class="empty">{say(words.noRecords)}</p>}
      <ol>
        {entries.map((entry) => (
          <Row key={entry.key} entry={entry} nowMs={nowMs} />
        ))}
      </ol>
    </aside>
  );
}

function Row({ entry, nowMs }: { entry: Entry; nowMs: number }) {
  const say = useSay();
  const { tone, atMs, title, place, surface, isOrder, start, played, causes, proof, plannedAtMs } = entry;
  return (
    <li class={`entry ${tone} ${isOrder ? 'order' : ''}`}>
      <time title={`${say(words.planned)} ${whenOf(plannedAtMs, nowMs)}`}>{whenOf(atMs, nowMs)}</time>
      <div>
        <p class="entry-title">{title}</p>
        <p class="entry-place">
          {say(place)} · {say(surfaces[surface])} · <span class="cause">{say(causes)}</span>
        </p>
        <p class="entry-facts">
          {start !== null && <span class={start.tone}>{say(start.text)}</span>}
          {played !== null && (
            <span>
              {say(words.played).toLowerCase()} {say(played)}
            </span>
          )}
          <span class={proof.isThere ? 'proof' : 'proof none'}>{say(proof.text)}</span>
        </p>
      </div>
    </li>
  );
}
