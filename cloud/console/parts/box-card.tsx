/** One box: head, what is on, what comes, what is wrong, and the facts behind it. */
import { consoleMessages as words, linkStates } from '../../../shared/messages/console.ts';
import { surfaces } from '../../../shared/messages/records.ts';
import type { Text } from '../../../shared/messages/text.ts';
import type { Card, Kind, Trouble } from '../view/card.ts';
import type { Fact } from '../view/facts.ts';
import { filled } from '../view/filled.ts';
import { clockOf, countdown, whenOf } from '../view/time.ts';
import { BoardView } from './board-view.tsx';
import { useSay } from './language.tsx';
import { Mark } from './marks.tsx';
import { SoundView } from './sound-view.tsx';
import { StripView } from './strip-view.tsx';

type Of = { readonly card: Card; readonly nowMs: number };

export function BoxCard({ card, nowMs }: Of) {
  const { isPast, sound, board, heardAtMs, kind, tone } = card;
  return (
    <article class={`card ${tone} ${isPast ? 'is-past' : ''}`} aria-labelledby={card.dev}>
      <Head card={card} nowMs={nowMs} />
      {heardAtMs === null && <NotHeard />}
      {board !== null && <BoardView board={board} place={card.place} />}
      {sound !== null && <SoundView card={card} sound={sound} nowMs={nowMs} />}
      {sound !== null && <StripView card={card} nowMs={nowMs} />}
      {kind !== 'board' && heardAtMs !== null && <Next card={card} nowMs={nowMs} />}
      {card.troubles.length > 0 && <Troubles troubles={card.troubles} nowMs={nowMs} />}
      <Facts facts={card.facts} />
    </article>
  );
}

const kinds: Readonly<Record<Kind, Text>> = {
  speaker: words.speaker,
  board: words.board,
  both: words.both,
  box: words.box,
};

function Head({ card: { dev, kind, place, link, state }, nowMs }: Of) {
  const say = useSay();
  const since = link.sinceMs === null ? '' : say(words.since(whenOf(link.sinceMs, nowMs)));
  return (
    <header class="card-head">
      <Mark name={kind} />
      <h3 id={dev}>
        {say(kinds[kind])} <span class="of">{say(place)}</span>
        <code>{dev}</code>
      </h3>
      <span class={`link ${link.state}`} title={since}>
        {say(linkStates[link.state])}
        {link.state === 'silent' && <small>{since}</small>}
      </span>
      {state !== 'active' && (
        <span class="link never">{say(state === 'revoked' ? words.revoked : words.unknownBox)}</span>
      )}
    </header>
  );
}

function NotHeard() {
  const say = useSay();
  return <p class="quiet">{say(words.neverHeard)}</p>;
}

function Next({ card: { next }, nowMs }: Of) {
  const say = useSay();
  if (next.length === 0) return <p class="next-none">{say(words.nothingNext)}</p>;
  return (
    <section class="next">
      <h4>{say(words.next)}</h4>
      <ol>
        {next.map(({ layer, atMs, winner, title }) => (
          <li key={`${layer}${atMs}`}>
            <time>{clockOf(atMs)}</time>
            <span class="next-title">
              {title ?? winner}
              {layer !== 'sound' && <small>{say(surfaces[layer])}</small>}
            </span>
            <span class="next-in">{say(filled(words.inTime, countdown(atMs - nowMs)))}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}

function Troubles({ troubles, nowMs }: { troubles: readonly Trouble[]; nowMs: number }) {
  const say = useSay();
  return (
    <ul class="troubles">
      {troubles.map(({ code, tone, sinceMs, text, remedy }) => (
        <li key={code} class={tone}>
          <p>
            <b>{say(text)}</b> <small>{say(words.since(whenOf(sinceMs, nowMs)))}</small>
          </p>
          {remedy !== null && <p class="remedy">{say(remedy)}</p>}
        </li>
      ))}
    </ul>
  );
}

function Facts({ facts }: { facts: readonly Fact[] }) {
  const say = useSay();
  return (
    <dl class="facts">
      {facts.map(({ name, value, tone, details }) => (
        <div key={name.en} class={`fact ${tone}`} title={details.map(say).join('\n')}>
          <dt>{say(name)}</dt>
          <dd>
            {say(value)}
            {details.length > 0 && (
              <ul>
                {details.map((detail) => (
                  <li key={detail.en}>{say(detail)}</li>
                ))}
              </ul>
            )}
          </dd>
        </div>
      ))}
    </dl>
  );
}
