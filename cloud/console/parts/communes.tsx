/** The boxes, commune by commune, and what one may ask to see of them. */
import { useMemo, useState } from 'preact/hooks';
import { consoleMessages as words } from '../../../shared/messages/console.ts';
import type { Text } from '../../../shared/messages/text.ts';
import type { ConsoleState } from '../state/state.ts';
import type { Brief } from '../view/brief.ts';
import { cardOf } from '../view/card.ts';
import { communesOf, countsOf, wished } from '../view/fleet.ts';
import type { Wish } from '../view/fleet.ts';
import { BoxCard } from './box-card.tsx';
import { Both, useSay } from './language.tsx';

type CommunesProps = {
  readonly state: ConsoleState;
  readonly briefs: readonly Brief[];
  readonly nowMs: number;
  readonly wish: Wish;
  readonly setWish: (wish: Wish) => void;
};

/** A province has thousands; a browser draws so many at once without waiting. */
const AT_ONCE = 60;

export function Communes({ state, briefs, nowMs, wish, setWish }: CommunesProps) {
  const say = useSay();
  const [most, setMost] = useState(AT_ONCE);
  const { plans, places, records } = state;
  const byBox = useMemo(() => Map.groupBy(records, ({ dev }) => dev), [records]);
  const around = { plans, places, records: byBox, nowMs };
  const found = wished(briefs, wish);
  if (state.prov === null) return <div class="communes" />;
  const left = found.length - most;
  return (
    <div class="communes">
      <Wishes briefs={briefs} wish={wish} setWish={setWish} />
      {found.length === 0 && (
        <p class="empty">{say(briefs.length === 0 ? words.noBoxes : words.noneOfThese)}</p>
      )}
      <div class="map">
        {communesOf(found.slice(0, most), places).map(({ area, name, briefs: ofArea }) => (
          <section class={`commune ${widthOf(ofArea.length)}`} key={area ?? ''}>
            <h2>
              <Both text={name} />
            </h2>
            <div class="cards">
              {ofArea.map(({ box }) => (
                <BoxCard key={box.dev} card={cardOf(box, around)} nowMs={nowMs} />
              ))}
            </div>
          </section>
        ))}
      </div>
      {left > 0 && (
        <button
          type="button"
          class="more"
          onClick={() => {
            setMost(most + AT_ONCE);
          }}
        >
          {say(words.showMore(Math.min(left, AT_ONCE)))}
        </button>
      )}
    </div>
  );
}

const widthOf = (boxes: number): string => (boxes === 1 ? 'one' : boxes === 2 ? 'two' : 'many');

const shows: readonly (readonly [Wish['show'], Text])[] = [
  ['all', words.filterAll],
  ['sounding', words.filterOn],
  ['trouble', words.filterTrouble],
];

type WishesProps = Pick<CommunesProps, 'briefs' | 'wish' | 'setWish'>;

function Wishes({ briefs, wish, setWish }: WishesProps) {
  const say = useSay();
  const { boxes, sounding, trouble } = countsOf(briefs);
  const counts = { all: boxes, sounding, trouble };
  return (
    <div class="wishes">
      <div class="tabs" role="group" aria-label={say(words.filter)}>
        {shows.map(([show, text]) => (
          <button
            type="button"
            key={show}
            aria-pressed={wish.show === show}
            onClick={() => {
              setWish({ ...wish, show });
            }}
          >
            {say(text)} <b>{counts[show]}</b>
          </button>
        ))}
      </div>
      <input
        type="search"
        value={wish.search}
        placeholder={say(words.search)}
        aria-label={say(words.search)}
        onInput={({ currentTarget }) => {
          setWish({ ...wish, search: currentTarget.value });
        }}
      />
    </div>
  );
}
