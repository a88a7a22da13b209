/** What a station's encoder is fed: the frame of each half minute, from the seeds of a week. Nothing else is needed for it. */
import { beatFrame, beginOf, momentOf } from '../shared/protocol/fm/beat-frame.ts';
import { INTERVAL_S } from '../shared/protocol/fm/beat.ts';
import { MESSAGES } from './messages.ts';
import { knownZone, moment } from './render/line.ts';
import type { Seeds } from './seeds.ts';
import { done } from './text.ts';
import type { Outcome } from './text.ts';

/** `fromS`: when its half minute began, in UTC seconds. */
export type Beat = { readonly bytes: Uint8Array; readonly fromS: number };

/** Local time of people, for the day that begins there. */
const at = (seeds: Seeds, day: number): string => moment(knownZone(), beginOf(seeds.t0, day));
export const endOf = (seeds: Seeds): string => at(seeds, (seeds.days.at(-1)?.day ?? 0) + 1);

export function beatAt(seeds: Seeds, now: number): Outcome<Beat> {
  const { day, interval } = momentOf(seeds.t0, now);
  const own = seeds.days.find((each) => each.day === day);
  const first = seeds.days[0]?.day ?? 0;
  if (own === undefined)
    return {
      ok: false,
      why: day < first ? MESSAGES.seedsBegin(at(seeds, first)) : MESSAGES.seedsOver(endOf(seeds)),
    };
  const bytes = beatFrame({ chain: seeds.chain, day, seed: own.seed }, interval);
  return done({ bytes, fromS: beginOf(seeds.t0, day) + interval * INTERVAL_S });
}

/** The world of `follow`: a clock in milliseconds, and a way to wait. */
type Around = { readonly nowMs: () => number; readonly wait: (ms: number) => Promise<void> };

/** Each frame once, when its half minute begins, by whatever the clock then says; the answer is why no other follows. */
export async function follow(
  seeds: Seeds,
  { nowMs, wait }: Around,
  tell: (beat: Beat) => void,
): Promise<Outcome<never>> {
  let told: number | null = null;
  for (;;) {
    const beat = beatAt(seeds, Math.floor(nowMs() / 1000));
    if (!beat.ok) return beat;
    // A timer may come a moment early.
    if (beat.value.fromS !== told) tell(beat.value);
    told = beat.value.fromS;
    await wait(Math.max(1, (told + INTERVAL_S) * 1000 - nowMs()));
  }
}
