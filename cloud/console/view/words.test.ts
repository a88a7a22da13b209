import { expect, test } from 'vitest';
import { NOW_MS, PLACES } from './a-box.fixture.ts';
import { documentName, placeName, provinceName } from './places.ts';
import { clockOf, countdown, dayOf, lengthOf, whenOf } from './time.ts';
import { plainWhy } from './why.ts';

const DAY_MS = 86_400_000;

test('clocks are those of Vietnam, whatever this machine’s zone; another day is named', () => {
  expect(clockOf(NOW_MS)).toBe('16:00:00');
  expect(whenOf(NOW_MS, NOW_MS + 60_000)).toBe('16:00:00');
  expect(whenOf(NOW_MS - DAY_MS, NOW_MS)).toBe('16:00:00 22/11');
  expect(dayOf(NOW_MS).vi).toMatch(/23 tháng 11/);
});

test.each([
  [-5000, '0:00'],
  [4200, '0:05'],
  [65_000, '1:05'],
  [3_600_000, '1:00:00'],
  [DAY_MS + 1000, '24:00:01'],
  [3 * DAY_MS, '3 ngày'],
])('a countdown of %i ms reads %s', (ms, vi) => {
  expect(countdown(ms).vi).toBe(vi);
});

test.each([
  [7, '7 ms'],
  [2100, '2,1 s'],
  [180_000, '3 phút'],
])('a length of %i ms reads %s', (ms, vi) => {
  expect(lengthOf(ms).vi).toBe(vi);
});

test('places and documents have the names that people use, or are shown as they are', () => {
  expect(provinceName(PLACES, 'vn56').vi).toBe('Tỉnh Khánh Hòa');
  expect(provinceName(PLACES, 'vn99').vi).toBe('Tỉnh 99');
  expect(placeName(PLACES, '56.1').vi).toBe('56.1');
  expect(documentName(PLACES, 'plan:56.22366').vi).toBe('Kế hoạch Phường Nha Trang');
  expect(documentName(PLACES, 'device:d-aaaaaaaaaaaaaaaa').vi).toBe('Văn bản thiết bị');
  expect(documentName(PLACES, 'song:56').en).toBe('song Khánh Hòa province');
});

test('the reason is told without ids, and without the title where it stands above', () => {
  const vi = '“Bản tin” (plan:56/tin) đứng trên “Nhạc” (plan:56.1/nhac): mức ưu tiên cao hơn (7 > 5)';
  expect(plainWhy({ vi, en: vi }, 'Bản tin').vi).toBe(
    '“Bản tin” đứng trên “Nhạc”: mức ưu tiên cao hơn (7 > 5)',
  );
  const order = 'báo động khẩn cấp “Bão” đứng trên “Nhạc”: loại này được xếp trên';
  expect(plainWhy({ vi: order, en: order }, 'Bão').vi).toBe(
    'Báo động khẩn cấp đứng trên “Nhạc”: loại này được xếp trên',
  );
  const alone = '“Bản tin” (plan:56/tin): chỉ có mục này đến giờ';
  expect(plainWhy({ vi: alone, en: alone }, 'Bản tin').vi).toBe('Chỉ có mục này đến giờ');
});
