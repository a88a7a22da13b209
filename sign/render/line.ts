/** What a signer sees is a list of lines: each with a tone, none with a character that could steer the terminal. */
import { instantOf, localDay, offsetAt, zoneOf } from '../../shared/schedule/zone.ts';
import type { Zone } from '../../shared/schedule/zone.ts';
import { civilOf, weekdayOf } from '../../shared/schedule/days.ts';
import type { Day } from '../../shared/schedule/days.ts';

/** `danger` is what a signer must not overlook: printed red, and marked so that it shows without colour too. */
export type Tone = 'title' | 'plain' | 'faint' | 'good' | 'warn' | 'danger';
export type Line = { readonly tone: Tone; readonly text: string };

const toned =
  (tone: Tone) =>
  (text: string): Line => ({ tone, text });
export const title = toned('title');
export const plain = toned('plain');
export const faint = toned('faint');
export const good = toned('good');
export const warn = toned('warn');
export const danger = toned('danger');

const VIETNAM = 'Asia/Ho_Chi_Minh';

/** The zone of that name; Vietnam's where this machine does not know it. */
export function knownZone(name: string = VIETNAM): Zone {
  const zone = zoneOf(name) ?? zoneOf(VIETNAM);
  if (zone === null) throw new Error(`Intl does not know ${VIETNAM}`);
  return zone;
}

const two = (number: number): string => String(number).padStart(2, '0');

/** `05:30`, with seconds only where they are not zero. */
export function clockTime(zone: Zone, at: number): string {
  const second = (((at + offsetAt(zone, at)) % 86_400) + 86_400) % 86_400;
  const seconds = second % 60 === 0 ? '' : `:${two(second % 60)}`;
  return `${two(Math.floor(second / 3600))}:${two(Math.floor(second / 60) % 60)}${seconds}`;
}

const WEEKDAYS = ['Thứ Hai', 'Thứ Ba', 'Thứ Tư', 'Thứ Năm', 'Thứ Sáu', 'Thứ Bảy', 'Chủ nhật'];
const WEEKDAYS_EN = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

function dateOf(day: Day): string {
  const civil = civilOf(day);
  return `${two(civil.day)}/${two(civil.month)}/${civil.year}`;
}

/** `Thứ Hai · Mon 24/11/2026`. */
export const dayName = (day: Day): string =>
  `${WEEKDAYS[weekdayOf(day)] ?? ''} · ${WEEKDAYS_EN[weekdayOf(day)] ?? ''} ${dateOf(day)}`;

/** `24/11/2026 05:30`. */
export const moment = (zone: Zone, at: number): string =>
  `${dateOf(localDay(zone, at))} ${clockTime(zone, at)}`;

export const midnight = (zone: Zone, day: Day): number => instantOf(zone, day, 0);

/** `90 phút`, `1:02:30`, `45 ngày`: the largest unit that says it exactly. */
export function duration(seconds: number): string {
  if (seconds >= 172_800 && seconds % 86_400 === 0) return `${seconds / 86_400} ngày · days`;
  if (seconds >= 3600 && seconds % 3600 === 0) return `${seconds / 3600} giờ · h`;
  if (seconds >= 60 && seconds % 60 === 0) return `${seconds / 60} phút · min`;
  if (seconds < 60) return `${seconds} giây · s`;
  const hours = Math.floor(seconds / 3600);
  const rest = `${two(Math.floor(seconds / 60) % 60)}:${two(Math.floor(seconds % 60))}`;
  return hours === 0 ? rest : `${hours}:${rest}`;
}

export function size(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  return bytes < 1024 * 1024 ? `${(bytes / 1024).toFixed(1)} KiB` : `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
}
