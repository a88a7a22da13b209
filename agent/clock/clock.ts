/** The box's wall clock: reads uptime, chip and floor, and keeps what the last head said (protocol §6). */
import type { Clock } from '../../shared/protocol/state.ts';
import { NotKept } from '../store/store.ts';
import type { Store, SyncAnchor, TimePoint } from '../store/store.ts';
import type { ClockReading, Rtc, Uptime } from './seam.ts';
import { judge } from './sync.ts';
import type { Judged } from './sync.ts';
import { readTime, rtcPoint } from './timeline.ts';

const HOUR_MS = 3_600_000;

export type ClockParts = {
  readonly store: Pick<Store, 'state' | 'syncAnchor' | 'keepSyncAnchor' | 'raiseFloor'>;
  readonly uptime: Uptime;
  readonly rtc: Rtc;
};

export class BoxClock {
  readonly #parts: ClockParts;
  #anchor: SyncAnchor | null = null;
  #rtc: TimePoint | null = null;
  #rtcReadUpMs = -Infinity;
  #isDisputed = false;

  constructor(parts: ClockParts) {
    this.#parts = parts;
  }

  /** Once the store is open. */
  open(): void {
    this.#anchor = this.#parts.store.syncAnchor();
  }

  /** One reading a tick; never the system clock (protocol C7). */
  read(): ClockReading {
    return this.#at(this.#parts.uptime.upMs());
  }

  /** The same for `accept`, in whole seconds. */
  clock(): Clock {
    const { state, nowMs, u } = this.read();
    return { state, now: Math.floor(nowMs / 1000), u };
  }

  /**
   * After `accept` took a head with our nonce: `iat` is its answer's `sync`, `roundTripMs` passed between
   * question and answer, which came at uptime `upMs`.
   */
  sync(iat: number, roundTripMs: number, upMs: number): Judged {
    const { store, uptime } = this.#parts;
    const claim = { iat, roundTripMs, upMs, bootId: uptime.bootId };
    const judged = judge(this.#anchor, this.#at(upMs), claim);
    if (judged.kind === 'synced') {
      const anchor = { ...judged.anchor, rtcSet: this.#setRtc(judged.anchor) };
      this.#anchor = anchor;
      ifRoom(() => {
        store.keepSyncAnchor(anchor);
      });
    }
    if (judged.kind !== 'too-slow') this.#isDisputed = judged.kind === 'disputed';
    return judged;
  }

  /** `accept` has answered TIME_DISPUTE to a head with our nonce. */
  dispute(): void {
    this.#isDisputed = true;
  }

  /** Condition TIME_DISPUTE: the last head told another time than the box could believe. */
  isDisputed(): boolean {
    return this.#isDisputed;
  }

  /** protocol D6: to be called hourly. */
  keepFloor(): void {
    const { state, now, u } = this.clock();
    if (state === 'FLOOR') return;
    ifRoom(() => {
      this.#parts.store.raiseFloor(now - u);
    });
  }

  #at(upMs: number): ClockReading {
    const { store, uptime } = this.#parts;
    this.#readRtc();
    return readTime(this.#anchor, this.#rtc, { bootId: uptime.bootId, upMs }, store.state().floor);
  }

  /** Once an hour: within it uptime is as good, and the bus stays quiet. */
  #readRtc(): void {
    const upMs = this.#parts.uptime.upMs();
    if (upMs - this.#rtcReadUpMs < HOUR_MS) return;
    const read = this.#parts.rtc.read();
    this.#rtc = read.ok ? rtcPoint(this.#anchor, read.atMs, upMs) : null;
    this.#rtcReadUpMs = upMs;
  }

  /** Whether the chip now carries the time of this sync. */
  #setRtc(point: TimePoint): boolean {
    const { rtc, uptime } = this.#parts;
    this.#rtcReadUpMs = -Infinity;
    return rtc.set(point.atMs + (uptime.upMs() - point.upMs));
  }
}

/** On a full disk the time goes on all the same; what was not kept is kept the next time. */
function ifRoom(keep: () => void): void {
  try {
    keep();
  } catch (cause) {
    if (!(cause instanceof NotKept)) throw cause;
  }
}
