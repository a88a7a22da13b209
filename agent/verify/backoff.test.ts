import { expect, it } from 'vitest';
import { Backoff } from './backoff.ts';

const flood = (backoff: Backoff, channel: string, upMs: number): void => {
  for (let i = 0; i < 21; i++) backoff.noteMalformed(channel, upMs);
};

/** How long it is off from `upMs` on, in minutes. */
function offMinutes(backoff: Backoff, channel: string, upMs: number): number {
  let minutes = 0;
  while (backoff.isOff(channel, upMs + minutes * 60_000)) minutes++;
  return minutes;
}

it('a channel that floods again and again is off for 1, 2, 4, 8, 10, 10 minutes', () => {
  const backoff = new Backoff();
  const lengths: number[] = [];
  let upMs = 5;
  for (let time = 0; time < 6; time++) {
    flood(backoff, 'mqtt', upMs);
    lengths.push(offMinutes(backoff, 'mqtt', upMs));
    upMs += (lengths.at(-1) ?? 0) * 60_000;
  }
  expect(lengths).toEqual([1, 2, 4, 8, 10, 10]);
});

it('a channel that behaved for ten minutes begins anew', () => {
  const backoff = new Backoff();
  flood(backoff, 'mqtt', 0);
  flood(backoff, 'mqtt', 60_000);
  flood(backoff, 'mqtt', 60_000 + 120_000 + 600_000);
  expect(offMinutes(backoff, 'mqtt', 780_000)).toBe(1);
});

it('malformed ones count within one second, wherever it begins', () => {
  const backoff = new Backoff();
  for (let i = 0; i < 200; i++) backoff.noteMalformed('mqtt', i * 50);
  expect(backoff.isOff('mqtt', 10_000)).toBe(false);
  for (let i = 0; i < 30; i++) backoff.noteMalformed('mqtt', 20_500 + i * 40);
  expect(backoff.isOff('mqtt', 21_700)).toBe(true);
  expect(backoff.isOff('http', 21_700)).toBe(false);
});
