/** What loa-sign refuses to sign although the verifier would take it: rules that do not work, and A13's excesses. */
import { anchoredUntil } from '../shared/protocol/fm/beat.ts';
import type { Fmplan, Plan, SignedDocument, Templates } from '../shared/protocol/schema/documents.ts';
import type { Item } from '../shared/protocol/schema/item.ts';
import type { BoxState } from '../shared/protocol/state.ts';
import { storedOf } from '../shared/protocol/state.ts';
import { secondOfDay } from '../shared/schedule/days.ts';
import type { Day } from '../shared/schedule/days.ts';
import type { BoxProfile, PassedOverBecause, SourceKind } from '../shared/schedule/intent.ts';
import { daysOfItem } from '../shared/schedule/item-days.ts';
import { ORDINARY_S_A_DAY, ORDINARY_VOLUME } from '../shared/schedule/limits.ts';
import { isForTags, resolve } from '../shared/schedule/resolve.ts';
import { instantOf, localDay, zoneOf } from '../shared/schedule/zone.ts';
import type { Zone } from '../shared/schedule/zone.ts';
import { templatePlayOf } from './order.ts';
import type { Text } from '../shared/messages/text.ts';

const EVERYTHING: readonly SourceKind[] = ['media', 'stream', 'tuner', 'live', 'page', 'ticker'];

/** A box of this area that can play everything; `tags` decide which items it takes. */
export const boxOf = (area: string, tags: readonly string[]): BoxProfile => ({
  area,
  tags,
  quiet: null,
  can: { sound: EVERYTHING, screen: EVERYTHING },
});

/** Every reason not to sign. */
export function policyFaults(document: SignedDocument, state: BoxState | null): readonly Text[] {
  switch (document.typ) {
    case 'plan':
      return [...brokenItems(document), ...loudItems(document), ...longDays(document)];
    case 'templates':
      return loudTemplates(document);
    case 'order': {
      const template = templatePlayOf(document);
      return template === null ? [] : missingTemplate(template, state);
    }
    case 'fmplan':
      return deadBeats(document);
    case 'trust':
    case 'keyring':
    case 'device':
    case 'head':
    case 'release':
      return [];
  }
}

/** In mode beat a station without an anchor of today or of a day to come would never be let through. */
const deadBeats = ({ mode, stations, iat }: Fmplan): readonly Text[] =>
  stations
    .filter(({ beat }) => mode === 'beat' && (beat === null || anchoredUntil(beat, iat) <= iat))
    .map(({ frequencyKhz, pi }) => ({
      vi: `Đài ${frequencyKhz / 1000} MHz (${pi}) không có mốc nhịp xác thực cho hôm nay: chạy "loa-sign fm-beats".`,
      en: `Station ${frequencyKhz / 1000} MHz (${pi}) has no heartbeat anchor of today: run "loa-sign fm-beats".`,
    }));

const WHY: Readonly<Record<PassedOverBecause, Text | null>> = {
  'unknown-zone': { vi: 'múi giờ không có thật', en: 'there is no such time zone' },
  'bad-rule': { vi: 'luật lặp lại không đọc được', en: 'its recurrence rule does not parse' },
  'source-not-for-surface': {
    vi: 'nguồn không hợp với loa hay bảng',
    en: 'its source does not fit its surface',
  },
  'source-not-on-this-box': null,
  'not-for-tags': null,
};

/** What every box would pass over in silence. */
function brokenItems(plan: Plan): readonly Text[] {
  const box = boxOf(plan.area, tagsOf(plan));
  return resolve({ plans: [plan], box, orders: [], localTest: null }, plan.iat).passedOver.flatMap(
    ({ itemId, because }) => {
      const why = WHY[because];
      if (why === null) return [];
      const where = itemId === null ? plan.zone : itemId;
      return [{ vi: `${where}: ${why.vi}.`, en: `${where}: ${why.en}.` }];
    },
  );
}

export const tagsOf = ({ items }: Plan): readonly string[] => [
  ...new Set(items.flatMap(({ only }) => only?.tags ?? [])),
];

const loud = (name: string, volume: number): Text => ({
  vi: `${name}: âm lượng ${volume} vượt mức ${ORDINARY_VOLUME} mà loa cho phép ngoài báo động.`,
  en: `${name}: volume ${volume} is above ${ORDINARY_VOLUME}, the most that boxes allow but for alarms.`,
});

const loudItems = ({ items }: Plan): readonly Text[] =>
  items
    .filter(({ surface, volume }) => surface === 'sound' && volume > ORDINARY_VOLUME)
    .map(({ id, volume }) => loud(id, volume));

const loudTemplates = ({ items }: Templates): readonly Text[] =>
  items
    .filter(({ warning, volume }) => !warning && volume > ORDINARY_VOLUME)
    .map(({ n, volume }) => loud(`${n}`, volume));

/** The first day on which some box would sound longer than it may. A box may have no tag, or one of those named. */
function longDays(plan: Plan): readonly Text[] {
  const zone = zoneOf(plan.zone);
  if (zone === null) return [];
  for (const tags of [[], ...tagsOf(plan).map((tag) => [tag])]) {
    for (const [day, soundS] of soundByDay(plan, zone, tags)) {
      if (soundS > ORDINARY_S_A_DAY) return [longDay(day, soundS)];
    }
  }
  return [];
}

function longDay(day: Day, soundS: number): Text {
  const date = new Date(day * 86_400_000).toISOString().slice(0, 10);
  const minutes = Math.ceil(soundS / 60);
  const most = ORDINARY_S_A_DAY / 60;
  return {
    vi: `Ngày ${date} phát ${minutes} phút, quá mức ${most} phút một ngày mà loa cho phép.`,
    en: `On ${date} it would sound for ${minutes} minutes; boxes allow ${most} a day.`,
  };
}

/** Seconds of sound by the day on which they begin, over the whole life of the plan; overlaps count once. */
function soundByDay(plan: Plan, zone: Zone, tags: readonly string[]): ReadonlyMap<Day, number> {
  const spans = new Map<Day, { start: number; end: number }[]>();
  const [from, to] = [localDay(zone, plan.iat), localDay(zone, plan.exp)];
  for (const item of plan.items.filter((each) => sounds(each, tags))) {
    const days = daysOfItem(item);
    let day = days?.next(from, to) ?? null;
    while (day !== null) {
      const start = instantOf(zone, day, secondOfDay(item.startAt));
      spans.set(day, [...(spans.get(day) ?? []), { start, end: start + soundOf(item) }]);
      day = days?.next(day + 1, to) ?? null;
    }
  }
  return new Map([...spans].map(([day, each]) => [day, covered(each)]));
}

const sounds = (item: Item, tags: readonly string[]): boolean =>
  item.surface === 'sound' && isForTags(item, tags);

/** How long one window can sound: recordings may end before it. */
function soundOf({ source, lengthS }: Item): number {
  if (source.kind !== 'media' || source.repeat === 'fill') return lengthS;
  const onceMs = source.play.reduce((sum, { durMs }) => sum + durMs, 0);
  return Math.min(lengthS, (onceMs * source.repeat) / 1000);
}

function covered(spans: readonly { start: number; end: number }[]): number {
  let total = 0;
  let reached = -Infinity;
  for (const { start, end } of spans.toSorted((a, b) => a.start - b.start)) {
    total += Math.max(0, end - Math.max(start, reached));
    reached = Math.max(reached, end);
  }
  return total;
}

function missingTemplate({ area, n }: { area: string; n: number }, state: BoxState | null): readonly Text[] {
  const stored = state === null ? undefined : storedOf(state, 'templates', `templates:${area}`);
  if (stored === undefined || stored.document.items.some((item) => item.n === n)) return [];
  return [
    {
      vi: `Mẫu ${area}:${n} không có trong bản đã ghim.`,
      en: `There is no template ${area}:${n} in the pinned document.`,
    },
  ];
}
