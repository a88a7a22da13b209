/** Decides what a board shows and which text runs over it. */
import type { Media } from '../../shared/protocol/schema/media.ts';
import { occurrenceOf } from '../../shared/schedule/intent.ts';
import type { Candidate } from '../../shared/schedule/intent.ts';
import type { Track } from '../devices/player/seam.ts';
import type { View } from '../devices/screen/seam.ts';
import type { Action, Decision, Scene, ScreenMemory } from './scene.ts';
import { keepRecords } from './screen-records.ts';
import { isOver, placeAt } from './stretch.ts';
import type { Content } from './stretch.ts';

type Face = { readonly key: string; readonly view: View; readonly shas: readonly string[] };

const NOTHING: Face = { key: 'nothing', view: { kind: 'nothing' }, shas: [] };
/** protocol C6: the board says why it is empty. */
const NO_TIME: Face = { key: 'no-time', view: { kind: 'no-time' }, shas: [] };

const isTimeless = ({ reading }: Scene): boolean => reading.state === 'FLOOR' && reading.byRadio !== true;

export function decideScreen(scene: Scene, memory: ScreenMemory): Decision<ScreenMemory> {
  if (scene.screen === null) return { actions: [], memory };
  const face = faceOf(scene, scene.intent.screen.winner);
  const text = tickerText(scene.intent.ticker.winner);
  const kept = keepRecords(scene, memory.open);
  return {
    actions: [...show(scene, memory, face), ...run(scene, memory, text), ...kept.actions],
    memory: { key: face.key, ticker: text, open: kept.memory },
  };
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
  if (winner === null) return isTimeless(scene) ? NO_TIME : NOTHING;
  const key = occurrenceOf(winner);
  switch (winner.kind) {
    case 'order': {
      const { text, title } = winner.order.play;
      const words = text ?? title;
      return words === null ? NOTHING : { key, view: { kind: 'alert', text: words }, shas: [] };
    }
    case 'local-test':
      return winner.test.work.kind === 'screen'
        ? { key, view: { kind: 'test', caption: winner.test.work.caption }, shas: [] }
        : NOTHING;
    case 'item':
      return itemFace(scene, winner, key);
    case 'fallback':
      return NOTHING;
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
  const [first, ...rest] = source.play.length === 1 ? source.play.map(aloneOf) : source.play.map(trackOf);
  if (first === undefined) return NOTHING;
  const list = { kind: 'list', pieces: [first, ...rest], passes: source.repeat } as const satisfies Content;
  const fromMs = item.late === 'join' ? Math.max(0, scene.reading.nowMs - window.start * 1000) : 0;
  if (isOver(list, fromMs)) return NOTHING;
  const { index, offsetMs, passes } = placeAt(list, fromMs);
  const view: View = { kind: 'media', tracks: [first, ...rest], startIndex: index, offsetMs, passes };
  return { key, view, shas: source.play.map(({ sha256 }) => sha256) };
}

/** A picture alone shows until its window ends. */
function aloneOf({ sha256, durMs }: Media): Track {
  return { uri: `media:${sha256}`, sha256, durationMs: durMs === 0 ? null : durMs };
}

/** A picture in a list shows for ten seconds (architecture §3). */
const PICTURE_MS = 10_000;

function trackOf({ sha256, durMs }: Media): Track {
  return { uri: `media:${sha256}`, sha256, durationMs: durMs === 0 ? PICTURE_MS : durMs };
}
