import { expect, test } from 'vitest';
import * as a from './a-box.fixture.ts';
import { bannersOf } from './orders.ts';
import type { BoxView } from '../../../shared/wire/fleet.ts';

const DONE = 'd-done';
const told = new Map([[a.DIGEST, { title: 'Còi báo lũ', devs: new Set([DONE]) }]]);
const around = { told, places: a.PLACES, nowMs: a.NOW_MS };
const alert = a.onNow(`order:${a.DIGEST}`, 'Còi báo lũ');
const sounding = a.aBox({ status: a.aStatus({ now: { sound: alert, screen: alert, ticker: alert } }) });
const hasSounded = a.aBox({ dev: DONE });
const banner = (boxes: readonly BoxView[], order = a.anOrder()) => bannersOf([order], boxes, around)[0];

test('an alert is red while boxes sound it or have yet to, and a fact among others when all have', () => {
  expect(banner([sounding, hasSounded])).toMatchObject({ on: 1, done: 1, boxes: 2, tone: 'red' });
  expect(banner([a.aBox(), hasSounded])).toMatchObject({ on: 0, done: 1, boxes: 2, tone: 'red' });
  expect(banner([hasSounded])).toMatchObject({ on: 0, done: 1, boxes: 1, tone: 'ok' });
});

test('a box that does not answer may have missed an alert: that is worth a look, and no alarm', () => {
  expect(banner([hasSounded, a.aBox(a.SILENT)])).toMatchObject({ on: 0, done: 1, boxes: 2, tone: 'amber' });
});

test('who signed, where and until when stands with it', () => {
  expect(banner([])).toMatchObject({
    ...{ words: 'Bão số 12', holders: ['Trương Văn Nam', 'Cao Thị Thu'], kind: { vi: 'Báo động khẩn cấp' } },
    ...{ places: [{ vi: 'Tỉnh Khánh Hòa' }], endsAtMs: (a.NOW_S + 1800) * 1000 },
  });
});

test('only boxes of its scope are counted', () => {
  expect(banner([sounding], a.anOrder({ scope: ['56.2'] }))).toMatchObject({ boxes: 0, on: 0 });
  expect(banner([sounding], a.anOrder({ scope: [a.AREA] }))).toMatchObject({ boxes: 1, on: 1 });
});

test('a box that is to sound it and does not is not counted as sounding', () => {
  const waits = { ...alert, active: false };
  const box = a.aBox({ status: a.aStatus({ now: { sound: waits, screen: waits, ticker: waits } }) });
  expect(banner([box])).toMatchObject({ on: 0 });
  expect(banner([{ ...sounding, ...a.SILENT }])).toMatchObject({ on: 0 });
});

test('a box that has sounded and sounds again is counted once', () => {
  expect(banner([{ ...sounding, dev: DONE }])).toMatchObject({ on: 1, done: 0, boxes: 1 });
});

test('a template has its title from the first box that plays it', () => {
  const order = a.anOrder({ kind: 'template', text: null });
  expect(banner([a.aBox(), sounding], order)?.words).toBe('Còi báo lũ');
  expect(banner([a.aBox()], order)?.words).toBe('Còi báo lũ');
  const nobody = { ...around, told: new Map<string, never>() };
  expect(bannersOf([order], [a.aBox()], nobody)[0]?.words).toBeNull();
});

test('an order that has ended is no banner', () => {
  expect(banner([], a.anOrder({ exp: a.NOW_S }))).toBeUndefined();
});
