import { beforeAll, expect, test } from 'vitest';
import { review } from '../../shared/protocol/review.ts';
import type { Order, SignedDocument } from '../../shared/protocol/schema/documents.ts';
import type { BoxState } from '../../shared/protocol/state.ts';
import type { SigningKey } from '../keys.ts';
import { payloadOf, signDraft } from '../signing.ts';
import {
  beatingFmplan,
  clockAt,
  DAY_S,
  item,
  keyringOf,
  knowing,
  newCast,
  NOW,
  planOf,
  signed,
  trustOf,
} from '../a-cast.fixture.ts';
import type { Cast } from '../a-cast.fixture.ts';
import { shown } from '../../shared/messages/text.ts';
import { valueOf } from '../text.ts';
import { changeLines } from './changes.ts';
import { documentLines } from './document.ts';
import type { Line } from './line.ts';

let cast: Cast;
let state: BoxState;
beforeAll(async () => {
  cast = await newCast();
  const plan = await signed<'plan'>(planOf([item(), item({ id: 'cu' })]), [cast.an, cast.dung]);
  state = await knowing(cast, await signed<'keyring'>(keyringOf(cast), [cast.an, cast.binh]), plan);
});

const places = new Map([
  ['56', 'Khánh Hòa'],
  ['56.22366', 'Diên Khánh'],
]);

async function seen(
  document: SignedDocument,
  keys: readonly SigningKey[] = [],
  now = NOW,
): Promise<readonly Line[]> {
  const opened = valueOf(await signDraft(document, keys));
  const judged = await review(payloadOf(opened), [...opened.signatures], state, clockAt(now));
  return documentLines(opened, judged, { now, state, places });
}
const textOf = (lines: readonly Line[]): string => lines.map(({ text }) => shown(text, Infinity)).join('\n');

const evening = planOf(
  [
    item({ title: 'Bản tin chiều', volume: 60 }),
    item({
      id: 'dem',
      title: 'Báo mưa đêm',
      night: true,
      startAt: '23:30:00',
      lengthS: 7200,
      priority: 7,
      recur: null,
    }),
    item({
      id: 'som',
      title: 'Thể dục',
      startAt: '04:50:00',
      lengthS: 1200,
      recur: { kind: 'rrule', rule: 'FREQ=WEEKLY;BYDAY=SA' },
    }),
    item({
      id: 'ram',
      title: 'Ngày rằm',
      surface: 'screen',
      startAt: '06:00:00',
      lengthS: 3600,
      recur: { kind: 'lunar', months: [], days: [15], leap: true },
      source: {
        kind: 'page',
        template: 'thuong',
        title: 'Ngày rằm',
        body: 'Dòng một\nDòng hai',
        image: null,
        durationS: 10,
      },
    }),
  ],
  { ver: 2, exp: NOW + 30 * DAY_S },
);

test('W01 what is shown is what stands in the bytes: every item, the days to come, the changes, who has signed', async () => {
  const text = textOf(await seen(evening, [cast.dung]));
  expect(
    text
      .replaceAll(/[\p{L}]+ [\p{L}]+( · [\p{L}]+ [\p{L}]+){5}/gu, '<six words>')
      .replace(/\([\w-]{43}\)/, '(<digest>)'),
  ).toMatchSnapshot();
});

test('W01 another document behind the same words outside is seen as another', async () => {
  const [shownFirst, shownSecond] = [
    textOf(await seen(evening)),
    textOf(await seen({ ...evening, items: [] })),
  ];
  expect(shownFirst).toContain('Báo mưa đêm');
  expect(shownSecond).not.toContain('Báo mưa đêm');
  expect(shownSecond).toContain('Nothing sounds or shows');
});

test('every field of a plan changes what is shown', async () => {
  const before = textOf(await seen(planOf([item()], { ver: 2 })));
  const changes = [
    { title: 'x' },
    { priority: 6 },
    { volume: 71 },
    { night: true },
    { startAt: '17:00:01' },
    { lengthS: 1801 },
    { firstDay: '2026-11-25' },
    { lastDay: '2027-01-01' },
    { except: ['2027-01-01'] },
    { also: ['2027-01-01'] },
    { recur: null },
    { start: 'next' as const },
    { late: 'skip' as const },
    { afterCut: 'drop' as const },
    { only: { tags: ['cho'] } },
    { language: 'cjm' },
    { author: 'y' },
    { topic: 'z' },
    { surface: 'screen' as const },
    { source: { kind: 'stream' as const, url: 'http://a.vn/1', orElse: null } },
  ];
  for (const change of changes) {
    expect(textOf(await seen(planOf([item(change)], { ver: 2 }))), JSON.stringify(change)).not.toBe(before);
  }
});

test('night items, the whole province and alerts are in red', async () => {
  const reds = (lines: readonly Line[]) =>
    lines.filter(({ tone }) => tone === 'danger').map(({ text }) => text.trim());
  expect(reds(await seen(evening))).toEqual([
    expect.stringContaining('QUIET HOURS'),
    expect.stringContaining('23:30–01:30'),
  ]);
  expect(reds(await seen(alert))).toEqual([
    expect.stringContaining('THE WHOLE PROVINCE: 56 (Khánh Hòa)'),
    expect.stringContaining('ALERT'),
  ]);
});

const alert: Order = {
  typ: 'order',
  v: 1,
  prov: 'vn56',
  id: '01KAVTESTTESTTESTTESTTEST0',
  epoch: 1,
  ver: 1,
  iat: NOW,
  exp: NOW + 7200,
  kind: 'alert',
  scope: ['56', '56.22366'],
  play: null,
  plays: 3,
  repeatS: 600,
  ends: [],
  text: 'Nước lũ đang lên',
};

test('an alert is shown with its words, repetitions and a life that is longer than usual', async () => {
  const text = textOf(await seen(alert));
  for (const part of ['Nước lũ đang lên', '3 lần', '10 phút', '2 giờ', 'Diên Khánh'])
    expect(text).toContain(part);
});

test('sound in quiet hours without leave is shown as silent, item by item and stretch by stretch', async () => {
  const text = textOf(await seen(evening));
  expect(text).toMatch(/04:50–05:00 .*Thể dục.*silent/);
  expect(text).toMatch(/05:00–05:10 .*Thể dục \[som\]\n/);
});

test('of two items at one time only the one that will win is in the days to come', async () => {
  const rival = item({ id: 'doi-thu', title: 'Đối thủ', priority: 9 });
  const days = textOf(await seen(planOf([item(), rival]))).split('NEXT 7 DAYS')[1] ?? '';
  expect(days).toContain('Đối thủ');
  expect(days.split('CHỮ KÝ')[0]).not.toContain('Bản tin sáng [ban-tin]');
});

test('each change against the pinned version is named by field and item', async () => {
  const text = textOf(
    await seen(planOf([item({ volume: 55 }), item({ id: 'moi', title: 'Mới' })], { ver: 2 })),
  );
  expect(text).toContain('~ items.ban-tin.volume: 70 → 55');
  expect(text).toContain('+ items.moi “Mới”\n');
  expect(text).toContain('− items.cu “Bản tin sáng”\n');
});

test('who has signed, who is missing, and whose signature does not count are told apart', async () => {
  const text = textOf(await seen(evening, [cast.an, cast.chi]));
  expect(text).toContain(`✓ ${cast.an.holder}`);
  expect(text).toMatch(/not counted: .*\n/);
  expect(text).toContain(`1 of 2 missing, one of: ${cast.dung.holder}`);
  expect(textOf(await seen(evening, [cast.an, cast.dung]))).toContain('Valid and complete');
});

test('a document that the verifier would refuse says why', async () => {
  expect(textOf(await seen(planOf([], { ver: 2, exp: NOW + 93 * DAY_S })))).toContain('TTL_TOO_LONG');
  expect(textOf(await seen(planOf([], { epoch: 0, ver: 2 })))).toContain('OLD_EPOCH');
  expect(textOf(await seen(planOf([item({ volume: 100 })], { ver: 2 })))).toContain('DO NOT SIGN');
});

test('a trust shows people with their fingerprints, and what how many of them may do', async () => {
  const text = textOf(await seen({ ...trustOf(cast), ver: 2 }));
  expect(text).toContain(`2 trong · of 3: ${cast.an.holder}; ${cast.binh.holder}; ${cast.chi.holder}`);
  expect(text).toContain(cast.chi.kid);
  expect(text).toContain('Under the last version');
});

test('H8 an fmplan shows until which day each heartbeat is anchored, and warns of its end, its gaps and of none', async () => {
  const anchored = (days: readonly number[]) => ({
    ...{ t0: NOW - 7 * 3600, chain: 'A'.repeat(22) },
    anchors: Object.fromEntries(days.map((day) => [String(day), 'A'.repeat(22)])),
  });
  const upTo = (count: number) => Array.from({ length: count }, (_, day) => day);
  const lines = async (days: readonly number[], now = NOW) => {
    const all = await seen(beatingFmplan('beat', anchored(days)), [], now);
    return all.filter(({ text }) => /heartbeat:|ANCHOR from/.test(text));
  };
  expect(await lines(upTo(92))).toMatchObject([
    { tone: 'plain', text: expect.stringContaining('24/02/2027 00:00') as string },
  ]);
  expect(await lines(upTo(14))).toMatchObject([
    { tone: 'warn', text: expect.stringContaining('ENDS at 08/12/2026') as string },
  ]);
  expect(await lines(upTo(92), NOW + 91 * DAY_S)).toMatchObject([{ tone: 'warn' }]);
  expect(await lines([])).toMatchObject([{ tone: 'danger' }]);
  expect(await lines([...upTo(20), 30])).toMatchObject([
    { tone: 'plain', text: expect.stringContaining('14/12/2026') as string },
    { tone: 'warn', text: expect.stringContaining('NO ANCHOR from 14/12/2026') as string },
  ]);
});

test('anchors that come and go are told by their days, and one that became another is told by itself', () => {
  const anchors = (from: number, to: number, word: string): Record<string, string> =>
    Object.fromEntries(
      Array.from({ length: to - from + 1 }, (_, at) => [String(from + at), word.repeat(22)]),
    );
  const beat = (all: Record<string, string>) => ({ t0: NOW - 7 * 3600, chain: 'A'.repeat(22), anchors: all });
  const before = beatingFmplan('beat', beat(anchors(0, 9, 'A')));
  const after = beatingFmplan(
    'beat',
    beat({ ...anchors(3, 9, 'A'), ...anchors(10, 29, 'A'), 4: 'Q'.repeat(22) }),
  );
  expect(
    changeLines({ ...after, ver: 2 }, before)
      .slice(1)
      .map(({ text }) => text),
  ).toEqual([
    '− stations.101900.beat.anchors: 3 ngày · days, 0–2',
    '+ stations.101900.beat.anchors: 20 ngày · days, 10–29',
    `~ stations.101900.beat.anchors.4: "${'A'.repeat(22)}" → "${'Q'.repeat(22)}"`,
  ]);
});
