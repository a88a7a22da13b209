import { expect, test } from 'vitest';
import * as a from './a-box.fixture.ts';
import { cardOf } from './card.ts';
import type { BoxView } from '../../../shared/wire/fleet.ts';
import type { ComingUp } from '../../../shared/wire/status.ts';
import type { Plan } from '../../../shared/protocol/schema/documents.ts';

const PLAN = a.aPlan([a.anItem()]);
const card = (box: Partial<BoxView>, plans: readonly Plan[] = [PLAN]) =>
  cardOf(a.aBox(box), { plans, places: a.PLACES, records: new Map(), nowMs: a.NOW_MS });
const sounding = a.aStatus({
  now: { sound: a.onNow(`plan:${a.AREA}/tin`, 'Bản tin'), screen: a.SILENCE, ticker: a.SILENCE },
});

test('what sounds has its title and its window from the plan', () => {
  const { sound, tone, isPast } = card({ status: sounding });
  expect(sound).toMatchObject({ title: 'Bản tin', active: true, isOrder: false });
  expect(sound?.span).toEqual({ fromMs: a.NOW_MS - 10_000, toMs: a.NOW_MS + 50_000 });
  expect({ tone, isPast }).toEqual({ tone: 'ok', isPast: false });
});

test('without the plan there is a title and no window', () => {
  expect(card({ status: sounding }, []).sound).toMatchObject({ title: 'Bản tin', span: null });
});

test('for a silent box the page says what the plans that it holds let it sound', () => {
  expect(card(a.SILENT).expected).toEqual({ title: 'Bản tin' });
  expect(card({}).expected).toBeNull();
});

test('for a silent box that may hold another version nothing is promised', () => {
  expect(card(a.SILENT, [a.aPlan([a.anItem()], { ver: 2 })]).expected).toBeNull();
});

test('what an old status announced is left out once its time has passed', () => {
  const next = (seconds: number): ComingUp => ({
    ...{ layer: 'sound', atMs: a.NOW_MS + seconds * 1000, winner: 'w', title: String(seconds) },
  });
  const status = a.aStatus({ next: [-5, 0, 1, 2, 3, 4].map(next) });
  expect(card({ status }).next.map(({ title }) => title)).toEqual(['1', '2', '3']);
});

test('conditions come worst first, with their remedy; an unknown one is shown by its code', () => {
  const conditions = ['LINK_DOWN', 'NO_TIME', 'FROM_THE_FUTURE'].map((code) => ({ code, sinceMs: a.NOW_MS }));
  const { troubles, tone } = card({ status: a.aStatus({ conditions }) });
  expect(troubles.map(({ code }) => code)).toEqual(['NO_TIME', 'FROM_THE_FUTURE', 'LINK_DOWN']);
  expect(troubles[0]?.remedy?.vi).toMatch(/DS3231/);
  expect(troubles[1]).toMatchObject({ text: { vi: 'FROM_THE_FUTURE' }, remedy: null });
  expect(tone).toBe('red');
});

test.each<[string, Partial<BoxView>, string]>([
  ['a box that fell silent', a.SILENT, 'amber'],
  ['a box that is behind', { behind: [`plan:${a.AREA}`] }, 'amber'],
  ['a broken chain', { breaks: 1 }, 'red'],
  ['a box that was never heard', { link: { state: 'never', lastSeenAtMs: null, sinceMs: null } }, 'off'],
  [
    'refusals of which no condition speaks any more',
    { status: a.aStatus({ rejects: { SIGNATURE: 3 } }) },
    'ok',
  ],
])('%s has its tone', (_what, box, tone) => {
  expect(card(box).tone).toBe(tone);
});

test('a card has all records of its box that the page knows, or those that came with the box', () => {
  const [known, own] = [[a.kept({ seq: 2 }), a.kept()], [a.kept()]];
  const of = (records: ReadonlyMap<string, typeof known>) =>
    cardOf(a.aBox({ recent: own }), { plans: [], places: a.PLACES, records, nowMs: a.NOW_MS }).records;
  expect(of(new Map([[a.DEV, known]]))).toBe(known);
  expect(of(new Map())).toBe(own);
});

const alert = a.onNow(`order:${a.DIGEST}`, 'Bão số 12');
test.each<[string, Partial<BoxView>, string]>([
  ['an amplifier', {}, 'speaker'],
  ['a page of a plan', { status: page('plan:56/trang') }, 'board'],
  ['its tag, before it was heard', { status: null, tags: ['bang'] }, 'board'],
  ['nothing at all', { status: null }, 'box'],
  ['records of both', { recent: [a.kept({ surface: 'screen' }), a.kept()] }, 'both'],
])('a box is known by %s', (_what, box, kind) => {
  expect(card(box).kind).toBe(kind);
});

test('an order claims both surfaces and makes no board of a loudspeaker', () => {
  const status = a.aStatus({ now: { sound: alert, screen: alert, ticker: alert } });
  const recent = [a.kept({ surface: 'screen', subject: a.ofOrder })];
  expect(card({ status, recent })).toMatchObject({ kind: 'speaker', board: null, sound: { isOrder: true } });
});

function page(winner: string) {
  const now = { sound: a.SILENCE, screen: a.onNow(winner, 'Trang'), ticker: a.SILENCE };
  return a.aStatus({ amplifierOn: null, now });
}
