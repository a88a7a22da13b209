/** The whole fleet as the page lays it out: communes with their boxes, the counts of the header, and what is asked to be seen. */
import type { Text } from '../../../shared/messages/text.ts';
import type { BoxView } from '../../../shared/wire/fleet.ts';
import type { Brief } from './brief.ts';
import { placeName } from './places.ts';
import type { Places } from './places.ts';
import type { Tone } from './tone.ts';
import { worstTone } from './tone.ts';

export type Commune = {
  readonly area: string | null;
  readonly name: Text;
  readonly briefs: readonly Brief[];
};

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

const isTroubled = ({ tone }: Brief): boolean => tone === 'amber' || tone === 'red';

export function countsOf(briefs: readonly Brief[]): Counts {
  const inState = (state: BoxView['link']['state']): number =>
    briefs.filter(({ box }) => box.link.state === state).length;
  return {
    boxes: briefs.length,
    ...{ online: inState('online'), silent: inState('silent'), never: inState('never') },
    sounding: briefs.filter(({ isSounding }) => isSounding).length,
    trouble: briefs.filter(isTroubled).length,
    tone: worstTone(briefs.map(({ tone }) => tone)),
  };
}

export function wished(briefs: readonly Brief[], { show, search }: Wish): readonly Brief[] {
  const sought = plain(search.trim());
  return briefs
    .filter((brief) => show === 'all' || (show === 'trouble' ? isTroubled(brief) : brief.isSounding))
    .filter(
      ({ place, box }) => sought === '' || plain(`${place.vi} ${place.en} ${box.dev}`).includes(sought),
    );
}

/** Without marks and case: names change between Hòa and Hoà, and people type neither. */
export const plain = (words: string): string =>
  words.normalize('NFD').replaceAll(/\p{M}/gu, '').replaceAll(/[đĐ]/g, 'd').toLowerCase();

/** In the order of their boxes. */
export function communesOf(briefs: readonly Brief[], places: Places): readonly Commune[] {
  const byArea = Map.groupBy(briefs, ({ box }) => box.area);
  return [...byArea].map(([area, ofArea]) => ({ area, name: placeName(places, area), briefs: ofArea }));
}
