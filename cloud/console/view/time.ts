/** Instants and lengths of time as people read them, by the clocks of Vietnam. */
import type { Language, Text } from '../../../shared/messages/text.ts';

const zone = { timeZone: 'Asia/Ho_Chi_Minh', hourCycle: 'h23' } as const;
const seconds = { hour: '2-digit', minute: '2-digit', second: '2-digit' } as const;

const clocks = new Intl.DateTimeFormat('en-GB', { ...zone, ...seconds });
const days = new Intl.DateTimeFormat('en-GB', { ...zone, day: '2-digit', month: '2-digit' });
const longDays: Readonly<Record<Language, Intl.DateTimeFormat>> = {
  vi: new Intl.DateTimeFormat('vi-VN', { ...zone, dateStyle: 'full' }),
  en: new Intl.DateTimeFormat('en-GB', { ...zone, dateStyle: 'full' }),
};

export const clockOf = (atMs: number): string => clocks.format(atMs);

/** With its day where that is not today's. */
export function whenOf(atMs: number, nowMs: number): string {
  const day = days.format(atMs);
  return day === days.format(nowMs) ? clockOf(atMs) : `${clockOf(atMs)} ${day}`;
}

export const dayOf = (atMs: number): Text => ({
  vi: longDays.vi.format(atMs),
  en: longDays.en.format(atMs),
});

/** Until something: `4:05`, `1:00:00`, and days from two days on. Never below zero. */
export function countdown(ms: number): Text {
  const wholeS = Math.max(0, Math.ceil(ms / 1000));
  const dayCount = Math.floor(wholeS / 86_400);
  if (dayCount >= 2) return { vi: `${dayCount} ngày`, en: `${dayCount} days` };
  const [hours, minutes, rest] = [Math.floor(wholeS / 3600), Math.floor(wholeS / 60) % 60, wholeS % 60];
  const tail = `${two(minutes)}:${two(rest)}`;
  const words = hours > 0 ? `${hours}:${tail}` : `${minutes}:${two(rest)}`;
  return { vi: words, en: words };
}

/** A short length: `12 ms`, `2,1 s`, `3 phút`. */
export function lengthOf(ms: number): Text {
  if (ms < 1000) return both(`${Math.round(ms)} ms`);
  if (ms < 60_000) {
    const tenths = (ms / 1000).toFixed(1);
    return { vi: `${tenths.replace('.', ',')} s`, en: `${tenths} s` };
  }
  const minutes = Math.round(ms / 60_000);
  return { vi: `${minutes} phút`, en: `${minutes} min` };
}

const both = (words: string): Text => ({ vi: words, en: words });
const two = (value: number): string => String(value).padStart(2, '0');
