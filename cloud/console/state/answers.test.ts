import { expect, test } from 'vitest';
import { utf8, toBase64url } from '../../../shared/protocol/bytes.ts';
import { placesAnswer } from '../../../shared/wire/staff.ts';
import { anItem, aPlan } from '../view/a-box.fixture.ts';
import { planIn, read } from './answers.ts';

const places = [{ area: '56', name: { vi: 'Tỉnh Khánh Hòa', en: 'Khánh Hòa province' } }];
const text = { vi: 'Cần mã truy cập', en: 'This needs the token' };

test('an answer of its schema is taken as it is', () => {
  expect(read(200, places, placesAnswer)).toEqual({ ok: true, value: places });
});

test('a refusal is told in the cloud’s own words, or with its number where it has none', () => {
  expect(read(401, { code: 'TOKEN', field: null, text }, placesAnswer)).toEqual({ ok: false, why: text });
  expect(read(502, undefined, placesAnswer)).toMatchObject({
    why: { en: 'The cloud refuses (HTTP 502).' },
  });
});

test('an answer of another version is told, not shown', () => {
  const newer = [{ ...places[0], since: 2027 }];
  expect(read(200, newer, placesAnswer)).toMatchObject({ why: { en: /Reload the page/ } });
});

test('a plan is read out of its envelope, and what is no plan is none', () => {
  const plan = aPlan([anItem({ author: 'Ban biên tập' })]);
  expect(planIn(toBase64url(utf8(JSON.stringify(plan))))).toEqual(plan);
  expect(planIn(toBase64url(utf8(JSON.stringify({ ...plan, typ: 'keyring' }))))).toBeNull();
  expect(planIn(toBase64url(new Uint8Array([0xff, 0xfe])))).toBeNull();
  expect(planIn('no base64url!')).toBeNull();
});
