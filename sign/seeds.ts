/** The file that a station gets: the seeds of at most seven days, readable by people and programs (docs/fm-station.md). */
import { z } from 'zod';
import { canonicalJson, parseJson } from '../shared/protocol/bytes.ts';
import { anchorOf, beginOf } from '../shared/protocol/fm/beat-frame.ts';
import type { BeatDay } from '../shared/protocol/fm/beat-frame.ts';
import { station } from '../shared/protocol/schema/documents.ts';
import { area, bytes16, instant, integer, province } from '../shared/protocol/schema/primitives.ts';
import { LAST_DAY } from './heartbeat.ts';
import { knownZone, moment } from './render/line.ts';
import { done, refused } from './text.ts';
import type { Outcome } from './text.ts';

/** protocol.md §7: "The station receives seeds for the next 7 days only." */
export const MOST_SEEDS = 7;

const day = z.strictObject({
  day: integer(0, LAST_DAY),
  seed: bytes16,
  /** What the boxes know of the day, so that a damaged seed is noticed before it is on the air. */
  anchor: bytes16,
  from: z.string(),
  to: z.string(),
  fromLocal: z.string(),
  toLocal: z.string(),
});
const seeds = z.strictObject({
  typ: z.literal('loa-fm-seeds'),
  v: z.literal(1),
  prov: province,
  area,
  frequencyKhz: station.shape.frequencyKhz,
  pi: station.shape.pi,
  t0: instant,
  chain: bytes16,
  days: z.array(day).min(1).max(MOST_SEEDS),
});
/** `from` to `to`: the day in UTC and in Vietnam's time; they follow from `t0` and the day's number. */
export type Seeds = z.infer<typeof seeds>;

type Known = Omit<Seeds, 'typ' | 'v' | 'days'>;

const utc = (at: number): string => new Date(at * 1000).toISOString().replace('.000', '');

/** `days` without a gap, the earliest first. */
export const seedsOf = (of: Known, days: readonly BeatDay[]): Seeds => ({
  typ: 'loa-fm-seeds',
  v: 1,
  ...of,
  days: days.map((each) => dayOf(of.t0, each)),
});

function dayOf(t0: number, each: BeatDay): Seeds['days'][number] {
  const [from, to] = [beginOf(t0, each.day), beginOf(t0, each.day + 1)];
  return {
    ...{ day: each.day, seed: each.seed, anchor: anchorOf(each) },
    ...{ from: utc(from), to: utc(to) },
    ...{ fromLocal: moment(knownZone(), from), toLocal: moment(knownZone(), to) },
  };
}

/** Refused where anything in it does not follow from the rest: a damaged seed would be silence on every box. */
export function readSeeds(file: string): Outcome<Seeds> {
  const read = seeds.safeParse(parseJson(file)).data;
  if (read === undefined) return damaged;
  const { typ: _typ, v: _v, days, ...known } = read;
  const again = seedsOf(
    known,
    days.map((each) => ({ chain: read.chain, day: each.day, seed: each.seed })),
  );
  const isWhole = days.every((each, at) => each.day === (days[0]?.day ?? 0) + at);
  return isWhole && canonicalJson(again) === canonicalJson(read) ? done(read) : damaged;
}

const damaged = refused(
  'Tệp mầm nhịp bị hỏng hoặc bị sửa. Xin lại tệp ở người giữ nhịp của tỉnh.',
  'The file of seeds is damaged or was changed. Ask the province for it again.',
);
