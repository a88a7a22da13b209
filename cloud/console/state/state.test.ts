import { expect, test } from 'vitest';
import { aBox, anOrder, DEV, DIGEST, kept, NOW_MS, ofOrder } from '../view/a-box.fixture.ts';
import { FIRST, heard } from './state.ts';
import type { ConsoleState, Whole } from './state.ts';

const whole = (changes: Partial<Whole> = {}): Whole => ({
  fleet: { prov: 'vn56', nowMs: NOW_MS, boxes: [aBox()] },
  ...{ places: [], orders: [], records: [], breaks: [], plans: [] },
  ...changes,
});
const live = heard(FIRST, { kind: 'whole', whole: whole(), atMs: NOW_MS - 5000 });
const seenAt = (lastSeenAtMs: number) => aBox({ link: { state: 'online', lastSeenAtMs, sinceMs: null } });
const after = (state: ConsoleState, box: ReturnType<typeof aBox>): ConsoleState =>
  heard(state, { kind: 'event', event: { kind: 'box', box } });

test('the first whole view makes the page live and tells how far this machine’s clock is off', () => {
  expect(live).toMatchObject({ line: { kind: 'live' }, prov: 'vn56', skewMs: 5000 });
  expect(live.boxes.get(DEV)).toEqual(aBox());
});

test('a loss keeps all that was known, the time of the first loss, and the reason once there is one', () => {
  const why = { vi: 'Máy chủ từ chối', en: 'refused' };
  const lost = heard(live, { kind: 'lost', atMs: 1, why: null });
  expect(lost.boxes).toBe(live.boxes);
  expect(lost.line).toEqual({ kind: 'lost', sinceMs: 1, why: null });
  const later = heard(lost, { kind: 'lost', atMs: 2, why });
  expect(later.line).toEqual({ kind: 'lost', sinceMs: 1, why });
  expect(heard(later, { kind: 'lost', atMs: 3, why: null }).line).toEqual(later.line);
  expect(heard(later, { kind: 'whole', whole: whole(), atMs: 4 }).line).toEqual({ kind: 'live' });
});

test('an event stands over a whole view that was made before it and came after it', () => {
  const newer = seenAt(NOW_MS + 10);
  const state = heard(after(FIRST, newer), { kind: 'whole', whole: whole(), atMs: NOW_MS });
  expect(state.boxes.get(DEV)).toEqual(newer);
});

test('a whole view stands over events from before it, and drops boxes that are no more', () => {
  const gone = { ...seenAt(NOW_MS), dev: 'd-gone' };
  const state = after(after(FIRST, seenAt(NOW_MS - 10)), gone);
  const next = heard(state, { kind: 'whole', whole: whole(), atMs: NOW_MS });
  expect([...next.boxes.keys()]).toEqual([DEV]);
  expect(next.boxes.get(DEV)).toEqual(aBox());
});

test('an order is there once however often it is told, the newest first', () => {
  const other = anOrder({ digest: 'e'.repeat(43) });
  const tell = (state: ConsoleState, order = anOrder()): ConsoleState =>
    heard(state, { kind: 'event', event: { kind: 'order', order } });
  expect(tell(tell(tell(live), other)).orders.map(({ digest }) => digest[0])).toEqual(['d', 'e']);
});

test('a break of a chain is added to those that are known', () => {
  const found = { dev: DEV, chain: 'c'.repeat(22), seq: 4, kind: 'missing', atMs: NOW_MS } as const;
  const state = heard(live, { kind: 'event', event: { kind: 'break', found } });
  expect(state.breaks).toEqual([found]);
});

test('that a box carried out an order is known from its records, and for as long as the order lives', () => {
  const done = kept({ subject: ofOrder, title: 'Còi báo lũ' });
  const told = (state: ConsoleState): string[] => [...(state.told.get(DIGEST)?.devs ?? [])];
  const orders = [anOrder()];
  const fromRecords = heard(live, { kind: 'whole', whole: whole({ orders, records: [done] }), atMs: NOW_MS });
  expect(told(fromRecords)).toEqual([DEV]);
  const boxes = [aBox({ recent: [done] })];
  const fleet = { prov: 'vn56', nowMs: NOW_MS, boxes };
  expect(told(heard(live, { kind: 'whole', whole: whole({ orders, fleet }), atMs: NOW_MS }))).toEqual([DEV]);
  const fromEvent = heard(live, { kind: 'event', event: { kind: 'record', kept: { ...done, dev: 'd-b' } } });
  expect(told(fromEvent)).toEqual(['d-b']);
  expect(told(heard(fromEvent, { kind: 'whole', whole: whole({ orders }), atMs: NOW_MS }))).toEqual(['d-b']);
  expect(told(heard(fromEvent, { kind: 'whole', whole: whole(), atMs: NOW_MS }))).toEqual([]);
});

test('a record of an order that never began tells nothing', () => {
  const skipped = kept({ subject: ofOrder, startedAtMs: null, endCause: 'skipped' });
  const state = heard(live, { kind: 'event', event: { kind: 'record', kept: skipped } });
  expect(state.told.size).toBe(0);
});
