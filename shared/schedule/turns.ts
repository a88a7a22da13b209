/** Pages of one priority take turns on a board, counted round from local midnight (architecture.md §3, Boards). */
import type { Candidate, ItemCandidate } from './intent.ts';
import { midnightsAround, zoneOf } from './zone.ts';

/** The page whose turn it is among `pages`, and when its turn ends. */
export interface Turn {
  readonly page: ItemCandidate;
  readonly pages: readonly Candidate[];
  readonly endsAt: number;
}

const durationOf = ({ item }: ItemCandidate): number =>
  item.source.kind === 'page' ? item.source.durationS : 0;

/** `sorted` is strongest first; null where the strongest is no page. Midnight is that of the strongest page's plan. */
export function turnOf(sorted: readonly Candidate[], at: number): Turn | null {
  const strongest = sorted[0];
  if (strongest?.kind !== 'item' || strongest.item.source.kind !== 'page') return null;
  // Among equal priorities the order of strength is the order of turns: area, start, id.
  const pages = sorted.filter((candidate) => isPageOf(candidate, strongest.item.priority));
  const zone = zoneOf(strongest.zone);
  if (zone === null) throw new Error(`a candidate of the unknown zone ${strongest.zone}`);
  const { passed, next } = midnightsAround(zone, at);
  const roundS = pages.reduce((sum, page) => sum + durationOf(page), 0);
  let turnStart = at - ((at - passed) % roundS);
  for (const page of pages) {
    const turnEnd = turnStart + durationOf(page);
    if (at < turnEnd) return { page, pages, endsAt: Math.min(turnEnd, next) };
    turnStart = turnEnd;
  }
  throw new Error('a round of pages ends before it ends');
}

function isPageOf(candidate: Candidate, priority: number): candidate is ItemCandidate {
  return (
    candidate.kind === 'item' && candidate.item.source.kind === 'page' && candidate.item.priority === priority
  );
}
