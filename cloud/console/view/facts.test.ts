import { expect, test } from 'vitest';
import * as a from './a-box.fixture.ts';
import { factsOf } from './facts.ts';
import type { BoxView } from '../../../shared/wire/fleet.ts';
import type { BoxStatus } from '../../../shared/wire/status.ts';

const facts = (box: Partial<BoxView>) =>
  factsOf(a.aBox(box), a.PLACES).map(({ value, tone }) => `${tone}: ${value.vi}`);
const said = (status: Partial<BoxStatus>) => facts({ status: a.aStatus(status) });

test('a box without faults has five facts, all well', () => {
  expect(facts({})).toEqual(['ok: đúng giờ ±3 s', 'ok: đủ 1', 'ok: đủ 2', 'ok: đã gửi hết', 'ok: không']);
});

test('held versions stand against wanted ones, by the names of the documents', () => {
  const behind = [`plan:${a.AREA}`, 'templates:56'];
  const wanted = { [`plan:${a.AREA}`]: { epoch: 1, ver: 2 }, 'templates:56': { epoch: 1, ver: 1 } };
  const documents = factsOf(a.aBox({ behind, wanted }), a.PLACES)[1];
  expect(documents).toMatchObject({ tone: 'amber', value: { vi: 'chậm 2' } });
  expect(documents?.details.map(({ vi }) => vi)).toEqual([
    'Kế hoạch Phường Nha Trang: có 1.1, cần 1.2',
    'Mẫu thông báo Tỉnh Khánh Hòa: chưa có, cần 1.1',
  ]);
});

test.each([
  ['HOLDOVER', 'amber: tự giữ giờ ±40 s'],
  ['FLOOR', 'red: không biết giờ'],
] as const)('a clock in %s is told with how far it may be off', (state, words) => {
  expect(said({ clock: { state, u: 40 } })[0]).toBe(words);
});

test('C09 a box without time that goes by an FM station says so, and what goes by it', () => {
  const clock = (radio: BoxStatus['clock']['radio']) => {
    const status = a.aStatus({ clock: { state: 'FLOOR', u: 0, ...(radio === undefined ? {} : { radio }) } });
    return factsOf(a.aBox({ status }), a.PLACES)[0]?.details.map(({ vi }) => vi);
  };
  expect(clock(undefined)).toEqual([]);
  expect(clock({ use: 'plan', bootAtMs: null })).toEqual(['chờ giờ đài FM (RDS) ổn định']);
  expect(clock({ use: 'fm', bootAtMs: 1 })).toEqual(['theo giờ đài FM (RDS): chỉ tiếp sóng']);
});

test('a clock that a person has set by hand stands out, with from what to what', () => {
  const settled = { fromAtMs: 1_790_000_000_000, toAtMs: 1_790_007_200_000 };
  const status = a.aStatus({ clock: { state: 'SYNCED', u: 3, settled } });
  const [clock] = factsOf(a.aBox({ status }), a.PLACES);
  expect(clock).toMatchObject({ tone: 'amber', value: { vi: 'đúng giờ ±3 s' } });
  expect(clock?.details[0]?.vi).toBe('người tại chỗ đã chỉnh giờ từ 21:13:20 21/09 sang 23:13:20 21/09');
});

test('a few unsent records are on their way, many are stuck', () => {
  expect(said({ unsentRecords: 9 })[3]).toBe('note: chưa gửi 9');
  expect(said({ unsentRecords: 10 })[3]).toBe('amber: chưa gửi 10');
});

test('missing media and refused documents stand out, and the codes say what was tried', () => {
  const status = a.aStatus({
    media: { wanted: 5, missing: 2, usedBytes: 0 },
    rejects: { SIGNATURE: 2, REPLAY: 1 },
  });
  const [, , media, , rejects] = factsOf(a.aBox({ status }), a.PLACES);
  expect(media).toMatchObject({ tone: 'amber', value: { vi: 'thiếu 2' } });
  expect(rejects).toMatchObject({ tone: 'red', value: { vi: '3' } });
  expect(rejects?.details.slice(1).map(({ vi }) => vi)).toEqual(['SIGNATURE × 2', 'REPLAY × 1']);
});

test('a broken chain is a fact of its own', () => {
  expect(facts({ breaks: 2 }).at(-1)).toBe('red: đứt 2 chỗ');
});

test('of a box that never spoke only the documents are known', () => {
  expect(facts({ status: null })).toEqual(['ok: đủ 1']);
});
