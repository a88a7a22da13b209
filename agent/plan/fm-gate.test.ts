import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Fmplan, Station } from '../../shared/protocol/schema/documents.ts';
import { zoneOf } from '../../shared/schedule/zone.ts';
import { fallbackVolume, gateOf } from './fm-gate.ts';
import type { GateFacts } from './fm-gate.ts';

const ZONE = zoneOf('Asia/Ho_Chi_Minh');
if (ZONE === null) throw new Error('no zone');
/** Monday, 2 March 2026. */
const at = (wall: string, day = '2026-03-02') => Date.parse(`${day}T${wall}+07:00`) / 1000;
const UP_MS = 10_000_000;

const station: Station = { frequencyKhz: 101_900, pi: 'd3c1', rssiMin: 30, rssiMax: 60, beat: null };
const beating: Fmplan = {
  ...{ typ: 'fmplan', v: 1, prov: 'vn56', id: 'fmplan:56', epoch: 1, ver: 1, iat: 0, exp: 9e9, area: '56' },
  mode: 'beat',
  stations: [station],
  windows: [{ days: 1, from: '17:00', to: '18:00', afterMin: 30 }],
  ...{ dailyMaxMin: 60, volume: 80, orderKeys: [] },
};

const good: GateFacts = {
  ...{
    fmplan: beating,
    station,
    listenedMs: 600_000,
    nowS: at('17:30:00'),
    upMs: UP_MS,
    zone: ZONE,
    time: 'own',
  },
  unreachedSinceUpMs: UP_MS - 30 * 60_000,
  tuner: {
    ...{ state: 'tuned', frequencyKhz: 101_900, rssiDbuv: 45, stereo: true, muted: true, failure: null },
    pis: ['d3c1', 'ffff', 'd3c1', 'd3c1', 'd3c1'],
  },
  ether: {
    frequencyKhz: 101_900,
    beatUpMs: UP_MS - 90_000,
    beats: { good: 9, bad: 0, unanchored: 0 },
    isBeatSilent: false,
    usualDbuv: 44,
  },
  usedMs: 0,
};
const tuner = good.tuner ?? expect.unreachable();
const ether = good.ether ?? expect.unreachable();
const pi: Fmplan = { ...beating, mode: 'pi' };

const kindOf = (change: Partial<GateFacts>) => gateOf({ ...good, ...change });
const tuned = (change: Partial<typeof tuner>) => kindOf({ tuner: { ...tuner, ...change } });
const heard = (change: Partial<typeof ether>) => kindOf({ ether: { ...ether, ...change } });

describe('the FM gate', () => {
  it('opens where everything holds, to the last second, decibel and group', () => {
    expect(gateOf(good)).toEqual({ kind: 'open' });
    expect(tuned({ rssiDbuv: 52 })).toEqual({ kind: 'open' });
    expect(kindOf({ usedMs: 60 * 60_000 - 1 })).toEqual({ kind: 'open' });
  });

  it('H1 wants a beat of the last 90 seconds in mode beat', () => {
    expect(heard({ beatUpMs: UP_MS - 90_001 })).toEqual({ kind: 'shut', reason: 'FM_NO_BEAT' });
    expect(heard({ beatUpMs: null })).toEqual({ kind: 'shut', reason: 'FM_NO_BEAT' });
  });

  it('H6 H10 wants the frequency, the PI in four of five groups and a level as it always was', () => {
    expect(tuned({ frequencyKhz: 101_800 })).toEqual({ kind: 'shut', reason: 'TUNER_FAULT' });
    expect(tuned({ state: 'failed' })).toEqual({ kind: 'shut', reason: 'TUNER_FAULT' });
    expect(tuned({ pis: ['d3c1', 'd3c1', 'd3c1', 'ffff', 'ffff'] })).toMatchObject({ reason: 'WRONG_PI' });
    expect(tuned({ pis: ['d3c1', 'd3c1', 'd3c1'] })).toMatchObject({ reason: 'WRONG_PI' });
    expect(tuned({ rssiDbuv: 29 })).toMatchObject({ reason: 'FM_WEAK' });
    expect(tuned({ rssiDbuv: null })).toMatchObject({ reason: 'FM_WEAK' });
    expect(tuned({ rssiDbuv: 61 })).toMatchObject({ reason: 'FM_STRONG' });
    expect(tuned({ rssiDbuv: 53 })).toMatchObject({ reason: 'FM_JUMP' });
    expect(heard({ usualDbuv: null })).toMatchObject({ reason: 'FM_LEVEL_UNKNOWN' });
    expect(heard({ frequencyKhz: 99_000 })).toMatchObject({ reason: 'FM_LEVEL_UNKNOWN' });
  });

  it('H11 is not wanted outside its window or while the cloud was reached within afterMin', () => {
    for (const wall of ['16:59:59', '18:00:00'])
      expect(kindOf({ nowS: at(wall) })).toEqual({ kind: 'unwanted', because: 'window' });
    expect(kindOf({ nowS: at('17:30:00', '2026-03-03') })).toEqual({ kind: 'unwanted', because: 'window' });
    expect(kindOf({ unreachedSinceUpMs: UP_MS - 30 * 60_000 + 1 })).toMatchObject({ because: 'reached' });
    expect(kindOf({ unreachedSinceUpMs: null })).toMatchObject({ because: 'reached' });
  });

  it('reads a window over midnight on the day on which it begins', () => {
    const over = { ...beating, windows: [{ days: 1, from: '23:00', to: '01:00', afterMin: 30 }] };
    expect(kindOf({ fmplan: over, nowS: at('23:30:00') })).toEqual({ kind: 'open' });
    expect(kindOf({ fmplan: over, nowS: at('00:30:00', '2026-03-03') })).toEqual({ kind: 'open' });
    expect(kindOf({ fmplan: over, nowS: at('00:30:00') })).toMatchObject({ because: 'window' });
  });

  it('H13 in mode data has no sound at all, and no mode is lowered for want of a beat', () => {
    expect(kindOf({ fmplan: { ...beating, mode: 'data' } })).toMatchObject({ because: 'data-only' });
    expect(heard({ beatUpMs: null }).kind).toBe('shut');
  });

  it('in mode pi is short, by day and not loud, whatever was signed', () => {
    const allDay = { ...pi, windows: [{ days: 127, from: '00:00', to: '00:00', afterMin: 30 }] };
    const noBeat = { ...good, ether: { ...ether, beatUpMs: null }, fmplan: allDay };
    expect(gateOf(noBeat)).toEqual({ kind: 'open' });
    for (const wall of ['04:59:59', '21:00:00'])
      expect(gateOf({ ...noBeat, nowS: at(wall) })).toMatchObject({ because: 'window' });
    expect(gateOf({ ...noBeat, usedMs: 30 * 60_000 })).toMatchObject({ reason: 'FM_DAY_USED' });
    expect(fallbackVolume(pi, 'own')).toBe(60);
    expect(fallbackVolume(beating, 'own')).toBe(80);
  });

  it('by the time of a station is as short, by day and not loud in every mode, and opens nothing more (C6, H13)', () => {
    const allDay = { ...beating, windows: [{ days: 127, from: '00:00', to: '00:00', afterMin: 30 }] };
    const byRadio = { ...good, time: 'radio', fmplan: allDay } as const;
    expect(gateOf(byRadio)).toEqual({ kind: 'open' });
    for (const wall of ['04:59:59', '21:00:00'])
      expect(gateOf({ ...byRadio, nowS: at(wall) })).toMatchObject({ because: 'window' });
    expect(gateOf({ ...byRadio, usedMs: 30 * 60_000 })).toMatchObject({ reason: 'FM_DAY_USED' });
    expect(fallbackVolume(beating, 'radio')).toBe(60);
    expect(gateOf({ ...byRadio, ether: { ...ether, beatUpMs: null } })).toMatchObject({
      reason: 'FM_NO_BEAT',
    });
    expect(kindOf({ time: 'radio', fmplan: { ...beating, mode: 'data' } })).toMatchObject({
      because: 'data-only',
    });
  });

  it('without any time is not wanted at all', () => {
    expect(kindOf({ time: null })).toEqual({ kind: 'unwanted', because: 'no-time' });
  });

  it('gives a station time to show who it is before it says no', () => {
    expect(kindOf({ tuner: { ...tuner, pis: [] }, listenedMs: 4999 }).kind).toBe('listening');
    expect(kindOf({ ether: { ...ether, beatUpMs: null }, listenedMs: 89_999 }).kind).toBe('listening');
    expect(kindOf({ ether: { ...ether, beatUpMs: null }, listenedMs: 90_000 }).kind).toBe('shut');
  });

  /** The same rule once more, in the order in which the protocol says it. */
  const mayOpen = (facts: GateFacts): boolean => {
    const { fmplan: plan, tuner: seen, ether: air } = facts;
    if (plan === null || seen === null || air === null || facts.station === null) return false;
    const local = new Date((facts.nowS + 7 * 3600) * 1000);
    const wall = local.toISOString().slice(11, 16);
    const day = 1 << ((local.getUTCDay() + 6) % 7);
    const downMin = (facts.upMs - (facts.unreachedSinceUpMs ?? Infinity)) / 60_000;
    const inWindow = plan.windows.some(
      ({ days, from, to, afterMin }) =>
        (days & day) !== 0 && from <= wall && wall < to && downMin >= afterMin,
    );
    const level = seen.rssiDbuv ?? -1;
    const isBounded = plan.mode === 'pi' || facts.time === 'radio';
    return (
      plan.mode !== 'data' &&
      facts.time !== null &&
      inWindow &&
      (!isBounded || (wall >= '05:00' && wall < '21:00')) &&
      seen.state === 'tuned' &&
      seen.frequencyKhz === facts.station.frequencyKhz &&
      seen.pis.filter((each) => each === facts.station?.pi).length >= 4 &&
      level >= facts.station.rssiMin &&
      level <= facts.station.rssiMax &&
      air.frequencyKhz === facts.station.frequencyKhz &&
      air.usualDbuv !== null &&
      level <= air.usualDbuv + 8 &&
      (plan.mode === 'pi' || (air.beatUpMs !== null && facts.upMs - air.beatUpMs <= 90_000)) &&
      facts.usedMs < Math.min(plan.dailyMaxMin, isBounded ? 30 : 1440) * 60_000
    );
  };

  it('open only if everything that protocol §7 asks for holds, and then', () => {
    /** Mostly as it should be, so that one thing alone is wrong often enough. */
    const mostly = <T>(right: T, ...wrong: readonly T[]) =>
      fc.oneof({ arbitrary: fc.constant(right), weight: 6 }, fc.constantFrom(...wrong));
    const walls = ['03:00:00', '04:59:59', '05:00:00', '21:30:00'].map((wall) => at(wall));
    const facts: fc.Arbitrary<GateFacts> = fc
      .record({
        mode: fc.constantFrom<Fmplan['mode']>('data', 'beat', 'pi'),
        dailyMaxMin: fc.constantFrom(10, 60),
        window: mostly(
          { days: 1, from: '00:00', to: '23:00', afterMin: 30 },
          { days: 2, from: '00:00', to: '23:00', afterMin: 30 },
          { days: 127, from: '17:00', to: '18:00', afterMin: 31 },
        ),
        nowS: mostly(good.nowS, ...walls),
        time: mostly<GateFacts['time']>('own', 'radio', null),
        unreachedSinceUpMs: mostly<number | null>(UP_MS - 1_800_000, UP_MS - 1_799_999, null),
        state: mostly<typeof tuner.state>('tuned', 'tuning', 'absent'),
        frequencyKhz: mostly(101_900, 99_000),
        rssiDbuv: mostly<number | null>(45, 29, 53, 61, null),
        pis: mostly<readonly string[]>(tuner.pis, ['d3c1'], []),
        airKhz: mostly<number | null>(101_900, null),
        beatUpMs: mostly<number | null>(UP_MS - 90_000, UP_MS - 90_001, null, UP_MS),
        usualDbuv: mostly<number | null>(44, null, 60),
        usedMs: mostly(0, 10 * 60_000, 30 * 60_000, 60 * 60_000),
        listenedMs: fc.constantFrom(0, 600_000),
      })
      .map(({ mode, dailyMaxMin, window, state, frequencyKhz, rssiDbuv, pis, airKhz, ...each }) => ({
        ...{ ...good, ...each, fmplan: { ...beating, mode, dailyMaxMin, windows: [window] } },
        tuner: { ...tuner, state, frequencyKhz, rssiDbuv, pis },
        ether: { ...ether, frequencyKhz: airKhz, beatUpMs: each.beatUpMs, usualDbuv: each.usualDbuv },
      }));
    let opened = 0;
    fc.assert(
      fc.property(facts, (each) => {
        const isOpen = gateOf(each).kind === 'open';
        if (isOpen) opened += 1;
        expect(isOpen).toBe(mayOpen(each));
      }),
      { numRuns: 5000 },
    );
    expect(opened).toBeGreaterThan(100);
  });
});
