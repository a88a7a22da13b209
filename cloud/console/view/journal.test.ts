import { expect, test } from 'vitest';
import * as a from './a-box.fixture.ts';
import type { PlayRecord } from '../../../shared/records/record.ts';
import { entryOf, journalOf } from './journal.ts';

const place = { vi: 'Phường Nha Trang', en: 'Nha Trang ward' };
const entry = (changes: Partial<PlayRecord>) => entryOf(a.kept(changes), place);
const startedLate = (ms: number, rest: Partial<PlayRecord> = {}) =>
  entry({ plannedAtMs: a.NOW_MS, startedAtMs: a.NOW_MS + ms, ...rest }).start;
const { evidence } = a.aRecord();

test.each([
  [2, 'đúng giờ (+2 ms)', 'ok'],
  [-10, 'đúng giờ (−10 ms)', 'ok'],
  [400, 'chậm 400 ms', 'ok'],
  [2100, 'chậm 2,1 s', 'amber'],
  [-1500, 'sớm 1,5 s', 'amber'],
])('a start %i ms off its instant reads “%s”', (ms, vi, tone) => {
  expect(startedLate(ms)).toMatchObject({ text: { vi }, tone });
});

test('an order has no instant of its own: the time since it was signed is told', () => {
  const order = { subject: a.ofOrder, startCause: 'order' } as const;
  expect(startedLate(1700, order)).toMatchObject({ text: { en: '1.7 s after signing' }, tone: 'ok' });
  expect(startedLate(120_000, order)).toMatchObject({ text: { vi: '2 phút sau khi ký' }, tone: 'amber' });
});

test('C09 what a box played by the time of a station is never on time: it is told by whose time it was', () => {
  const clock = { state: 'FLOOR', u: 2, radio: { upMs: 7 } } as const;
  expect(startedLate(2, { clock })).toMatchObject({ text: { vi: 'theo giờ đài FM (RDS)' }, tone: 'amber' });
  expect(startedLate(2, { clock, startCause: 'fallback' })).toMatchObject({ tone: 'amber' });
});

test('a start after a cut is not late, and one that never was is none', () => {
  expect(startedLate(9000, { startCause: 'resume' })).toBeNull();
  expect(entry({ startedAtMs: null, endCause: 'skipped' })).toMatchObject({ start: null, played: null });
});

test('why it ended and what went wrong stand in words', () => {
  const { causes } = entry({ startCause: 'join', endCause: 'failed', reason: 'MEDIA_MISSING' });
  expect(causes).toEqual({
    vi: 'vào giữa chừng → hỏng (thiếu tệp)',
    en: 'joined late → failed (media missing)',
  });
  expect(entry({}).causes.vi).toBe('phát hết');
});

test.each<[string, Partial<PlayRecord>, string, boolean]>([
  ['sound with a level', {}, 'có tiếng, đỉnh -9 dB', true],
  ['sound without one', { evidence: { ...evidence, peakDbfs: null } }, 'âm thanh có chạy', true],
  ['nothing that moved', { evidence: { ...evidence, clockMovedMs: 0 } }, 'không có bằng chứng', false],
  ['frames', { surface: 'screen' }, 'khung hình có chạy', true],
  ['a screenshot', { surface: 'screen', evidence: seen() }, 'có ảnh màn hình', true],
])('the proof of %s', (_what, changes, vi, isThere) => {
  expect(entry(changes).proof).toMatchObject({ text: { vi }, isThere });
});

test('the records of the wanted surfaces stand with the place of their box, as many as fit', () => {
  const records = [
    a.kept({ seq: 3, title: 'bảng', surface: 'screen' }),
    a.kept({ seq: 2, title: 'mới' }),
    { ...a.kept({ title: 'lạ' }), dev: 'd-strange' },
  ];
  const around = { boxes: new Map([[a.DEV, a.aBox()]]), places: a.PLACES };
  const entries = (most: number) => journalOf(records, around, (surface) => surface === 'sound', most);
  expect(entries(9).map(({ title, place: { vi } }) => [title, vi])).toEqual([
    ['mới', 'Phường Nha Trang'],
    ['lạ', 'Chưa ghi danh'],
  ]);
  expect(entries(1).map(({ title }) => title)).toEqual(['mới']);
});

function seen(): PlayRecord['evidence'] {
  return { ...evidence, clockMovedMs: 0, screenshotSha256: 's'.repeat(43) };
}
