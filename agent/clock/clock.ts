/** The box's wall clock: reads uptime, chip and floor, and keeps what the last head said (protocol §6). */
import type { Clock } from '../../shared/protocol/state.ts';
import { NotKept } from '../store/store.ts';
import type { Store, SyncAnchor, TimePoint } from '../store/store.ts';
import type { ClockReading, Rtc, Uptime } from './seam.ts';
import { claimOf, confirmedClock, disputeOf, isApart, serves, settlementAt, SLOWEST_MS } from './dispute.ts';
import type { Dispute, Settlement } from './dispute.ts';
import { judge, settledBy } from './sync.ts';
import type { Judged, TimeClaim } from './sync.ts';
import { readTime, rtcPoint } from './timeline.ts';

const HOUR_MS = 3_600_000;
/** The difference that was seen and the one that is: another dispute, once it is more. */
const CHANGED_MS = 10_000;

export type ClockParts = {
  readonly store: Pick<Store, 'state' | 'syncAnchor' | 'keepSyncAnchor' | 'raiseFloor' | 'noteClock'>;
  readonly uptime: Uptime;
  readonly rtc: Rtc;
};

export class BoxClock {
  readonly #parts: ClockParts;
  #anchor: SyncAnchor | null = null;
  #rtc: TimePoint | null = null;
  #rtcReadUpMs = -Infinity;
  /** What the last head said that the box could not believe. */
  #said: TimePoint | null = null;
  #settlement: Settlement | null = null;

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
    const { uptime } = this.#parts;
    const claim = { iat, roundTripMs, upMs, bootId: uptime.bootId };
    const judged = this.#judge(claim);
    if (judged.kind === 'synced') {
      this.#keep(judged.anchor);
      this.#setRtc(judged.anchor);
    }
    if (judged.kind !== 'too-slow')
      this.#said = judged.kind === 'disputed' ? claimOf(iat, roundTripMs, upMs) : null;
    return judged;
  }

  /** `accept` took a head with our nonce for signed and refused it for its time. */
  dispute(iat: number, roundTripMs: number, upMs: number): void {
    const reading = this.#at(upMs);
    const state = this.#parts.store.state();
    const isDisputed = isApart(iat, roundTripMs, reading, state.floor);
    if (isDisputed) this.#said = claimOf(iat, roundTripMs, upMs);
    if (this.settlement()?.kind !== 'open' || roundTripMs > SLOWEST_MS) return;
    const why = this.disputed()?.blocked ?? 'other-time';
    this.#settlement = isDisputed ? { kind: 'refused', why } : { kind: 'agreed' };
  }

  /** Condition TIME_DISPUTE: the last head told another time than the box could believe. */
  disputed(): Dispute | null {
    return this.#said === null ? null : disputeOf(this.#said, this.read(), this.#parts.store.state());
  }

  /**
   * Somebody stands at the box, has seen both times and takes the cloud's, `aheadMs` ahead of the box's: the next
   * head with our nonce that says so sets the clock. Null: it is open; else why not, and nothing has changed.
   */
  confirm(aheadMs: number): 'no-dispute' | 'changed' | NonNullable<Dispute['blocked']> | null {
    const dispute = this.disputed();
    if (dispute === null || this.#said === null) return 'no-dispute';
    if (Math.abs(dispute.aheadMs - aheadMs) > CHANGED_MS) return 'changed';
    if (dispute.blocked !== null) return dispute.blocked;
    // Said twice is confirmed once: nobody keeps it open, nor fills the card with it.
    const open = this.settlement();
    if (open?.kind === 'open' && open.said === this.#said) return null;
    const { nowMs, upMs } = this.read();
    this.#note('TIME_CONFIRMED', nowMs, dispute.saidAtMs);
    this.#settlement = { kind: 'open', said: this.#said, openedUpMs: upMs };
    return null;
  }

  /** What came of the last confirmation since the agent started. */
  settlement(): Settlement | null {
    return settlementAt(this.#settlement, this.#parts.uptime.upMs());
  }

  /** For `accept`, of a head with our nonce and of nothing else: what a person has confirmed; null for the box's own time. */
  confirmed(roundTripMs: number): Clock | null {
    return confirmedClock(this.#settlement, roundTripMs, this.#parts.uptime.upMs());
  }

  /** The last head that set or confirmed the clock. `agoMs`: null for a box that does not know the time since. */
  lastSync(): (SyncAnchor & { readonly agoMs: number | null }) | null {
    if (this.#anchor === null) return null;
    const { state, nowMs, upMs } = this.read();
    const isOfThisBoot = this.#anchor.bootId === this.#parts.uptime.bootId;
    const byWallMs = state === 'FLOOR' ? null : nowMs - this.#anchor.atMs;
    return { ...this.#anchor, agoMs: isOfThisBoot ? upMs - this.#anchor.upMs : byWallMs };
  }

  /** protocol D6: to be called hourly. */
  keepFloor(): void {
    const { state, now, u } = this.clock();
    if (state === 'FLOOR') return;
    ifRoom(() => {
      this.#parts.store.raiseFloor(now - u);
    });
  }

  /** protocol C5: a confirmation is good for one answer that came in time, whatever that says. */
  #judge(claim: TimeClaim): Judged {
    const reading = this.#at(claim.upMs);
    const isServed = serves(
      this.#settlement,
      claimOf(claim.iat, claim.roundTripMs, claim.upMs),
      claim.roundTripMs,
    );
    const judged = (isServed ? settledBy : judge)(this.#anchor, reading, claim);
    if (this.settlement()?.kind !== 'open' || judged.kind === 'too-slow') return judged;
    if (isServed && judged.kind === 'synced') {
      const [fromAtMs, toAtMs] = [reading.nowMs, judged.anchor.atMs];
      this.#settlement = { kind: 'settled', fromAtMs, toAtMs };
      this.#note('TIME_SETTLED', fromAtMs, toAtMs);
    } else {
      this.#settlement =
        judged.kind === 'synced' ? { kind: 'agreed' } : { kind: 'refused', why: 'other-time' };
    }
    return judged;
  }

  #note(code: 'TIME_CONFIRMED' | 'TIME_SETTLED', fromAtMs: number, toAtMs: number): void {
    const [from, to] = [fromAtMs, toAtMs].map((atMs) => new Date(atMs).toISOString());
    ifRoom(() => {
      this.#parts.store.noteClock(Math.round(fromAtMs), code, `${from}>${to}`);
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

  #keep(anchor: SyncAnchor): void {
    this.#anchor = anchor;
    ifRoom(() => {
      this.#parts.store.keepSyncAnchor(anchor);
    });
  }

  /** The chip is a witness again once it carries the time of this sync, and of no other. */
  #setRtc(anchor: SyncAnchor): void {
    const { rtc, uptime } = this.#parts;
    this.#rtcReadUpMs = -Infinity;
    rtc.set(anchor.atMs + (uptime.upMs() - anchor.upMs), (isCarried) => {
      this.#rtcReadUpMs = -Infinity;
      if (isCarried !== anchor.rtcSet && this.#anchor === anchor)
        this.#keep({ ...anchor, rtcSet: isCarried });
    });
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
