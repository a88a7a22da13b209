import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as province from '../shared/protocol/a-province.fixture.ts';
import { toBase64url } from '../shared/protocol/bytes.ts';
import { hashDown } from '../shared/protocol/fm/beat.ts';
import type { Fmplan } from '../shared/protocol/schema/documents.ts';
import type { ClockReading } from './clock/seam.ts';
import type { RdsClock, RdsSegment, TunerObserved } from './devices/tuner/seam.ts';
import { Listening } from './listening.ts';
import { somewhere } from './store/a-box.fixture.ts';
import { SqliteStore } from './store/sqlite-store.ts';

const T0 = province.NOW - 10 * 86_400;
const DAY = 10;
const CHAIN = toBase64url(new Uint8Array(16).fill(7));
const SEED = toBase64url(new Uint8Array(createHash('sha256').update('seed').digest().subarray(0, 16)));
const keyOf = (interval: number) => hashDown(CHAIN, DAY, 2879, interval, SEED);

const fmplan: Fmplan = {
  ...{ typ: 'fmplan', v: 1, prov: 'vn56', id: 'fmplan:56', epoch: 1, ver: 1, area: '56' },
  ...{ iat: 0, exp: 9e9, mode: 'beat', windows: [], dailyMaxMin: 60, volume: 60, orderKeys: [] },
  stations: [
    {
      ...{ frequencyKhz: 101_900, pi: 'd3c1', rssiMin: 20, rssiMax: 80 },
      beat: { t0: T0, chain: CHAIN, anchors: { [String(DAY)]: hashDown(CHAIN, DAY, 2879, -1, SEED) } },
    },
  ],
};
const observed: TunerObserved = {
  ...{ state: 'tuned', frequencyKhz: 101_900, rssiDbuv: 45, stereo: true, muted: true, failure: null },
  pis: ['d3c1', 'd3c1', 'd3c1', 'd3c1'],
};

let places: ReturnType<typeof somewhere>;
let store: SqliteStore;
let air: RdsSegment[];
let orders: Uint8Array[];
let listening: Listening;
let upMs: number;
let clock: RdsClock | null;
const unheard = { groups: null, programme: null, text: null, pty: null, tp: null, ta: null };

const reading = (at = upMs) =>
  ({ state: 'SYNCED', nowMs: (T0 + DAY * 86_400) * 1000 + at, u: 2, upMs: at }) as const;
const turn = (change: Partial<TunerObserved> = {}) =>
  listening.turn({ fmplan, observed: { ...observed, ...change }, reading: reading() });

/** No time: a floor of the day before. */
const floorReading = () => ({ state: 'FLOOR', nowMs: (T0 + (DAY - 1) * 86_400) * 1000, u: 0, upMs }) as const;
const inFloor = (change: Partial<TunerObserved> = {}, at: ClockReading = floorReading()) =>
  listening.turn({ fmplan, observed: { ...observed, ...change }, reading: at });

function say(first: number, frame: Uint8Array): void {
  for (let at = 0; at < frame.length; at += 4)
    air.push({ segment: first + at / 4, data: frame.slice(at, at + 4) });
}

function beatFrame(interval: number, key = keyOf(interval)): Uint8Array {
  const bytes = Buffer.from(key, 'base64url');
  return Uint8Array.from([DAY >> 4, ((DAY & 15) << 4) | (interval >> 8), interval & 255, ...bytes, 0]);
}

const aListening = () =>
  new Listening({
    receiver: { takeSegments: () => air.splice(0), rds: () => ({ ...unheard, clock }) },
    store,
    admitFm: (frame) => {
      orders.push(frame);
      return Promise.resolve('ACCEPTED');
    },
    log: () => undefined,
  });

beforeEach(async () => {
  places = somewhere();
  const { trust, P, signed } = province;
  const factoryTrust = await signed(trust, P.rootA, P.rootB);
  store = new SqliteStore(places, { prov: 'vn56', dev: province.DEV, factoryTrust, buildTime: 0 });
  store.open();
  air = [];
  orders = [];
  upMs = 60_000;
  clock = null;
  listening = aListening();
});
afterEach(() => {
  store.close();
  places.remove();
});

describe('listening to a station', () => {
  it('H2 H4 H5 counts a beat of this half minute and no forged, early or older one', () => {
    say(0, beatFrame(3));
    expect(turn().beatUpMs).toBeNull();
    say(0, beatFrame(2, keyOf(1)));
    expect(turn().beatUpMs).toBeNull();
    say(0, beatFrame(2));
    expect(turn().beatUpMs).toBe(60_000);
    upMs = 90_000;
    say(0, beatFrame(1));
    expect(turn().beatUpMs).toBe(60_000);
    say(0, beatFrame(3));
    expect(turn().beatUpMs).toBe(90_000);
  });

  it('H2 H3 counts what a station says by what it was, for ten minutes', () => {
    for (const frame of [beatFrame(2), beatFrame(2, keyOf(1)), beatFrame(3), beatFrame(0)]) {
      say(0, frame);
      turn();
    }
    expect(turn().beats).toEqual({ good: 1, bad: 3, unanchored: 0 });
    upMs += 10 * 60_000;
    const tomorrow = Uint8Array.from([0, ((DAY + 1) << 4) & 255, 0, ...new Uint8Array(17)]);
    say(0, tomorrow);
    expect(turn().beats).toEqual({ good: 0, bad: 0, unanchored: 1 });
  });

  it('H2 looks at one forged beat in ten seconds while the good one is far away, and at each once it is near', () => {
    const forged = (interval: number) => {
      say(0, beatFrame(interval, keyOf(1)));
      return turn().beats;
    };
    upMs = 1000 * 30_000;
    expect(forged(1000).bad).toBe(1);
    for (let frame = 0; frame < 19; frame += 1) {
      upMs += 500;
      expect(forged(1000).bad).toBe(1);
    }
    say(0, beatFrame(1000));
    expect(turn().beatUpMs).toBeNull();
    upMs += 500;
    say(0, beatFrame(1000));
    expect(turn().beatUpMs).toBe(upMs);
    for (let bad = 2; bad < 5; bad += 1) expect(forged(1000).bad).toBe(bad);
  });

  it('H10 tells of a station that was itself for a quarter of an hour in all and said no beat, until it says one', () => {
    const hear = (minutes: number, change: Partial<TunerObserved> = {}) => {
      let heard = turn(change).isBeatSilent;
      for (const end = upMs + minutes * 60_000; upMs < end; heard = turn(change).isBeatSilent) upMs += 5000;
      return heard;
    };
    expect(hear(10)).toBe(false);
    expect(hear(30, { frequencyKhz: 99_000 })).toBe(false);
    expect(hear(30, { pis: ['ffff'] })).toBe(false);
    expect(hear(4)).toBe(false);
    expect(hear(2)).toBe(true);
    // Whoever is listened to next.
    expect(hear(1, { frequencyKhz: 99_000 })).toBe(true);
    say(0, beatFrame(Math.floor(upMs / 30_000)));
    expect(turn().isBeatSilent).toBe(false);
    // In FLOOR none is judged, and none missed.
    for (const end = upMs + 60 * 60_000; upMs < end; upMs += 5000) inFloor();
    expect(inFloor().isBeatSilent).toBe(false);
  });

  it('hands the 76 bytes of an order over, and one order at a time', async () => {
    const frame = Uint8Array.from({ length: 76 }, (_, at) => at);
    say(5, frame);
    turn();
    say(5, frame);
    turn();
    expect(orders).toEqual([frame]);
    await Promise.resolve();
    await new Promise(setImmediate);
    say(5, frame);
    turn();
    expect(orders).toHaveLength(2);
  });

  it('does not join segments of one station with those of another', () => {
    const frame = beatFrame(2);
    say(0, frame);
    const last = air.pop();
    turn();
    turn({ frequencyKhz: 99_000 });
    air.push(last ?? expect.unreachable());
    expect(turn().beatUpMs).toBeNull();
  });

  it('knows the usual level once an hour has closed, over a restart too, and not of a stranger', () => {
    for (; upMs < 4_000_000; upMs += 5000) turn();
    expect(turn().usualDbuv).toBe(45);
    listening = aListening();
    expect(turn().usualDbuv).toBe(45);
    for (const end = upMs + 7_300_000; upMs < end; upMs += 5000) turn({ rssiDbuv: 90, pis: ['ffff'] });
    expect(turn().usualDbuv).toBe(45);
  });

  it('without time the usual level is that of the last week in which the box knew it, and nothing is added', () => {
    for (; upMs < 4_000_000; upMs += 5000) turn();
    const months = { state: 'FLOOR', nowMs: reading().nowMs + 200 * 86_400_000, u: 0 } as const;
    for (const end = upMs + 7_300_000; upMs < end; upMs += 5000)
      expect(inFloor({ rssiDbuv: 52 }, { ...months, upMs }).usualDbuv).toBe(45);
    expect(
      listening.turn({ fmplan, observed, reading: { ...months, state: 'SYNCED', upMs } }).usualDbuv,
    ).toBeNull();
  });

  it('C09 follows the time of a station that shows its PI, in FLOOR alone, and forgets it with the fmplan', () => {
    const tell = (minute: number, pis = observed.pis) => {
      upMs = minute * 60_000;
      clock = { utcS: T0 + DAY * 86_400 + minute * 60, offsetMin: 420, upMs };
      inFloor({ pis });
    };
    for (let minute = 1; minute <= 9; minute += 1) tell(minute, ['d3c1', 'ffff', 'ffff', 'ffff']);
    expect(listening.radioTime()).toBeNull();
    for (let minute = 10; minute <= 15; minute += 1) tell(minute);
    expect(listening.radioTime()).toMatchObject({
      isSteady: true,
      station: { frequencyKhz: 101_900, pi: 'd3c1' },
    });
    turn();
    expect(listening.radioTime()).toBeNull();
    for (let minute = 16; minute <= 21; minute += 1) tell(minute);
    expect(listening.radioTime()?.isSteady).toBe(true);
    listening.turn({ fmplan: null, observed, reading: floorReading() });
    expect(listening.radioTime()).toBeNull();
  });

  it('H7 in FLOOR no beat counts, and H13 with the time of the station it is judged by that, and a forged one is none', () => {
    const tell = (minute: number) => {
      upMs = minute * 60_000;
      clock = { utcS: T0 + DAY * 86_400 + minute * 60, offsetMin: 420, upMs };
      return inFloor();
    };
    say(0, beatFrame(2));
    expect(tell(1)).toMatchObject({ beatUpMs: null, beats: { good: 0, bad: 0 } });
    for (let minute = 2; minute <= 7; minute += 1) tell(minute);
    say(0, beatFrame(14, keyOf(13)));
    expect(tell(7).beatUpMs).toBeNull();
    say(0, beatFrame(14));
    expect(tell(7).beatUpMs).toBe(7 * 60_000);
  });

  it('says nothing of a frequency that the fmplan does not know', () => {
    expect(turn({ frequencyKhz: 88_000 })).toMatchObject({ frequencyKhz: null, usualDbuv: null });
    const nobody = { fmplan: null, observed, reading: reading() };
    expect(listening.turn(nobody).frequencyKhz).toBeNull();
  });
});
