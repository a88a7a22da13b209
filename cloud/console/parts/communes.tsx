/** The boxes, commune by commune, and what one may ask to see of them. */
import { useState } from 'preact/hooks';
import { consoleMessages as words } from '../../../shared/messages/console.ts';
import type { Text } from '../../../shared/messages/text.ts';
import type { ConsoleState } from '../state/state.ts';
import type { Card } from '../view/card.ts';
import { communesOf, countsOf, wished } from '../view/fleet.ts';
import type { Wish } from '../view/fleet.ts';
import { BoxCard } from './box-card.tsx';
import { Both, useSay } from './language.tsx';

type CommunesProps = {
  readonly state: ConsoleState;
  readonly cards: readonly Card[];
  readonly nowMs: number;
  readonly wish: Wish;
  readonly setWish: (wish: Wish) => void;
};

/** A province has thousands; a browser draws so many at once without waiting. */
const AT_ONCE = 60;

export function Communes({ state, cards, nowMs, wish, setWish }: CommunesProps) {
  const say = useSay();
  const [most, setMost] = useState(AT_ONCE);
  if (state.prov === null) return <div class="communes" />;
  const found = wished(cards, wish);
  const left = found.length - most;
  return (
    <div class="communes">
      <Wishes cards={cards} wish={wish} setWish={setWish} />
      {found.length === 0 && (
        <p class="empty">{say(cards.length === 0 ? words.noBoxes : words.noneOfThese)}</p>
      )}
      <div class="map">
        {communesOf(found.slice(0, most), state.places).map(({ area, name, cards: ofArea }) => (
          <section class={`commune ${widthOf(ofArea.length)}`} key={area ?? ''}>
            <h2>
              <Both text={name} />
            </h2>
            <div class="cards">
              {ofArea.map((card) => (
                <BoxCard key={card.dev} card={card} nowMs={nowMs} />
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

const widthOf = (cards: number): string => (cards === 1 ? 'one' : cards === 2 ? 'two' : 'many');

const shows: readonly (readonly [Wish['show'], Text])[] = [
  ['all', words.filterAll],
  ['sounding', words.filterOn],
  ['trouble', words.filterTrouble],
];

type WishesProps = Pick<CommunesProps, 'cards' | 'wish' | 'setWish'>;

function Wishes({ cards, wish, setWish }: WishesProps) {
  const say = useSay();
  const { boxes, sounding, trouble } = countsOf(cards);
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
