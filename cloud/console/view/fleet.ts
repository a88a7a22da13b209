/** The whole fleet as the page lays it out: communes with their cards, the counts of the header, and what is asked to be seen. */
import type { Text } from '../../../shared/messages/text.ts';
import type { BoxView } from '../../../shared/wire/fleet.ts';
import type { Card } from './card.ts';
import { placeName } from './places.ts';
import type { Places } from './places.ts';
import type { Tone } from './tone.ts';
import { worstTone } from './tone.ts';

export type Commune = { readonly area: string | null; readonly name: Text; readonly cards: readonly Card[] };

export type Counts = {
  readonly boxes: number;
  readonly online: number;
  readonly silent: number;
  readonly never: number;
  readonly sounding: number;
  readonly trouble: number;
  readonly tone: Tone;
};

export type Wish = { readonly show: 'all' | 'sounding' | 'trouble'; readonly search: string };

const isTroubled = ({ tone }: Card): boolean => tone === 'amber' || tone === 'red';
const isSounding = ({ sound, isPast }: Card): boolean => !isPast && sound?.active === true;

export function countsOf(cards: readonly Card[]): Counts {
  const inState = (state: BoxView['link']['state']): number =>
    cards.filter(({ link }) => link.state === state).length;
  return {
    boxes: cards.length,
    ...{ online: inState('online'), silent: inState('silent'), never: inState('never') },
    sounding: cards.filter(isSounding).length,
    trouble: cards.filter(isTroubled).length,
    tone: worstTone(cards.map(({ tone }) => tone)),
  };
}

export function wished(cards: readonly Card[], { show, search }: Wish): readonly Card[] {
  const sought = plain(search.trim());
  return cards
    .filter((card) => show === 'all' || (show === 'trouble' ? isTroubled(card) : isSounding(card)))
    .filter(({ place, dev }) => sought === '' || plain(`${place.vi} ${place.en} ${dev}`).includes(sought));
}

/** Without marks and case: names change between Hòa and Hoà, and people type neither. */
export const plain = (words: string): string =>
  words.normalize('NFD').replaceAll(/\p{M}/gu, '').replaceAll(/[đĐ]/g, 'd').toLowerCase();

/** In the order of their cards. */
export function communesOf(cards: readonly Card[], places: Places): readonly Commune[] {
  const byArea = Map.groupBy(cards, ({ area }) => area);
  return [...byArea].map(([area, ofArea]) => ({ area, name: placeName(places, area), cards: ofArea }));
}
