/** What an fmplan says of heartbeats, made and made longer: pure but for the hashing, between the secret and the commands. */
import { z } from 'zod';
import { momentOf } from '../shared/protocol/fm/beat-frame.ts';
import type { BeatDay } from '../shared/protocol/fm/beat-frame.ts';
import { station } from '../shared/protocol/schema/documents.ts';
import type { Fmplan, Station } from '../shared/protocol/schema/documents.ts';
import { anchorsOf, dayOfChain, LAST_DAY, MOST_DAYS } from './heartbeat.ts';
import type { Heartbeat } from './heartbeat.ts';
import { MESSAGES } from './messages.ts';
import { done } from './text.ts';
import type { Outcome } from './text.ts';

type Beat = NonNullable<Station['beat']>;
export type Beating = Station & { readonly beat: Beat };
type Tell = (done: number, of: number) => void;

const written = z.looseObject({
  typ: z.literal('fmplan'),
  stations: z.array(
    z.looseObject({
      frequencyKhz: station.shape.frequencyKhz,
      pi: station.shape.pi,
      beat: z.unknown().optional(),
    }),
  ),
});
/** A draft of an fmplan as far as heartbeats go; null where it is none. */
export type Written = z.infer<typeof written>;
export const writtenFmplan = (value: unknown): Written | null => written.safeParse(value).data ?? null;

export const wantsBeat = ({ beat }: Written['stations'][number]): boolean =>
  beat === undefined || beat === null;

export const isBeating = (each: Station): each is Beating => each.beat !== null;

/** `101.9 MHz (d3c1)`. */
export const stationName = ({ frequencyKhz, pi }: Pick<Station, 'frequencyKhz' | 'pi'>): string =>
  `${frequencyKhz / 1000} MHz (${pi})`;

/** The first `days` of a chain. */
export const firstBeat = (made: Heartbeat, days: number, tell: Tell): Beat => ({
  t0: made.t0,
  chain: made.chain,
  anchors: anchorsOf(made, { first: 0, last: days - 1 }, tell),
});

/** The same chain for `days` from today on, or as far as it went already; days that are over go. */
export function longerBeat(
  secret: Heartbeat,
  beat: Beat,
  { now, days }: { readonly now: number; readonly days: number },
  tell: Tell,
): Outcome<Beat> {
  const first = Math.max(0, momentOf(beat.t0, now).day);
  const known = Object.keys(beat.anchors).map(Number);
  const last = Math.min(Math.max(first + days - 1, ...known), first + MOST_DAYS - 1, LAST_DAY);
  const anchors = anchorsOf(secret, { first, last }, tell);
  const wrong = known.find((day) => day >= first && anchors[String(day)] !== beat.anchors[String(day)]);
  return wrong === undefined ? done({ ...beat, anchors }) : { ok: false, why: MESSAGES.otherAnchor(wrong) };
}

/** Days that a station may be given now: anchored, so that boxes take their beats, and of this very secret. */
export function daysToGive(
  secret: Heartbeat,
  { t0, anchors }: Beat,
  { now, days, skip }: { readonly now: number; readonly days: number; readonly skip: number },
): Outcome<readonly BeatDay[]> {
  const today = momentOf(t0, now).day + skip;
  const wanted = Array.from({ length: days }, (_, at) => today + at).filter((day) => day >= 0);
  const gap = wanted.findIndex((day) => anchors[String(day)] === undefined);
  const given = gap === -1 ? wanted : wanted.slice(0, gap);
  const [first, last] = [given[0], given.at(-1)];
  if (first === undefined || last === undefined) return { ok: false, why: MESSAGES.noSeedsNow };
  const own = anchorsOf(secret, { first, last });
  const wrong = given.find((day) => own[String(day)] !== anchors[String(day)]);
  if (wrong !== undefined) return { ok: false, why: MESSAGES.otherAnchor(wrong) };
  return done(given.map((day) => dayOfChain(secret, day)));
}

/** The stations with heartbeats that are meant: one by its frequency, or all of them. */
export const beatingOf = ({ stations }: Fmplan, frequencyKhz: number | undefined): readonly Beating[] =>
  stations
    .filter(isBeating)
    .filter((each) => frequencyKhz === undefined || each.frequencyKhz === frequencyKhz);
