import { expect, test } from 'vitest';
import * as a from './a-box.fixture.ts';
import { briefOf } from './brief.ts';
import { communesOf, countsOf, plain, wished } from './fleet.ts';
import type { BoxView } from '../../../shared/wire/fleet.ts';

const brief = (box: Partial<BoxView>) => briefOf(a.aBox(box), a.PLACES);
const on = a.aStatus({
  now: { sound: a.onNow('plan:56/x', 'X'), screen: a.SILENCE, ticker: a.SILENCE },
});
const briefs = [
  brief({ dev: 'd-on', status: on }),
  brief({ dev: 'd-silent', area: '56', status: on, ...a.SILENT }),
  brief({
    dev: 'd-never',
    area: null,
    status: null,
    link: { state: 'never', lastSeenAtMs: null, sinceMs: null },
  }),
];
const found = (show: 'all' | 'sounding' | 'trouble', search = '') =>
  wished(briefs, { show, search }).map(({ box }) => box.dev);

test('the header counts boxes by what is known of them; a silent box sounds nothing that anybody knows', () => {
  expect(countsOf(briefs)).toEqual({
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
  expect(communesOf(briefs, a.PLACES).map(({ name, briefs: own }) => [name.vi, own.length])).toEqual([
    ['Phường Nha Trang', 1],
    ['Tỉnh Khánh Hòa', 1],
    ['Chưa ghi danh', 1],
  ]);
});
