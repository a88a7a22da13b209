import { expect, test } from 'vitest';
import * as a from './a-box.fixture.ts';
import { cardOf } from './card.ts';
import { communesOf, countsOf, plain, wished } from './fleet.ts';
import type { BoxView } from '../../../shared/wire/fleet.ts';

const card = (box: Partial<BoxView>) =>
  cardOf(a.aBox(box), { plans: [], places: a.PLACES, records: new Map(), nowMs: a.NOW_MS });
const on = a.aStatus({
  now: { sound: a.onNow('plan:56/x', 'X'), screen: a.SILENCE, ticker: a.SILENCE },
});
const cards = [
  card({ dev: 'd-on', status: on }),
  card({ dev: 'd-silent', area: '56', status: on, ...a.SILENT }),
  card({
    dev: 'd-never',
    area: null,
    status: null,
    link: { state: 'never', lastSeenAtMs: null, sinceMs: null },
  }),
];
const found = (show: 'all' | 'sounding' | 'trouble', search = '') =>
  wished(cards, { show, search }).map(({ dev }) => dev);

test('the header counts boxes by what is known of them; a silent box sounds nothing that anybody knows', () => {
  expect(countsOf(cards)).toEqual({
    ...{ boxes: 3, online: 1, silent: 1, never: 1, sounding: 1, trouble: 1, tone: 'amber' },
  });
});

test('one sees all boxes, those that sound, or those that need somebody', () => {
  expect(found('all')).toEqual(['d-on', 'd-silent', 'd-never']);
  expect(found('sounding')).toEqual(['d-on']);
  expect(found('trouble')).toEqual(['d-silent']);
});

test('a place is found without marks and case, in either spelling', () => {
  expect(found('all', ' khanh hoa')).toEqual(['d-silent']);
  expect(found('all', 'NHA TRANG')).toEqual(['d-on']);
  expect(found('all', 'never')).toEqual(['d-never']);
  expect(plain('Phường Đông Hoà')).toBe(plain('phuong dong hòa'));
});

test('communes have their names and their boxes, in the order in which these come', () => {
  expect(communesOf(cards, a.PLACES).map(({ name, cards: own }) => [name.vi, own.length])).toEqual([
    ['Phường Nha Trang', 1],
    ['Tỉnh Khánh Hòa', 1],
    ['Chưa ghi danh', 1],
  ]);
});
