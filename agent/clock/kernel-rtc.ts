/** The clock chips of this machine, read through sysfs without a privilege, and set through the program that may. */
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ClockReading, Rtc, RtcRead, Uptime } from './seam.ts';

/** Also what the program that sets the clocks takes: systemd/clock-set. */
const SANE_MS = { from: Date.UTC(2024, 0, 1), to: Date.UTC(2100, 0, 1) } as const;
/** A clock that is off by no more is left alone: most chips count whole seconds. */
const STEP_MS = 1_000;
/** A bus that gave no answer for so long hangs. */
const HUNG_MS = 30_000;

/** `system`: the clock of the machine; `chip`: that, and every clock chip; to what `nowMs` then says. Null: done; else why not. Never rejects. */
export type SetMachine = (what: 'system' | 'chip', nowMs: () => number) => Promise<string | null>;

export type KernelRtcParts = {
  /** /sys/class/rtc. */
  readonly folder: string;
  readonly uptime: Uptime;
  /** The machine's clock as found, which the box's own time never rests on (protocol C7). */
  readonly systemMs: () => number;
  readonly setMachine: SetMachine;
};

/** Each chip of this machine, in the order of their names. */
export async function readChips(folder: string): Promise<readonly RtcRead[]> {
  const names = await readdir(folder).catch(() => []);
  const chips = names.filter((name) => /^rtc\d+$/.test(name)).sort();
  return Promise.all(
    chips.map(async (name) =>
      timeIn(await readFile(join(folder, name, 'since_epoch'), 'utf8').catch(() => '')),
    ),
  );
}

/** The first chip that tells a time: a Raspberry Pi 5 without a battery has one that never does. */
const witnessOf = (chips: readonly RtcRead[]): RtcRead =>
  chips.find(({ ok }) => ok) ?? { ok: false, reason: chips.length === 0 ? 'absent' : 'broken' };

/** The middle of the second that the chip shows. A chip that has lost its battery counts on from a year long past. */
function timeIn(text: string): RtcRead {
  const atMs = /^\d{1,12}\n?$/.test(text) ? Number(text) * 1000 + 500 : 0;
  return isSane(atMs) ? { ok: true, atMs } : { ok: false, reason: 'broken' };
}

const isSane = (atMs: number): boolean => atMs >= SANE_MS.from && atMs < SANE_MS.to;

export class KernelRtc implements Rtc {
  readonly #parts: KernelRtcParts;
  #seen: { readonly chips: readonly RtcRead[]; readonly upMs: number } = { chips: [], upMs: 0 };
  #lookingSinceUpMs: number | null = null;
  /** One look at a time, so that a dead bus takes one thread of Node's pool; one setting after the other. */
  #looks: Promise<unknown> = Promise.resolve();
  #waiting = 0;
  #settings: Promise<void> = Promise.resolve();
  #failure: string | null = null;

  constructor(parts: KernelRtcParts) {
    this.#parts = parts;
  }

  /** What the chip said when it was last looked at, and the uptime since; and looks again. */
  read(): RtcRead {
    const { chips, upMs } = this.#seen;
    const read = witnessOf(chips);
    if (this.#waiting === 0) void this.look();
    return read.ok ? { ok: true, atMs: read.atMs + (this.#parts.uptime.upMs() - upMs) } : read;
  }

  /** Before the first `read`; a bus may hang. */
  look(): Promise<readonly RtcRead[]> {
    const { folder, uptime } = this.#parts;
    this.#waiting += 1;
    const mine = this.#looks.then(async () => {
      this.#lookingSinceUpMs = uptime.upMs();
      const chips = await readChips(folder);
      this.#lookingSinceUpMs = null;
      this.#seen = { chips, upMs: uptime.upMs() };
      this.#waiting -= 1;
      return chips;
    });
    this.#looks = mine;
    return mine;
  }

  /** The machine's clock with it, for certificates are judged by that. */
  set(atMs: number, done: (isCarried: boolean) => void): void {
    const now = this.#since(atMs);
    this.#settings = this.#settings.then(async () => {
      const chips = await this.look();
      const isRight = areRight(chips, now()) && this.#isSystemRight(now());
      if (isRight) this.#failure = null;
      done(isRight ? chips.length > 0 : await this.#setAll(now));
    });
  }

  /**
   * protocol C1: to be awaited before the first TLS. `reading` is the box's own time now, `latestMs` the latest time that
   * a head could tell; every chip stays as it is. Done within some fifteen seconds, whatever hangs.
   */
  setSystem(reading: ClockReading, latestMs: number): Promise<void> {
    const seen = [witnessOf(this.#seen.chips), { ok: true, atMs: this.#parts.systemMs() } as const];
    const now = this.#since(systemTimeAt(reading, seen, latestMs));
    this.#settings = this.#settings.then(async () => {
      if (this.#isSystemRight(now())) return;
      this.#failure = await this.#parts.setMachine('system', now);
    });
    return this.#settings;
  }

  /** Why a clock that was wrong could not be set; null where none is known to be wrong. */
  failure(): string | null {
    const sinceUpMs = this.#lookingSinceUpMs;
    const isHung = sinceUpMs !== null && this.#parts.uptime.upMs() - sinceUpMs > HUNG_MS;
    return isHung ? 'a clock chip does not answer' : this.#failure;
  }

  /** Whether the chips have taken it, by what they then show: after a power cut any one of them may be the witness. */
  async #setAll(now: () => number): Promise<boolean> {
    const why = await this.#parts.setMachine('chip', now);
    const chips = await this.look();
    const isCarried = why === null && areRight(chips, now());
    const isRight = isCarried && this.#isSystemRight(now());
    this.#failure = isRight ? null : (why ?? 'set, and yet another time is read back');
    return isCarried && chips.length > 0;
  }

  #isSystemRight(atMs: number): boolean {
    return isNear(this.#parts.systemMs(), atMs);
  }

  /** The wall clock that was `atMs` at this moment. */
  #since(atMs: number): () => number {
    const { uptime } = this.#parts;
    const upMs = uptime.upMs();
    return () => atMs + (uptime.upMs() - upMs);
  }
}

const isNear = (atMs: number, rightMs: number): boolean => Math.abs(atMs - rightMs) <= STEP_MS;
const areRight = (chips: readonly RtcRead[], nowMs: number): boolean =>
  chips.every((chip) => chip.ok && isNear(chip.atMs, nowMs));

/**
 * What the machine's clock is to show at the start of the agent (protocol C1): the box's own time; where it has none,
 * the latest of the floor and of what chip and machine show, which serves nothing but certificates. What lies beyond
 * `latestMs` would make each certificate expired, and no head could ever say otherwise.
 */
export function systemTimeAt(
  { state, nowMs }: Pick<ClockReading, 'state' | 'nowMs'>,
  seen: readonly RtcRead[],
  latestMs: number,
): number {
  if (state !== 'FLOOR') return nowMs;
  const possible = seen.flatMap((read) => (read.ok && read.atMs <= latestMs ? [read.atMs] : []));
  return Math.max(nowMs, ...possible);
}
