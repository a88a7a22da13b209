/** What must be seen before anything else: a lost cloud, a broken chain, and every order in force with who signed it. */
import { breakKinds, consoleMessages as words } from '../../../shared/messages/console.ts';
import type { BoxView, ChainBreak } from '../../../shared/wire/fleet.ts';
import type { ConsoleState } from '../state/state.ts';
import { bannersOf } from '../view/orders.ts';
import type { OrderBanner } from '../view/orders.ts';
import { placeName } from '../view/places.ts';
import { clockOf, whenOf } from '../view/time.ts';
import { Both, useSay } from './language.tsx';
import { Mark } from './marks.tsx';

type BannersProps = {
  readonly state: ConsoleState;
  readonly boxes: readonly BoxView[];
  readonly nowMs: number;
};

export function Banners({ state, boxes, nowMs }: BannersProps) {
  const { line, places, orders, told, breaks } = state;
  const banners = bannersOf(orders, boxes, { told, places, nowMs });
  const isOver = ({ tone }: OrderBanner): boolean => tone === 'ok';
  return (
    <div class="banners" role="log" aria-live="assertive" aria-relevant="additions">
      {line.kind === 'lost' && <Lost sinceMs={line.sinceMs + state.skewMs} state={state} />}
      {breaks.length > 0 && <Breaks {...{ breaks, state, nowMs }} />}
      {banners
        .filter((banner) => !isOver(banner))
        .map((banner) => (
          <Order key={banner.digest} banner={banner} nowMs={nowMs} />
        ))}
      <Over banners={banners.filter(isOver)} nowMs={nowMs} />
    </div>
  );
}

/** In force still, and nothing to do about them. */
function Over({ banners, nowMs }: { banners: readonly OrderBanner[]; nowMs: number }) {
  const say = useSay();
  if (banners.length === 0) return null;
  return (
    <details class="over">
      <summary>{say(words.ordersOver(banners.length))}</summary>
      {banners.map((banner) => (
        <Order key={banner.digest} banner={banner} nowMs={nowMs} />
      ))}
    </details>
  );
}

function Lost({ sinceMs, state: { line } }: { sinceMs: number; state: ConsoleState }) {
  return (
    <section class="banner lost">
      <Mark name="alert" />
      <div class="banner-words">
        <p>
          <Both text={words.lostLong(clockOf(sinceMs))} />
        </p>
        {line.kind === 'lost' && line.why !== null && (
          <p>
            <Both text={line.why} />
          </p>
        )}
      </div>
    </section>
  );
}

const MOST_BREAKS = 5;

type BreaksProps = {
  readonly breaks: readonly ChainBreak[];
  readonly state: ConsoleState;
  readonly nowMs: number;
};

function Breaks({ breaks, state: { places, boxes }, nowMs }: BreaksProps) {
  const say = useSay();
  return (
    <section class="banner red">
      <Mark name="alert" />
      <div class="banner-words">
        <h2>
          <Both text={words.breaks} />
        </h2>
        <ul>
          {breaks.slice(0, MOST_BREAKS).map(({ dev, seq, kind, atMs }) => (
            <li key={`${dev}/${seq}/${kind}`}>
              {say(words.breakOf(say(placeName(places, boxes.get(dev)?.area ?? null)), dev, seq))}:{' '}
              {say(breakKinds[kind])} ({whenOf(atMs, nowMs)})
            </li>
          ))}
        </ul>
      </div>
    </section>
  );
}

function Order({ banner, nowMs }: { banner: OrderBanner; nowMs: number }) {
  const say = useSay();
  const { kind, words: text, places, tone, signedAtMs, endsAtMs, holders } = banner;
  return (
    <section class={`banner order ${tone}`}>
      <Mark name={tone === 'ok' ? 'loa' : 'alert'} />
      <div class="banner-words">
        <h2>
          <Both text={kind} />
        </h2>
        {text !== null && <p class="banner-text">{text}</p>}
        <p class="banner-small">
          <b>{places.map(say).join(', ')}</b> · {say(words.signedBy(holders.join(', ')))}{' '}
          {say(words.signedAt(whenOf(signedAtMs, nowMs)))} · {say(words.validUntil(whenOf(endsAtMs, nowMs)))}
        </p>
      </div>
      <Reach banner={banner} />
    </section>
  );
}

function Reach({ banner: { boxes, on, done } }: { banner: OrderBanner }) {
  const say = useSay();
  const state = [
    ...(on > 0 ? [words.orderOn(on)] : []),
    ...(done > 0 ? [words.orderDone(done)] : []),
    ...(on + done === 0 ? [words.orderSent] : []),
  ];
  return (
    <p class="reach">
      <b>{say(words.reached(on + done, boxes))}</b>
      <span>{state.map(say).join(' · ')}</span>
      <progress
        max={Math.max(boxes, 1)}
        value={on + done}
        aria-label={say(words.reached(on + done, boxes))}
      />
    </p>
  );
}
