import { describe, expect, test } from 'vitest';
import type { Candidate } from './intent.ts';
import { DEFAULT_QUIET, quietAt } from './quiet.ts';
import { boxWith, itemWith, orderWith, planWith, utc } from './a-schedule.fixture.ts';
import { resolve } from './resolve.ts';
import { zoneOf } from './zone.ts';

const vietnam = zoneOf('Asia/Ho_Chi_Minh');
const berlin = zoneOf('Europe/Berlin');
if (vietnam === null || berlin === null) throw new Error('zones');

const item = (differing: Parameters<typeof itemWith>[0]): Candidate => ({
  kind: 'item',
  planId: 'plan:56',
  area: '56',
  zone: 'Asia/Ho_Chi_Minh',
  epoch: 1,
  ver: 1,
  item: itemWith(differing),
  window: { start: 0, end: 1 },
  liveOrder: null,
});
const order = (differing: Parameters<typeof orderWith>[0]): Candidate => ({
  kind: 'order',
  order: orderWith(differing),
  repetition: 0,
  dueAt: 0,
});
const atNight = utc('2026-03-01T23:00:00+07:00');
const silences = (winner: Candidate): boolean => quietAt(DEFAULT_QUIET, vietnam, atNight, winner).silences;

describe('quiet hours', () => {
  test('begin and end on their minute, over midnight', () => {
    const on = (instant: string): boolean => quietAt(DEFAULT_QUIET, vietnam, utc(instant), null).on;
    expect(on('2026-03-01T21:59:59+07:00')).toBe(false);
    expect(on('2026-03-01T22:00:00+07:00')).toBe(true);
    expect(on('2026-03-02T04:59:59+07:00')).toBe(true);
    expect(on('2026-03-02T05:00:00+07:00')).toBe(false);
  });

  test('may lie within one day', () => {
    const at = utc('2026-03-01T13:00:00+07:00');
    expect(quietAt(['12:00', '14:00'], vietnam, at, null)).toEqual({
      on: true,
      silences: false,
      until: at + 3600,
    });
    expect(quietAt(['14:00', '15:00'], vietnam, at, null)).toEqual({
      on: false,
      silences: false,
      until: at + 3600,
    });
  });

  test('tell when they change, also in a night in which the clock changes', () => {
    const at = utc('2026-03-28T23:00:00+01:00');
    expect(quietAt(DEFAULT_QUIET, berlin, at, null).until).toBe(utc('2026-03-29T05:00:00+02:00'));
  });

  test('silence items, templates, tests and a local test', () => {
    expect(silences(item({}))).toBe(true);
    expect(silences(order({ kind: 'template' }))).toBe(true);
    expect(silences(order({ kind: 'test' }))).toBe(true);
    expect(
      silences({
        kind: 'local-test',
        test: { id: 't', work: { kind: 'speaker' }, layers: ['sound'], begunAt: 0, endsAt: 1, now: false },
      }),
    ).toBe(true);
  });

  test('exempt alerts, warnings, live, items for the night and a local test with now', () => {
    expect(silences(order({ kind: 'alert' }))).toBe(false);
    expect(silences(order({ kind: 'template', warning: true }))).toBe(false);
    expect(silences(order({ kind: 'live' }))).toBe(false);
    expect(silences(item({ night: true }))).toBe(false);
    expect(silences(item({ source: { kind: 'live', speakers: [], maxS: 60 } }))).toBe(false);
    expect(
      silences({
        kind: 'local-test',
        test: { id: 't', work: { kind: 'speaker' }, layers: ['sound'], begunAt: 0, endsAt: 1, now: true },
      }),
    ).toBe(false);
  });

  test('never change the winner, and are read in the zone of the narrowest plan that is known', () => {
    const province = planWith({ area: '56', zone: 'Asia/Ho_Chi_Minh' });
    const commune = planWith({
      zone: 'Europe/Berlin',
      items: [itemWith({ startAt: '21:30:00', lengthS: 7200 })],
    });
    const at = utc('2026-03-01T21:45:00+01:00');
    const quietWith = (plans: (typeof province)[]) =>
      resolve({ plans, box: boxWith({}), orders: [], localTest: null }, at);
    expect(quietWith([province, commune]).quiet).toEqual({ on: false, silences: false, until: at + 900 });
    expect(quietWith([province]).quiet.on).toBe(true);
    expect(quietWith([province, planWith({ zone: 'Asia/Nowhere' })]).quiet.on).toBe(true);
    const later = resolve({ plans: [commune], box: boxWith({}), orders: [], localTest: null }, at + 900);
    expect(later.quiet.silences).toBe(true);
    expect(later.sound.winner).toMatchObject({ item: { id: 'item' } });
  });
});
