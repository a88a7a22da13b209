import { createHmac } from 'node:crypto';
import { mkdtemp, readFile, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { anchorOf, beginOf } from '../shared/protocol/fm/beat-frame.ts';
import { daysToGive, longerBeat } from './beats.ts';
import { NOW } from './a-cast.fixture.ts';
import {
  anchorsOf,
  dayOfChain,
  heartbeatPath,
  keepHeartbeat,
  newHeartbeat,
  openHeartbeat,
} from './heartbeat.ts';
import type { Heartbeat } from './heartbeat.ts';
import { readSeeds, seedsOf } from './seeds.ts';
import { valueOf } from './text.ts';

const PASSPHRASE = 'bốn từ không liên quan';
/** Midnight in Vietnam, seven hours before the tests' now. */
const T0 = NOW - 7 * 3600;
const station = { frequencyKhz: 101_900, pi: 'd3c1' };

let secret: Heartbeat;
let anchors: Record<string, string>;
beforeAll(() => {
  secret = newHeartbeat({ ...station, t0: T0 });
  anchors = anchorsOf(secret, { first: 0, last: 9 });
});
const quiet = (): undefined => undefined;

describe('the secret of a heartbeat', () => {
  test('is sealed for its owner alone, opens again, and is never replaced', async () => {
    const home = await mkdtemp(join(tmpdir(), 'loa-sign-'));
    const path = valueOf(await keepHeartbeat(home, secret, PASSPHRASE, 2));
    expect(path).toBe(heartbeatPath(home, secret.chain));
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await stat(join(home, 'beats'))).mode & 0o777).toBe(0o700);
    expect(await readFile(path, 'utf8')).not.toContain(secret.secret);
    expect(valueOf(await openHeartbeat(home, secret.chain, PASSPHRASE))).toEqual(secret);
    expect(await openHeartbeat(home, secret.chain, `${PASSPHRASE}!`)).toMatchObject({ ok: false });
    expect(await keepHeartbeat(home, secret, PASSPHRASE, 2)).toMatchObject({ ok: false });
  });

  test('of another chain under this name is refused', async () => {
    const home = await mkdtemp(join(tmpdir(), 'loa-sign-'));
    const other = newHeartbeat({ ...station, t0: T0 });
    const path = valueOf(await keepHeartbeat(home, other, PASSPHRASE, 2));
    await writeFile(heartbeatPath(home, secret.chain), await readFile(path));
    expect(await openHeartbeat(home, secret.chain, PASSPHRASE)).toMatchObject({ ok: false });
  });

  test('gives each day of each chain a seed of its own, as it is written down', () => {
    const all = [0, 1, 256, 4095].map((day) => dayOfChain(secret, day).seed);
    expect(new Set(all).size).toBe(4);
    const other = { ...secret, chain: newHeartbeat({ ...station, t0: T0 }).chain };
    expect(dayOfChain(other, 0).seed).not.toBe(all[0]);
    const message = [
      Buffer.from('loa-fm-seed-v1\0'),
      Buffer.from(secret.chain, 'base64url'),
      Buffer.from([1, 0]),
    ];
    const mac = createHmac('sha256', Buffer.from(secret.secret, 'base64url')).update(Buffer.concat(message));
    expect(dayOfChain(secret, 256).seed).toBe(mac.digest().subarray(0, 16).toString('base64url'));
  });
});

describe('a heartbeat made longer', () => {
  const beat = () => ({ t0: T0, chain: secret.chain, anchors });

  test('drops the days that are over, keeps the others as they were, and goes on under the same chain', () => {
    const longer = valueOf(longerBeat(secret, beat(), { now: beginOf(T0, 8) + 1, days: 4 }, quiet));
    expect(Object.keys(longer.anchors).map(Number)).toEqual([8, 9, 10, 11]);
    expect(longer).toMatchObject({ t0: T0, chain: secret.chain });
    expect(longer.anchors['8']).toBe(anchors['8']);
    expect(longer.anchors['11']).toBe(anchorOf(dayOfChain(secret, 11)));
  });

  test('never becomes shorter, and never longer than an fmplan has room or days have numbers', () => {
    const short = valueOf(longerBeat(secret, beat(), { now: T0, days: 1 }, quiet));
    expect(Object.keys(short.anchors)).toHaveLength(10);
    const far = { ...beat(), anchors: { '200': 'A'.repeat(22) } };
    expect(longerBeat(secret, far, { now: beginOf(T0, 200), days: 1 }, quiet)).toMatchObject({ ok: false });
    const last = valueOf(
      longerBeat(secret, { ...beat(), anchors: {} }, { now: beginOf(T0, 4094), days: 92 }, quiet),
    );
    expect(Object.keys(last.anchors)).toEqual(['4094', '4095']);
  });

  test('is refused where the signed anchors are not of this secret', () => {
    const forged = { ...beat(), anchors: { ...anchors, '9': anchors['8'] ?? '' } };
    expect(longerBeat(secret, forged, { now: beginOf(T0, 9), days: 1 }, quiet)).toMatchObject({ ok: false });
  });
});

describe('seeds for a station', () => {
  const beat = () => ({ t0: T0, chain: secret.chain, anchors });
  const given = (now: number, days: number, skip = 0) => daysToGive(secret, beat(), { now, days, skip });
  const numbers = (now: number, days: number, skip = 0) =>
    valueOf(given(now, days, skip)).map(({ day }) => day);

  test('are of the next days and no other, as far as the signed anchors go', () => {
    expect(numbers(NOW, 7)).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(numbers(NOW, 2, 1)).toEqual([1, 2]);
    expect(numbers(beginOf(T0, 8), 7)).toEqual([8, 9]);
    expect(numbers(T0 - 3600, 7)).toEqual([0, 1, 2, 3, 4, 5]);
    for (const now of [beginOf(T0, 10), T0 - 8 * 86_400]) expect(given(now, 7)).toMatchObject({ ok: false });
  });

  test('are none where the signed anchors are of another secret', () => {
    const other = newHeartbeat({ ...station, t0: T0 });
    expect(
      daysToGive({ ...other, chain: secret.chain }, beat(), { now: NOW, days: 1, skip: 0 }),
    ).toMatchObject({
      ok: false,
      why: { en: expect.stringContaining('not of the secret') as string },
    });
  });

  test('are read back as they were written, and not with anything in them changed, missing or added', () => {
    const known = { prov: 'vn56', area: '56', ...station, t0: T0, chain: secret.chain };
    const seeds = seedsOf(known, valueOf(given(NOW, 2)));
    expect(seeds.days[0]).toMatchObject({
      ...{ day: 0, from: '2026-11-23T17:00:00Z', to: '2026-11-24T17:00:00Z' },
      ...{ fromLocal: '24/11/2026 00:00', toLocal: '25/11/2026 00:00' },
    });
    expect(valueOf(readSeeds(JSON.stringify(seeds)))).toEqual(seeds);
    const [first, second] = seeds.days;
    if (first === undefined || second === undefined) expect.unreachable();
    const eight = Array.from({ length: 8 }, (_, day) => dayOfChain(secret, day));
    for (const wrong of [
      { ...seeds, t0: T0 + 1 },
      { ...seeds, chain: newHeartbeat({ ...station, t0: T0 }).chain },
      { ...seeds, days: [{ ...first, seed: second.seed }, second] },
      { ...seeds, days: [{ ...first, to: first.from }, second] },
      { ...seeds, days: [second, first] },
      { ...seeds, days: [] },
      { ...seeds, secret: 1 },
      seedsOf(known, eight),
    ])
      expect(readSeeds(JSON.stringify(wrong))).toMatchObject({ ok: false });
  });
});
