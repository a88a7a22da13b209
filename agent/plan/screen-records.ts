/** Keeps one open record for each occurrence that a board has on show, however often a page has its turn. */
import type { EndCause, StartCause } from '../../shared/records/record.ts';
import { occurrenceOf } from '../../shared/schedule/intent.ts';
import type { Candidate, OrderCandidate, Verdict } from '../../shared/schedule/intent.ts';
import { openRecord, plannedAt } from './records.ts';
import { repetitionOver } from './scene.ts';
import type { Action, Decision, Scene, ScreenMemory, Shown } from './scene.ts';

type Open = ScreenMemory['open'];
type BoardLayer = 'screen' | 'ticker';

/** A board has no sound whose end would end an order's repetition: it shows so long at least. */
const ORDER_SHOWN_MS = 60_000;

/** Who comes into view later than this was joined, not begun. */
const PUNCTUAL_MS = 2000;

export function keepRecords(scene: Scene, open: Open): Decision<Open> {
  const screen = keepLayer(scene, 'screen', open);
  const ticker = keepLayer(scene, 'ticker', screen.memory);
  return { actions: [...screen.actions, ...ticker.actions], memory: ticker.memory };
}

function keepLayer(scene: Scene, layer: BoardLayer, open: Open): Decision<Open> {
  const followed = follow(scene, layer, open);
  const { winner } = scene.intent[layer];
  if (winner === null || !isOnShow(scene, layer, winner)) return followed;
  const occurrence = occurrenceOf(winner);
  if (followed.memory.has(occurrence)) return followed;
  const shown = startOf(scene, layer, winner);
  return {
    actions: [...followed.actions, { kind: 'begin', key: occurrence, record: shown.record }],
    memory: new Map(followed.memory).set(occurrence, shown),
  };
}

/** Counts what is on show and closes what is over. */
function follow(scene: Scene, layer: BoardLayer, open: Open): Decision<Open> {
  const verdict = scene.intent[layer];
  const kept = new Map<string, Shown>();
  const actions: Action[] = [];
  for (const [occurrence, shown] of open) {
    const isMine = shown.record.surface === layer;
    const counted = isMine ? count(scene, layer, occurrence, shown) : shown;
    const cause = isMine ? endOf(occurrence, verdict) : null;
    if (cause === null) kept.set(occurrence, counted);
    else actions.push({ kind: 'end', key: occurrence, record: close(scene, counted, cause) });
    if (isMine && layer === 'screen') actions.push(...orderShown(scene, occurrence, counted));
  }
  return { actions, memory: kept };
}

/** Closes all that is open: the agent goes, or the time does. */
export function concludeRecords(scene: Scene, open: Open, cause: EndCause): Decision<Open> {
  const actions = [...open].map(([key, shown]): Action => ({
    kind: 'end',
    key,
    record: close(scene, shown, cause),
  }));
  return { actions, memory: new Map() };
}

function startOf(scene: Scene, surface: BoardLayer, candidate: Candidate): Shown {
  const { nowMs } = scene.reading;
  const startCause = causeOf(candidate, nowMs - plannedAt(candidate));
  const noSound = { fromMs: 0, shas: [], volume: 0, reason: null };
  const start = { ...noSound, surface, candidate, startedAtMs: nowMs, startCause };
  return { record: openRecord(start, scene.reading), sinceMs: nowMs, shownMs: 0 };
}

function causeOf(candidate: Candidate, lateMs: number): StartCause {
  if (candidate.kind === 'order') return 'order';
  if (candidate.kind === 'local-test') return 'test';
  return lateMs > PUNCTUAL_MS ? 'join' : 'planned';
}

/** The board says that it shows this candidate; a picture may come later, then the key has a suffix. */
function isOnShow({ screen }: Scene, layer: BoardLayer, candidate: Candidate): boolean {
  if (screen === null) return false;
  if (layer === 'ticker') return screen.ticker !== null;
  return screen.key !== null && screen.key.split('~')[0] === occurrenceOf(candidate);
}

/** Adds the time since the last look if it was on show then. */
function count(scene: Scene, layer: BoardLayer, occurrence: string, shown: Shown): Shown {
  const { nowMs } = scene.reading;
  const { winner } = scene.intent[layer];
  const isOn = winner !== null && occurrenceOf(winner) === occurrence && isOnShow(scene, layer, winner);
  const shownMs = shown.shownMs + (shown.sinceMs === null ? 0 : nowMs - shown.sinceMs);
  const seen = isOn && layer === 'screen' ? (scene.screen?.screenshotSha256 ?? null) : null;
  const before = shown.record.evidence;
  const evidence = { ...before, screenshotSha256: seen ?? before.screenshotSha256 };
  return { record: { ...shown.record, evidence }, sinceMs: isOn ? nowMs : null, shownMs };
}

/** Why it is over, or null while its turn may come again. */
function endOf(occurrence: string, { winner, losers }: Verdict): EndCause | null {
  if (winner !== null && occurrenceOf(winner) === occurrence) return null;
  const loser = losers.find(({ candidate }) => occurrenceOf(candidate) === occurrence);
  if (loser === undefined) return occurrence.startsWith('order:') ? 'finished' : 'window';
  return loser.rule === 'turn-of-pages' ? null : 'cut';
}

function close({ reading, screen }: Scene, { record, shownMs }: Shown, endCause: EndCause): Shown['record'] {
  const playedMs = Math.round(shownMs);
  const evidence = { ...record.evidence, output: screen?.output ?? null, clockMovedMs: playedMs };
  return { ...record, endedAtMs: Math.round(reading.nowMs), playedMs, endCause, evidence };
}

/** On a board without sound a repetition is over when it was long enough on show. */
function orderShown({ player, intent }: Scene, occurrence: string, { shownMs }: Shown): Action[] {
  const { winner } = intent.screen;
  if (player !== null || winner?.kind !== 'order' || occurrenceOf(winner) !== occurrence) return [];
  return shownMs < orderShownMs(winner) ? [] : [repetitionOver(winner)];
}

function orderShownMs({ order: { play } }: OrderCandidate): number {
  return Math.max(ORDER_SHOWN_MS, (play.media?.durMs ?? 0) * play.plays);
}
