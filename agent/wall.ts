/**
 * By which time the box plays: its own clock, or, while that knows nothing and a registrar allows it, what an FM station
 * tells (protocol C6). Everything else – orders, documents, floor, system clock – asks the clock itself.
 */
import { radioTimeAt } from './clock/radio-time.ts';
import type { RadioTime } from './clock/radio-time.ts';
import type { ClockReading } from './clock/seam.ts';
import { UPTIME_PPM } from './clock/timeline.ts';
import type { InForce, WithoutTime } from './verify/in-force.ts';

export type WallParts = {
  readonly readClock: () => ClockReading;
  /** UTC seconds. */
  readonly floor: () => number;
  /** What was told since the box last knew the time. */
  readonly radioTime: () => RadioTime | null;
};

/** Of a second by a crystal that runs ahead as far as any may (protocol §6), so much has surely passed. */
const SURE_PART = 1 - UPTIME_PPM / 1e6;

export class Wall {
  readonly #parts: WallParts;
  #byRadio: InForce['byRadio'] = null;
  #began: { readonly floor: number; readonly upMs: number } | null = null;

  constructor(parts: WallParts) {
    this.#parts = parts;
  }

  /** What was told, whether or not it may be used. */
  radioTime(): RadioTime | null {
    return this.#parts.radioTime();
  }

  /** Now, as the last tick was allowed to see it. */
  read(): ClockReading {
    return this.#at(this.#parts.readClock());
  }

  /** As `inForce` allows it for this reading. */
  allow(reading: ClockReading, byRadio: InForce['byRadio']): ClockReading {
    this.#byRadio = byRadio;
    return this.#at(reading);
  }

  withoutTime(reading: ClockReading): WithoutTime {
    const floor = this.#parts.floor();
    this.#began ??= { floor, upMs: reading.upMs };
    const { floor: atStart, upMs } = this.#began;
    const told = this.#told(reading);
    return {
      toldS: told === null ? null : Math.floor(told.nowMs / 1000),
      // What was a lower bound when the agent started, and the uptime since.
      leastS: Math.max(floor, Math.floor(atStart + ((reading.upMs - upMs) / 1000) * SURE_PART)),
    };
  }

  #at(reading: ClockReading): ClockReading {
    const told = this.#byRadio === null ? null : this.#told(reading);
    return told === null ? reading : { ...reading, ...told, byRadio: true };
  }

  #told({ state, upMs }: ClockReading) {
    return state === 'FLOOR' ? radioTimeAt(this.#parts.radioTime(), upMs, this.#parts.floor()) : null;
  }
}
