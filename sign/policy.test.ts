import { beforeAll, expect, test } from 'vitest';
import type { Item } from '../shared/protocol/schema/item.ts';
import type { Fmplan, Order, Templates } from '../shared/protocol/schema/documents.ts';
import { policyFaults } from './policy.ts';
import { beatingFmplan, DAY_S, item, knowing, newCast, NOW, planOf, signed } from './a-cast.fixture.ts';
import type { Cast } from './a-cast.fixture.ts';

let cast: Cast;
beforeAll(async () => {
  cast = await newCast();
});

const faultsOf = (...changes: readonly Partial<Item>[]): readonly string[] =>
  policyFaults(planOf(changes.map((change, n) => item({ id: `i${n}`, ...change }))), null).map(
    ({ en }) => en,
  );
const fill = { kind: 'stream', url: 'https://example.vn/radio', orElse: null } as const;

test('an ordinary plan has no fault', () => {
  expect(faultsOf({}, { volume: 90 }, { night: true, startAt: '02:00:00', lengthS: 60 })).toEqual([]);
});

test('A13 a plan with 100 % volume at two in the morning is refused', () => {
  expect(faultsOf({ volume: 100, night: true, startAt: '02:00:00', lengthS: 60 })).toEqual([
    expect.stringContaining('volume 100'),
  ]);
});

test('A13 a plan that sounds for 20 hours a day is refused, also if the day is far off', () => {
  const long = { source: fill, startAt: '03:00:00', lengthS: 20 * 3600 };
  expect(faultsOf(long)).toEqual([expect.stringContaining('1200 minutes')]);
  expect(faultsOf({ ...long, recur: null, firstDay: '2027-01-07' })).toEqual([
    expect.stringContaining('2027-01-07'),
  ]);
});

test('A13 many short items that add up are refused; four hours a day exactly are not', () => {
  const hours = [5, 6, 10, 11].map((hour) => ({
    source: fill,
    startAt: `${String(hour).padStart(2, '0')}:00:00`,
    lengthS: 3600,
  }));
  expect(faultsOf(...hours)).toEqual([]);
  expect(faultsOf(...hours, { startAt: '12:00:00', lengthS: 1 })).toHaveLength(1);
});

test('sound is counted as it is heard: overlaps once, recordings to their end, tags apart', () => {
  expect(faultsOf(...[1, 2, 3, 4, 5].map(() => ({ source: fill, lengthS: 3 * 3600 })))).toEqual([]);
  expect(faultsOf({ lengthS: DAY_S })).toEqual([]);
  const forTag = (tag: string, startAt: string) => ({
    source: fill,
    startAt,
    lengthS: 10_000,
    only: { tags: [tag] },
  });
  expect(faultsOf(forTag('cho', '06:00:00'), forTag('truong', '10:00:00'))).toEqual([]);
  expect(faultsOf(forTag('cho', '06:00:00'), forTag('cho', '10:00:00'))).toHaveLength(1);
});

test('a rule that does not parse, an unknown zone and a source on the wrong surface are refused', () => {
  expect(faultsOf({ recur: { kind: 'rrule', rule: 'FREQ=SOMETIMES' } })).toEqual([
    expect.stringContaining('rule'),
  ]);
  expect(faultsOf({ surface: 'screen', source: { kind: 'tuner', frequencyKhz: 99_500, pi: null } })).toEqual([
    expect.stringContaining('surface'),
  ]);
  expect(policyFaults(planOf([item()], { zone: 'Asia/Nowhere' }), null)).toMatchObject([
    { en: expect.stringContaining('time zone') as string },
  ]);
});

const templates = (volume: number, warning: boolean): Templates => ({
  typ: 'templates',
  v: 1,
  prov: 'vn56',
  id: 'templates:56',
  epoch: 1,
  ver: 1,
  iat: NOW,
  exp: NOW + DAY_S,
  area: '56',
  items: [
    {
      n: 3,
      title: 'Còi',
      warning,
      media: { sha256: 'A'.repeat(43), size: 1, mime: 'audio/ogg', durMs: 1 },
      plays: 1,
      volume,
    },
  ],
});

test('only a warning may be louder than ordinary sound', () => {
  expect(policyFaults(templates(100, true), null)).toEqual([]);
  expect(policyFaults(templates(91, false), null)).toHaveLength(1);
});

const siren = (n: number): Order => ({
  typ: 'order',
  v: 1,
  prov: 'vn56',
  id: '01KAVTESTTESTTESTTESTTEST0',
  epoch: 1,
  ver: 1,
  iat: NOW,
  exp: NOW + 1800,
  kind: 'template',
  scope: ['56'],
  play: { template: { area: '56', n } },
  plays: 1,
  repeatS: null,
  ends: [],
  text: null,
});

test('an order for a template that the pinned document does not have is refused', async () => {
  const state = await knowing(cast, await signed<'templates'>(templates(80, true), [cast.an, cast.binh]));
  expect(policyFaults(siren(3), state)).toEqual([]);
  expect(policyFaults(siren(4), state)).toHaveLength(1);
  expect(policyFaults(siren(4), await knowing(cast))).toEqual([]);
});

test('H8 an fmplan of mode beat is refused where a station has no anchor of today, or none at all', () => {
  const faults = (mode: Fmplan['mode'], anchors: Record<string, string> | null, t0 = NOW - 3600) =>
    policyFaults(beatingFmplan(mode, anchors === null ? null : { t0, chain: 'A'.repeat(22), anchors }), null);
  const anchor = 'A'.repeat(22);
  for (const wrong of [{}, null, { 1: anchor }])
    expect(faults('beat', wrong)).toEqual([
      expect.objectContaining({
        en: expect.stringContaining('101.9 MHz (d3c1) has no heartbeat anchor') as string,
      }),
    ]);
  expect(faults('beat', { 3: anchor }, NOW - 4 * DAY_S)).toHaveLength(1);
  expect(faults('beat', { 0: anchor })).toEqual([]);
  // Made today for a chain that begins next week.
  expect(faults('beat', { 0: anchor }, NOW + 7 * DAY_S)).toEqual([]);
  for (const mode of ['data', 'pi'] as const) expect(faults(mode, null)).toEqual([]);
});
