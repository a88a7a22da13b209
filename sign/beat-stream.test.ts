import { beforeAll, describe, expect, test } from 'vitest';
import { houseWords, intact } from '../agent/devices/tuner/rds-encoder.fixture.ts';
import { hearGroup, nothingHeard } from '../agent/devices/tuner/rds.ts';
import { beginOf } from '../shared/protocol/fm/beat-frame.ts';
import { checkBeat } from '../shared/protocol/fm/beat.ts';
import type { BeatCode, LastBeat } from '../shared/protocol/fm/beat.ts';
import { hear } from '../shared/protocol/fm/segments.ts';
import type { Heard } from '../shared/protocol/fm/segments.ts';
import { beatAt, follow } from './beat-stream.ts';
import { anchorsOf, dayOfChain, newHeartbeat } from './heartbeat.ts';
import { groupsText } from './render/groups.ts';
import { seedsOf } from './seeds.ts';
import type { Seeds } from './seeds.ts';
import { valueOf } from './text.ts';

const T0 = 1_795_453_200;
const of = { prov: 'vn56', area: '56', frequencyKhz: 101_900, pi: 'd3c1', t0: T0 };

let seeds: Seeds;
let beat: { t0: number; chain: string; anchors: Record<string, string> };
beforeAll(() => {
  const secret = newHeartbeat(of);
  const { chain } = secret;
  seeds = seedsOf(
    { ...of, chain },
    [1, 2].map((day) => dayOfChain(secret, day)),
  );
  beat = { t0: T0, chain, anchors: anchorsOf(secret, { first: 1, last: 3 }) };
});

/** What a box at `boxS` makes of the lines that a station printed: encoder, air, decoder, segments, check. */
function heardBy(
  last: LastBeat | null,
  lines: string,
  boxS: number,
  chain = beat,
): { code: BeatCode | null; last: LastBeat | null } {
  let heard: Heard = new Map();
  let [rds, code]: [typeof nothingHeard, BeatCode | null] = [nothingHeard, null];
  for (const line of lines.trim().split('\n').slice(1)) {
    const [, segment, ...blocks] = line.split(' ');
    const words = houseWords({ pi: 0xd3c1, pty: 1 }, Number(segment), Buffer.from(blocks.join(''), 'hex'));
    const group = hearGroup(rds, intact(words));
    rds = group.heard;
    if (group.segment === null) continue;
    const next = hear(heard, group.segment.segment, group.segment.data, 0);
    heard = next.heard;
    if (next.frame === null) continue;
    ({ code, last } = checkBeat(next.frame.bytes, chain, { state: 'SYNCED', now: boxS, u: 2 }, last));
  }
  return { code, last };
}
const printedAt = (now: number): string =>
  groupsText({ kind: 'beat', bytes: valueOf(beatAt(seeds, now)).bytes });

describe('what a station prints from its seeds', () => {
  test('H9 is a living heartbeat to a box, beat by beat, also over midnight', () => {
    let last: LastBeat | null = null;
    const midnight = beginOf(T0, 2);
    for (let now = midnight - 95; now < midnight + 95; now += 30) {
      const heard = heardBy(last, printedAt(now), now);
      expect(heard.code, `${now - midnight} s from midnight`).toBe('OK');
      last = heard.last;
    }
    expect(last).toMatchObject({ day: 2, interval: 2 });
  });

  test('H3 H4 is early or stale to a box where the clock of the station is wrong by a minute', () => {
    const now = beginOf(T0, 2) + 12;
    expect(heardBy(null, printedAt(now + 60), now).code).toBe('EARLY');
    expect(heardBy(null, printedAt(now - 60), now).code).toBe('STALE');
    // A beat may be on its way for a while.
    expect(heardBy(null, printedAt(now - 30), now).code).toBe('OK');
  });

  test('H2 is forged to a box of another chain and has no anchor where none was signed', () => {
    const now = beginOf(T0, 2) + 12;
    const lines = printedAt(now);
    const other = newHeartbeat(of).chain;
    expect(heardBy(null, lines, now, { ...beat, chain: other }).code).toBe('FORGED');
    expect(heardBy(null, lines, now, { ...beat, anchors: {} }).code).toBe('NO_ANCHOR');
  });

  test('is nothing before the first and after the last of its days', () => {
    for (const [now, why] of [
      [beginOf(T0, 1) - 1, 'begin at 25/11/2026 00:00'],
      [beginOf(T0, 3), 'ended at 27/11/2026 00:00'],
    ] as const)
      expect(beatAt(seeds, now)).toMatchObject({
        ok: false,
        why: { en: expect.stringContaining(why) as string },
      });
    expect(beatAt(seeds, beginOf(T0, 3) - 1).ok).toBe(true);
  });
});

test('a feed tells each half minute once, by a clock that is set meanwhile too, and ends with the seeds', async () => {
  const end = beginOf(T0, 3);
  let nowMs = (end - 125) * 1000 + 400;
  const told: number[] = [];
  let waits = 0;
  const wait = (ms: number): Promise<void> => {
    waits += 1;
    // The second timer comes a moment early, and after the third somebody sets the clock back by a minute.
    nowMs += waits === 2 ? ms - 1 : waits === 3 ? ms - 60_000 : ms;
    return Promise.resolve();
  };
  const ended = await follow(seeds, { nowMs: () => nowMs, wait }, ({ fromS }) => told.push(end - fromS));
  expect(ended).toMatchObject({ ok: false, why: { en: expect.stringContaining('ended at') as string } });
  expect(told).toEqual([150, 120, 150, 120, 90, 60, 30]);
});
