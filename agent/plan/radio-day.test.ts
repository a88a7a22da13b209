import { describe, expect, it } from 'vitest';
import { aRecord } from '../../shared/records/a-record.fixture.ts';
import type { PlayRecord } from '../../shared/records/record.ts';
import { forgetForetold } from './cross-over.ts';
import { localDayOf } from './limits.ts';
import { firstMemory } from './recall.ts';
import { UNHEARD } from './stretch.ts';
import { noteByRadio, radioDayAt, recalledRadioDay, withoutForetold } from './radio-day.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

const fm: PlayRecord['subject'] = {
  ...{ kind: 'fallback', fmplan: 'fmplan:56', epoch: 1, ver: 1, mode: 'pi' },
  ...{ frequencyKhz: 101_900, pi: 'd3c1' },
};
const byRadio = (upMs: number, playedMs: number, change: Partial<PlayRecord> = {}): PlayRecord => ({
  ...aRecord(1),
  ...{ subject: fm, playedMs, clock: { state: 'FLOOR', u: 2, radio: { upMs } } },
  ...change,
});
const refused = (upMs: number) => byRadio(upMs, 0, { startedAtMs: null, endCause: 'skipped' });
const fmMs = (records: readonly PlayRecord[], upMs: number) => recalledRadioDay(records, upMs).fallbackMs;

describe('a day of uptime', () => {
  it('counts what is heard in it, and ends after 24 hours', () => {
    const day = noteByRadio({ sinceUpMs: 0, ordinaryMs: 0, fallbackMs: 0 }, HOUR_MS, true, 1000);
    const both = noteByRadio(day, 2 * HOUR_MS, false, 500);
    expect(both).toEqual({ sinceUpMs: 0, ordinaryMs: 1500, fallbackMs: 1000 });
    expect(radioDayAt(both, DAY_MS - 1)).toBe(both);
    expect(radioDayAt(both, DAY_MS)).toEqual({ sinceUpMs: DAY_MS, ordinaryMs: 0, fallbackMs: 0 });
  });

  it('comes back from the records after a restart of the agent, but for what is a day of uptime ago', () => {
    const records = [byRadio(HOUR_MS, 600), byRadio(10 * HOUR_MS, 30)];
    expect(recalledRadioDay(records, 20 * HOUR_MS)).toMatchObject({
      sinceUpMs: 20 * HOUR_MS,
      fallbackMs: 630,
    });
    expect(fmMs(records, DAY_MS + HOUR_MS + 600)).toBe(30);
    expect(fmMs(records, DAY_MS + HOUR_MS + 599)).toBe(630);
  });

  it('goes on over power cuts: only the uptime that the records show has surely passed', () => {
    // Heard at 2 h; then boots of which the last records are of 9 h, 8 h and now 6 h.
    const heard = byRadio(2 * HOUR_MS, MINUTE_MS);
    expect(fmMs([heard, refused(9 * HOUR_MS), refused(8 * HOUR_MS)], 6 * HOUR_MS)).toBe(MINUTE_MS);
    expect(fmMs([heard, refused(9 * HOUR_MS), refused(8 * HOUR_MS)], 7.9 * HOUR_MS)).toBe(MINUTE_MS);
    const cut = [heard, refused(9 * HOUR_MS), refused(8 * HOUR_MS), refused(7 * HOUR_MS)];
    expect(fmMs(cut, 3 * HOUR_MS)).toBe(0);
    // Nothing tells that a day has passed: it counts.
    expect(fmMs([heard], HOUR_MS)).toBe(MINUTE_MS);
  });

  it('a stretch that a kill left without a length has had all that it may have', () => {
    expect(fmMs([byRadio(HOUR_MS, 0, { endedAtMs: null, endCause: 'power' })], 2 * HOUR_MS)).toBe(
      30 * MINUTE_MS,
    );
    expect(fmMs([byRadio(HOUR_MS, 50, { endCause: 'power', reason: 'STOPPED' })], 2 * HOUR_MS)).toBe(50);
  });

  it('programmes count into all that is ordinary; what was heard by the own clock, and boards, into neither', () => {
    const { subject } = aRecord(1);
    const records = [
      byRadio(HOUR_MS, 100, { subject }),
      byRadio(HOUR_MS, 7, { surface: 'screen', subject }),
      byRadio(HOUR_MS, 11, { clock: { state: 'SYNCED', u: 2 } }),
    ];
    expect(recalledRadioDay(records, 2 * HOUR_MS)).toMatchObject({ ordinaryMs: 100, fallbackMs: 0 });
  });
});

describe('what a station had begin before its hour', () => {
  const NOW_MS = 1_790_000_000_000;
  const item = (windowStartMs: number): PlayRecord['subject'] => ({
    ...{ kind: 'item', plan: 'plan:56', epoch: 1, ver: 1, item: 'ban-tin', windowStartMs },
  });
  const told = (atMs: number) => byRadio(0, 600, { subject: item(atMs), startedAtMs: atMs });
  const own = (atMs: number): PlayRecord => ({
    ...aRecord(2),
    ...{ subject: item(atMs), startedAtMs: atMs, clock: { state: 'SYNCED', u: 2 } },
  });

  it('C09 is no past once the box knows an earlier time, now or by what it played since', () => {
    const [ahead, behind] = [told(NOW_MS + 1), told(NOW_MS)];
    expect(withoutForetold([ahead, behind], NOW_MS)).toEqual([behind]);
    expect(withoutForetold([ahead, behind], Infinity)).toEqual([ahead, behind]);
    const [earlier, later] = [own(NOW_MS), own(NOW_MS + 2)];
    expect(withoutForetold([ahead, behind, earlier, later], NOW_MS + DAY_MS)).toEqual([
      behind,
      earlier,
      later,
    ]);
    expect(withoutForetold([own(NOW_MS - 1), ahead], Infinity)).toHaveLength(2);
    const fmAhead = byRadio(0, 600, { startedAtMs: NOW_MS + 1 });
    expect(withoutForetold([fmAhead], NOW_MS)).toEqual([]);
  });

  it('is forgotten by an agent that goes on, its minutes too, but not an order or a window that has begun', () => {
    const [begun, ahead, live] = ['plan:56/a@1790000000', 'plan:56/a@1790000001', 'plan:56/b@1790000001+xyz'];
    const heard = new Map([begun, ahead, live, 'order:abc#1'].map((each) => [each, UNHEARD]));
    const { sound } = firstMemory({
      ...{ records: [], orders: [], nowMs: NOW_MS, upMs: 0, knowsTime: true, zone: 'Asia/Ho_Chi_Minh' },
    });
    const today = sound.ordinary.day;
    const tomorrow = { day: localDayOf(NOW_MS + DAY_MS, 'Asia/Ho_Chi_Minh'), ms: 500 };
    const fallback = { ...sound.fallback, used: { day: today, ms: 500 } };
    const after = forgetForetold({ ...sound, heard, ordinary: tomorrow, fallback }, NOW_MS, today);
    expect([...after.heard.keys()]).toEqual([begun, 'order:abc#1']);
    expect([after.ordinary.ms, after.fallback.used.ms]).toEqual([0, 500]);
  });
});
