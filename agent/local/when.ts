/** The time that a technician types, read by the box's clock: the wall clocks of Vietnam, which know no daylight saving. */

const DAY_S = 86_400;
const EAST_S = 7 * 3600;

const pattern = /^(?:(\d{4})-(\d\d)-(\d\d)[ T])?(\d{1,2}):(\d\d)(?::(\d\d))?$/;

/** UTC seconds; null where it is no time. `HH:MM` alone is today's. */
export function instantOf(typed: string, nowMs: number): number | null {
  const match = pattern.exec(typed.trim());
  if (match === null) return null;
  const [year, month, day, hour = 0, minute = 0, second = 0] = match
    .slice(1)
    .map((part: string | undefined) => (part === undefined ? undefined : Number(part)));
  if (hour > 23 || minute > 59 || second > 59) return null;
  const midnight =
    year === undefined || month === undefined || day === undefined
      ? Math.floor((nowMs / 1000 + EAST_S) / DAY_S) * DAY_S
      : dateOf(year, month, day);
  return midnight === null ? null : midnight + hour * 3600 + minute * 60 + second - EAST_S;
}

/** Its midnight as if it were UTC; null for the 30th of February. */
function dateOf(year: number, month: number, day: number): number | null {
  const date = new Date(Date.UTC(year, month - 1, day));
  const isReal = date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return isReal ? date.getTime() / 1000 : null;
}
