import { expect, test } from 'vitest';
import * as a from './a-box.fixture.ts';
import { cardOf } from './card.ts';
import { stripOf } from './strip.ts';
import type { BoxView } from '../../../shared/wire/fleet.ts';

const NOW = 2 / 3;
const MINUTE_MS = 60_000;
const strip = (box: Partial<BoxView>) =>
  stripOf(
    cardOf(a.aBox(box), {
      plans: [a.aPlan([a.anItem()])],
      places: a.PLACES,
      records: new Map(),
      nowMs: a.NOW_MS,
    }),
    a.NOW_MS,
  );
const ago = (minutes: number) =>
  a.kept({
    ...{ startedAtMs: a.NOW_MS - minutes * MINUTE_MS, endedAtMs: a.NOW_MS - (minutes - 1) * MINUTE_MS },
  });

test('what was recorded lies before now, what is announced after it', () => {
  const next = [{ layer: 'sound', atMs: a.NOW_MS + MINUTE_MS, winner: 'w', title: 'Sau' } as const];
  const { blocks, now, spanMs } = strip({ recent: [ago(2)], status: a.aStatus({ next }) });
  expect({ now, spanMs }).toEqual({ now: NOW, spanMs: 6 * MINUTE_MS });
  expect(blocks.map(({ kind }) => kind)).toEqual(['past', 'next']);
  expect(blocks[0]?.from).toBeCloseTo(NOW - 2 / 6);
  expect(blocks[0]?.to).toBeCloseTo(NOW - 1 / 6);
  expect(blocks[1]?.from).toBeCloseTo(NOW + 1 / 6);
});

test('the strip is as long as the last four records need', () => {
  expect(strip({ recent: [ago(4)] }).spanMs).toBe(6 * MINUTE_MS);
  expect(strip({ recent: [ago(5)] }).spanMs).toBe(30 * MINUTE_MS);
  expect(strip({ recent: [ago(3), ago(60)] }).spanMs).toBe(120 * MINUTE_MS);
  expect(strip({ recent: [1, 2, 3, 4, 60].map(ago) }).spanMs).toBe(6 * MINUTE_MS);
  expect(strip({ recent: [ago(1_000_000)] }).blocks).toEqual([]);
});

test('what sounds now reaches from the beginning of its window to now', () => {
  const now = { sound: a.onNow(`plan:${a.AREA}/tin`, 'Bản tin'), screen: a.SILENCE, ticker: a.SILENCE };
  const [block] = strip({ status: a.aStatus({ now }) }).blocks;
  expect(block).toMatchObject({ kind: 'now', title: 'Bản tin', to: NOW });
  expect(block?.from).toBeCloseTo(NOW - 10 / 360);
  expect(strip({ status: a.aStatus({ now }), ...a.SILENT }).blocks).toEqual([]);
});

test('an order has a colour of its own', () => {
  expect(strip({ recent: [a.kept({ subject: a.ofOrder })] }).blocks[0]?.kind).toBe('order');
});
