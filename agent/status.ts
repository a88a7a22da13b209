/** What the box says of itself, from one tick: for `loa status`, for the fleet page, and in the words of `explain`. */
import { LAYERS, nameOf, occurrenceOf, titleOf } from '../shared/schedule/intent.ts';
import type { Intent, Layer, Verdict } from '../shared/schedule/intent.ts';
import { resolve } from '../shared/schedule/resolve.ts';
import type { Situation } from '../shared/schedule/resolve.ts';
import { explain } from '../shared/schedule/words.ts';
import type { ComingUp, LayerNow } from '../shared/wire/status.ts';
import type { TickView } from './agent.ts';

/** How many changes ahead are told, and how many instants are looked at to find them. */
const COMING = 6;
const LOOKS = 50;

export function layersNow(view: TickView): Readonly<Record<Layer, LayerNow>> {
  const now = (layer: Layer): LayerNow => ({
    ...layerNow(layer === 'sound' ? soundNow(view) : view.intent[layer]),
    active: isActive(view, layer),
    over: layer === 'sound' && isOver(view),
  });
  return { sound: now('sound'), screen: now('screen'), ticker: now('ticker') };
}

/** Fallback is no intent that was signed for this instant, but it is what people hear. */
function soundNow({ memory, intent }: Pick<TickView, 'memory' | 'intent'>): Verdict {
  const candidate = memory.sound.current?.stretch.candidate;
  if (candidate?.kind !== 'fallback' || intent.sound.winner !== null) return intent.sound;
  return { ...intent.sound, winner: candidate, rule: 'only-one' };
}

function layerNow(verdict: Verdict): Omit<LayerNow, 'active' | 'over'> {
  const { winner, rule, until } = verdict;
  return {
    winner: nameOf(winner),
    title: winner === null ? null : titleOf(winner),
    rule,
    why: { vi: explain(verdict, 'vi'), en: explain(verdict, 'en') },
    untilAtMs: until === null ? null : until * 1000,
  };
}

/** What the devices say, whatever was wanted. */
function isActive({ scene, memory, intent }: TickView, layer: Layer): boolean {
  const { winner } = layer === 'sound' ? soundNow({ memory, intent }) : intent[layer];
  if (winner === null) return false;
  if (layer === 'ticker') return scene.screen?.ticker != null;
  if (layer === 'screen')
    return scene.screen?.state === 'showing' && scene.screen.key?.split('~')[0] === occurrenceOf(winner);
  const current = memory.sound.current?.stretch;
  if (current === undefined || current.occurrence !== occurrenceOf(winner)) return false;
  if (current.content.kind === 'tuner') return scene.tuner?.state === 'tuned' && !scene.tuner.muted;
  return scene.player?.state === 'playing' && scene.player.moving;
}

function isOver({ memory, intent }: TickView): boolean {
  const { winner } = intent.sound;
  return winner !== null && memory.sound.heard.get(occurrenceOf(winner))?.state === 'finished';
}

const known = new WeakMap<Intent, readonly ComingUp[]>();

/** The next changes of winner, soonest first; pages in turn are no news. Once for each intent: it costs fifty ticks. */
export function comingUp(situation: Situation, from: Intent): ComingUp[] {
  const coming = known.get(from) ?? lookAhead(situation, from);
  known.set(from, coming);
  return [...coming];
}

function lookAhead(situation: Situation, from: Intent): ComingUp[] {
  const coming: ComingUp[] = [];
  let before = from;
  for (let look = 0; look < LOOKS && coming.length < COMING; look += 1) {
    const at = nextChange(before);
    if (at === null) break;
    const after = resolve(situation, at);
    for (const layer of LAYERS) {
      const { winner, rule } = after[layer];
      const isNew = nameOf(winner) !== nameOf(before[layer].winner);
      if (isNew && winner !== null && rule !== 'turn-of-pages' && coming.length < COMING)
        coming.push({ layer, atMs: at * 1000, winner: nameOf(winner), title: titleOf(winner) });
    }
    before = after;
  }
  return coming;
}

function nextChange({ at, sound, screen, ticker }: Intent): number | null {
  const later = [sound.until, screen.until, ticker.until].filter((until) => until !== null && until > at);
  return later.length === 0 ? null : Math.min(...later.map(Number));
}
