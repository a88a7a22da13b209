/** What an ear heard of a box, put beside what its plan and its records say. */
import type { Sounding } from '../../agent/sim/ear.ts';
import type { Box } from './box.ts';
import { placeAt } from './ruler.ts';
import { until } from './until.ts';

/** The ear needs so much of a sounding to tell its pitch. */
export const PITCH_MS = 150;

/** The next sounding after so many, once enough of it was heard to tell where in its ruler it began. */
export function nextSounding(box: Box, after: number): Promise<Sounding> {
  return until(`sounding ${after + 1} of ${box.name}`, () => {
    const sounding = box.ear.soundings()[after];
    return sounding !== undefined && sounding.lengthMs >= PITCH_MS ? sounding : null;
  });
}

/** Once this much of a sounding was heard. */
export async function heardFor(box: Box, index: number, lengthMs: number): Promise<void> {
  await until(`${lengthMs} ms of sounding ${index + 1} of ${box.name}`, () => {
    const sounding = box.ear.soundings()[index];
    return sounding !== undefined && sounding.lengthMs >= lengthMs;
  });
}

/** When a sounding was over; uptime milliseconds. */
export function endOf(box: Box, index: number): Promise<number> {
  return until(`the end of sounding ${index + 1} of ${box.name}`, () => box.ear.soundings()[index]?.toUpMs);
}

/** Where in its ruler a sounding began, less where it should have begun by the clock on the wall: milliseconds. */
export function offBy(sounding: Sounding, wallMinusUpMs: number, windowStartS: number): number {
  const shouldMs = sounding.fromUpMs + wallMinusUpMs - windowStartS * 1000;
  return placeAt(sounding.startHz) - shouldMs;
}
