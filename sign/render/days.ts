/** The days to come under a plan, as `resolve` decides them on a box: what sounds, what shows, from when to when. */
import type { Plan } from '../../shared/protocol/schema/documents.ts';
import type { Item } from '../../shared/protocol/schema/item.ts';
import { secondOfDay } from '../../shared/schedule/days.ts';
import { daysOfItem } from '../../shared/schedule/item-days.ts';
import { resolve } from '../../shared/schedule/resolve.ts';
import { instantOf, localDay } from '../../shared/schedule/zone.ts';
import type { Zone } from '../../shared/schedule/zone.ts';
import { boxOf, tagsOf } from '../policy.ts';
import { clockTime, danger, dayName, faint, knownZone, midnight, plain, title, warn } from './line.ts';
import type { Line } from './line.ts';

const DAYS_SHOWN = 7;

type Opening = {
  readonly at: number;
  readonly end: number;
  readonly item: Item;
  /** Won, but quiet hours keep it silent. */
  readonly silenced: boolean;
};
type Span = { readonly from: number; readonly until: number };

/** `from`: an instant in UTC seconds. A box is assumed that has every tag of the plan, and no other plan. */
export function dayLines(plan: Plan, from: number): readonly Line[] {
  const zone = knownZone(plan.zone);
  const until = Math.min(midnight(zone, localDay(zone, from) + DAYS_SHOWN), plan.exp);
  const openings = [...sounding(plan, { from, until }), ...showing(plan, zone, { from, until })].toSorted(
    (a, b) => a.at - b.at,
  );
  const lines = openings.flatMap((opening, index) => {
    const day = localDay(zone, opening.at);
    const before = openings[index - 1];
    const isNewDay = before === undefined || localDay(zone, before.at) !== day;
    return [...(isNewDay ? [plain(dayName(day))] : []), openingLine(opening, zone)];
  });
  const silent = warn('Không có gì phát trong những ngày này. · Nothing sounds or shows in these days.');
  return [
    title(`${DAYS_SHOWN} NGÀY TỚI · NEXT ${DAYS_SHOWN} DAYS (${plan.zone})`),
    ...(lines.length === 0 ? [silent] : lines),
  ];
}

/** Each stretch in which one item has the sound. A live item is none: it waits for an order. */
function sounding(plan: Plan, { from, until }: Span): readonly Opening[] {
  const situation = { plans: [plan], box: boxOf(plan.area, tagsOf(plan)), orders: [], localTest: null };
  const openings: Opening[] = [];
  for (let at = from; at < until;) {
    const { sound, quiet } = resolve(situation, at);
    const end = Math.min(sound.until ?? until, quiet.until, until);
    if (sound.winner?.kind === 'item') {
      extend(openings, { at, end, item: sound.winner.item, silenced: quiet.silences });
    }
    at = end;
  }
  return openings;
}

/** The item goes on where the stretch before it was its own and ended here. */
function extend(openings: Opening[], next: Opening): void {
  const last = openings.at(-1);
  const goesOn = last?.item === next.item && last.silenced === next.silenced && last.end === next.at;
  if (goesOn) openings[openings.length - 1] = { ...last, end: next.end };
  else openings.push(next);
}

/** Every window of what shows: pages take turns, so each of them is seen. */
function showing(plan: Plan, zone: Zone, { from, until }: Span): readonly Opening[] {
  const openings: Opening[] = [];
  const [first, last] = [localDay(zone, from) - 1, localDay(zone, until)];
  for (const item of plan.items.filter(({ surface }) => surface === 'screen')) {
    const days = daysOfItem(item);
    for (let day = days?.next(first, last) ?? null; day !== null; day = days?.next(day + 1, last) ?? null) {
      const start = instantOf(zone, day, secondOfDay(item.startAt));
      const opening = { at: Math.max(start, from), end: start + item.lengthS, item, silenced: false };
      if (opening.end > from && opening.at < until) openings.push(opening);
    }
  }
  return openings;
}

function openingLine({ at, end, item, silenced }: Opening, zone: Zone): Line {
  const where =
    item.surface === 'sound' ? `loa · sound   ${String(item.volume).padStart(3)} %` : 'bảng · screen      ';
  const text = `  ${clockTime(zone, at)}–${clockTime(zone, end)}  ${where}  ${item.title} [${item.id}]`;
  if (silenced) return faint(`${text}  (giờ nghỉ: im lặng · quiet hours: silent)`);
  return item.night && item.surface === 'sound' ? danger(text) : plain(text);
}
