/** Decides what a board shows and which text runs over it, and keeps one open record for each occurrence on show. */
import { occurrenceOf } from '../../shared/schedule/intent.ts';
import type { Candidate, Layer, Verdict } from '../../shared/schedule/intent.ts';
import type { EndCause } from '../../shared/records/record.ts';
import type { View } from '../devices/screen/seam.ts';
import { openRecord } from './records.ts';
import type { Action, Scene, ScreenMemory, Shown, Turn } from './scene.ts';
import { isOver, placeAt } from './stretch.ts';
import type { Content } from './stretch.ts';

type Face = { readonly key: string; readonly view: View; readonly shas: readonly string[] };

const NOTHING: Face = { key: 'nothing', view: { kind: 'nothing' }, shas: [] };

export function decideScreen(scene: Scene, memory: ScreenMemory): Turn<ScreenMemory> {
  if (scene.screen === null) return { actions: [], memory };
  const winner = scene.muted === null ? scene.intent.screen.winner : null;
  const face = faceOf(scene, winner);
  const text = scene.muted === null ? tickerText(scene.intent.ticker.winner) : null;
  return keepRecords(scene, { ...memory, key: face.key, ticker: text }, [
    ...show(scene, memory, face),
    ...run(scene, memory, text),
  ]);
}

/** Shown again where the board came back without it. */
function show({ screen, faults }: Scene, memory: ScreenMemory, { key, view, shas }: Face): Action[] {
  if (screen === null || screen.state === 'absent') return [];
  const isShown = memory.key === key && screen.key === key && !faults.has(key);
  return isShown ? [] : [{ kind: 'show', key, view, shas }];
}

function run({ screen }: Scene, memory: ScreenMemory, text: string | null): Action[] {
  if (screen === null || screen.state === 'absent') return [];
  return memory.ticker === text && screen.ticker === text ? [] : [{ kind: 'ticker', text }];
}

function tickerText(winner: Candidate | null): string | null {
  return winner?.kind === 'item' && winner.item.source.kind === 'ticker' ? winner.item.source.text : null;
}

/** What this candidate looks like; `nothing` for whatever has no picture here, or not any more. */
function faceOf(scene: Scene, winner: Candidate | null): Face {
  if (winner === null) return NOTHING;
  const key = occurrenceOf(winner);
  switch (winner.kind) {
    case 'order': {
      const { text, title } = winner.order.play;
      const words = text ?? title;
      return words === null ? NOTHING : { key, view: { kind: 'alert', text: words }, shas: [] };
    }
    case 'local-test':
      return { key, view: { kind: 'alert', text: winner.test.id }, shas: [] };
    case 'item':
      return itemFace(scene, winner, key);
  }
}

function itemFace(scene: Scene, { item, window }: Extract<Candidate, { kind: 'item' }>, key: string): Face {
  const { source } = item;
  if (source.kind === 'page') {
    const { template, title, body, image } = source;
    const hasImage = image !== null && scene.has(image.sha256);
    const imagePath = hasImage ? `media:${image.sha256}` : null;
    // The key changes when the picture arrives: the page is drawn anew with it.
    const drawn = image !== null && !hasImage ? `${key}~no-picture` : key;
    const view: View = { kind: 'page', page: { template, title, body, imagePath } };
    return { key: drawn, view, shas: hasImage ? [image.sha256] : [] };
  }
  if (source.kind !== 'media' || !source.play.every(({ sha256 }) => scene.has(sha256))) return NOTHING;
  const [first, ...rest] = source.play.map(trackOf);
  if (first === undefined) return NOTHING;
  const list = { kind: 'list', pieces: [first, ...rest], passes: source.repeat } as const satisfies Content;
  const fromMs = item.late === 'join' ? Math.max(0, scene.reading.nowMs - window.start * 1000) : 0;
  if (isOver(list, fromMs)) return NOTHING;
  const { index, offsetMs, passes } = placeAt(list, fromMs);
  const view: View = { kind: 'media', tracks: [first, ...rest], startIndex: index, offsetMs, passes };
  return { key, view, shas: source.play.map(({ sha256 }) => sha256) };
}

/** A picture in a list shows for ten seconds (architecture §3). */
const PICTURE_MS = 10_000;

function trackOf({ sha256, durMs }: { readonly sha256: string; readonly durMs: number }) {
  return { uri: `media:${sha256}`, sha256, durationMs: durMs === 0 ? PICTURE_MS : durMs };
}

// --- Records: one open record an occurrence, however often a page has its turn ---

const LAYERS = [
  ['screen', 'screen'],
  ['ticker', 'ticker'],
] as const satisfies readonly (readonly [Layer, 'screen' | 'ticker'])[];

function keepRecords(scene: Scene, memory: ScreenMemory, actions: readonly Action[]): Turn<ScreenMemory> {
  const open = new Map(memory.open);
  const written: Action[] = [];
  for (const [layer, surface] of LAYERS) {
    const verdict = scene.intent[layer];
    for (const [occurrence, shown] of memory.open) {
      if (shown.record.surface !== surface) continue;
      const counted = count(scene, shown, occurrence, verdict);
      const cause = endOf(scene, occurrence, verdict);
      if (cause === null) open.set(occurrence, counted);
      else {
        open.delete(occurrence);
        written.push({ kind: 'end', key: occurrence, record: close(scene, counted, cause) });
      }
    }
    const started = startOf(scene, surface, verdict, open);
    if (started !== null) {
      open.set(started.occurrence, started.shown);
      written.push({ kind: 'begin', key: started.occurrence, record: started.shown.record });
    }
  }
  return { actions: [...actions, ...written], memory: { ...memory, open } };
}

function startOf(
  scene: Scene,
  surface: 'screen' | 'ticker',
  { winner }: Verdict,
  open: ScreenMemory['open'],
) {
  if (winner === null || scene.muted !== null || !hasFace(winner)) return null;
  const occurrence = occurrenceOf(winner);
  if (open.has(occurrence) || !isVisible(scene, surface, occurrence)) return null;
  const { nowMs } = scene.reading;
  const plannedAtMs =
    winner.kind === 'item'
      ? winner.window.start * 1000
      : winner.kind === 'order'
        ? winner.dueAt * 1000
        : nowMs;
  const startCause =
    winner.kind === 'item'
      ? nowMs - plannedAtMs > 2000
        ? 'join'
        : 'planned'
      : winner.kind === 'order'
        ? 'order'
        : 'test';
  const start = {
    surface,
    candidate: winner,
    plannedAtMs,
    startedAtMs: nowMs,
    fromMs: 0,
    startCause,
    shas: [],
    volume: 0,
    reason: null,
  } as const;
  return { occurrence, shown: { record: openRecord(start, scene.reading), sinceMs: nowMs, shownMs: 0 } };
}

/** A halt shows nothing, so there is nothing to record of it. */
function hasFace(candidate: Candidate): boolean {
  return candidate.kind !== 'order' || (candidate.order.play.text ?? candidate.order.play.title) !== null;
}

function isVisible({ screen }: Scene, surface: 'screen' | 'ticker', occurrence: string): boolean {
  if (screen === null) return false;
  return surface === 'ticker' ? screen.ticker !== null : screen.key?.startsWith(occurrence) === true;
}

/** Adds the time since the last look if it was on show then. */
function count(scene: Scene, shown: Shown, occurrence: string, { winner }: Verdict): Shown {
  const { nowMs } = scene.reading;
  const isOn =
    winner !== null &&
    occurrenceOf(winner) === occurrence &&
    isVisible(scene, shown.record.surface === 'ticker' ? 'ticker' : 'screen', occurrence);
  const shownMs = shown.shownMs + (shown.sinceMs === null ? 0 : nowMs - shown.sinceMs);
  const screenshotSha256 = isOn ? (scene.screen?.screenshotSha256 ?? null) : null;
  const evidence = {
    ...shown.record.evidence,
    screenshotSha256: screenshotSha256 ?? shown.record.evidence.screenshotSha256,
  };
  return { record: { ...shown.record, evidence }, sinceMs: isOn ? nowMs : null, shownMs };
}

/** Why it is over, or null while its turn may come again. */
function endOf(scene: Scene, occurrence: string, { winner, losers }: Verdict): EndCause | null {
  if (scene.muted !== null) return 'cut';
  if (winner !== null && occurrenceOf(winner) === occurrence) return null;
  const loser = losers.find(({ candidate }) => occurrenceOf(candidate) === occurrence);
  if (loser === undefined) return occurrence.startsWith('order:') ? 'finished' : 'window';
  return loser.rule === 'turn-of-pages' ? null : 'cut';
}

function close({ reading, screen }: Scene, { record, shownMs }: Shown, endCause: EndCause): Shown['record'] {
  const evidence = { ...record.evidence, output: screen?.output ?? null, clockMovedMs: Math.round(shownMs) };
  return {
    ...record,
    endedAtMs: Math.round(reading.nowMs),
    playedMs: Math.round(shownMs),
    endCause,
    evidence,
  };
}
