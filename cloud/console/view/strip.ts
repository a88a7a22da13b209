/** The last and next minutes of one loudspeaker as a strip: what was recorded, what is on, what is announced. */
import type { Card, SoundNow } from './card.ts';
import type { Tone } from './tone.ts';

/** `from` and `to` as parts of the strip's length, 0 to 1. */
export type Block = {
  readonly from: number;
  readonly to: number;
  readonly kind: 'past' | 'order' | 'now' | 'next';
  readonly title: string;
};
export type Strip = {
  readonly spanMs: number;
  readonly now: number;
  readonly blocks: readonly Block[];
  readonly tone: Tone;
};

const MINUTE_MS = 60_000;
/** Lengths that people read at a glance: the shortest that holds the last records is taken. */
const SPANS_MS = [6, 30, 120, 720, 2880].map((minutes) => minutes * MINUTE_MS);
/** Where now stands: what has happened counts for more than what is announced. */
const NOW = 2 / 3;
const LAST_RECORDS = 4;
/** A start whose end is not known is drawn so long, as a part of the strip. */
const TICK = 0.012;

export function stripOf({ records, next, sound, isPast, tone }: Card, nowMs: number): Strip {
  const sounds = records.flatMap(({ record }) =>
    record.surface === 'sound' && record.startedAtMs !== null
      ? [{ ...record, startedAtMs: record.startedAtMs }]
      : [],
  );
  const oldestMs = sounds[Math.min(LAST_RECORDS, sounds.length) - 1]?.startedAtMs ?? nowMs;
  const spanMs = SPANS_MS.find((each) => each * NOW >= nowMs - oldestMs) ?? SPANS_MS[0] ?? MINUTE_MS;
  const at = (ms: number): number => NOW + (ms - nowMs) / spanMs;
  const past = sounds.map(({ startedAtMs, endedAtMs, playedMs, title, subject }) =>
    block(
      at(startedAtMs),
      at(endedAtMs ?? startedAtMs + playedMs),
      subject.kind === 'order' ? 'order' : 'past',
      title,
    ),
  );
  const now =
    sound?.title == null || isPast || !sound.active
      ? []
      : [nowBlock(sound, sound.title, at(sound.span?.fromMs ?? nowMs))];
  const coming = next
    .filter(({ layer }) => layer === 'sound')
    .map(({ atMs, title }) => block(at(atMs), at(atMs) + TICK, 'next', title ?? ''));
  return {
    spanMs,
    now: NOW,
    blocks: [...past, ...now, ...coming].filter(({ from, to }) => to > 0 && from < 1),
    tone,
  };
}

const block = (from: number, to: number, kind: Block['kind'], title: string): Block => ({
  from: Math.max(0, from),
  to: Math.min(1, Math.max(to, from + TICK / 2)),
  ...{ kind, title },
});

const nowBlock = ({ isOrder }: SoundNow, title: string, from: number): Block =>
  block(from, NOW, isOrder ? 'order' : 'now', title);
