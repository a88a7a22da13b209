/** When the next turn of sync is due, and for what. All times are monotonic milliseconds that the caller reads. */
import type { SyncReport } from './turn.ts';
import { about, between } from './waits.ts';
import type { Random, Waits } from './waits.ts';

/** Nudges that led to nothing make the next ones wait longer, up to this many times the jitter: a broker that cries wolf costs data. */
const FRUITLESS_MOST = 20;
/** A document that wants newer trust may hurry a turn, but not more often. */
const TRUST_HURRY_MS = 60_000;

/** `documents`: a full turn. `nudged`: somebody said there was something new. */
export type Due = { readonly documents: boolean; readonly nudged: boolean };

export class Timetable {
  readonly #waits: Waits;
  readonly #random: Random;
  // A box that starts asks at once: perhaps it is the time itself that it lacks.
  #documentsAt = Number.NEGATIVE_INFINITY;
  #smallAt = Number.NEGATIVE_INFINITY;
  #notBefore = Number.NEGATIVE_INFINITY;
  #trustHurriedAt = Number.NEGATIVE_INFINITY;
  /** Full turns in a row that brought no head. */
  #headless = 0;
  /** Turns in a row that did not reach the cloud, or left a download in the middle. */
  #failures = 0;
  #fruitless = 0;
  #isNudged = false;

  constructor(waits: Waits, random: Random) {
    this.#waits = waits;
    this.#random = random;
  }

  nextAt(): number {
    return Math.max(this.#notBefore, Math.min(this.#documentsAt, this.#smallAt));
  }

  /** A turn begins: what is due now is done by it. The next are due in their time, also while this one still downloads. */
  take(upMs: number, nudged: boolean): Due {
    const { documentsMs, ordersMs, ordersJitterMs } = this.#waits;
    const documents = this.#documentsAt <= upMs;
    if (documents) {
      this.#documentsAt = upMs + about(this.#random, documentsMs);
      this.#isNudged = false;
    }
    this.#smallAt = upMs + between(this.#random, ordersMs - ordersJitterMs, ordersMs + ordersJitterMs);
    return { documents, nudged: documents && nudged };
  }

  /** A turn ended; null where it broke down. */
  done(due: Due, report: SyncReport | null, upMs: number): void {
    this.#notBefore = upMs + this.#waits.leastGapMs;
    if (report !== null && report.accepted > 0) this.#fruitless = 0;
    else if (due.nudged) this.#fruitless += 1;
    if (due.documents) this.#afterDocuments(report, upMs);
    this.#afterAny(due, report, upMs);
  }

  /** A cloud that answers and has no head for us is asked no more often than documents are. */
  #afterDocuments(report: SyncReport | null, upMs: number): void {
    const { documentsMs, retryMostMs } = this.#waits;
    this.#headless = report?.headAccepted === true ? 0 : this.#headless + 1;
    const most = report?.reached === true ? Math.max(documentsMs, retryMostMs) : retryMostMs;
    if (this.#headless > 0) this.documentsBy(upMs + this.#retryWait(this.#headless, most));
  }

  #afterAny(due: Due, report: SyncReport | null, upMs: number): void {
    if (report?.asked === 0) return;
    const isUnfinished = report === null || report.broken || !report.reached;
    this.#failures = isUnfinished ? this.#failures + 1 : 0;
    // A full turn that failed comes again as a full turn.
    if (!isUnfinished || (due.documents && report?.headAccepted !== true)) return;
    this.smallBy(upMs + this.#retryWait(this.#failures, this.#waits.retryMostMs));
  }

  documentsBy(atUpMs: number): void {
    this.#documentsAt = Math.min(this.#documentsAt, atUpMs);
  }

  /** Orders, media and records. */
  smallBy(atUpMs: number): void {
    this.#smallAt = Math.min(this.#smallAt, atUpMs);
  }

  /** One throw of the dice for all nudges until the next full turn: the earliest of a thousand throws is now. */
  nudgedAt(upMs: number): void {
    if (this.#isNudged) return;
    this.#isNudged = true;
    const times = Math.min(FRUITLESS_MOST, 2 ** this.#fruitless);
    this.documentsBy(upMs + between(this.#random, 0, this.#waits.nudgeJitterMs * times));
  }

  /** Something came that only newer trust can judge. */
  trustMissedAt(upMs: number): void {
    if (upMs - this.#trustHurriedAt < TRUST_HURRY_MS) {
      this.nudgedAt(upMs);
      return;
    }
    this.#trustHurriedAt = upMs;
    this.documentsBy(upMs);
  }

  /** Doubling with each failure in a row. */
  #retryWait(failures: number, most: number): number {
    return about(this.#random, Math.min(most, this.#waits.retryMs * 2 ** Math.min(20, failures - 1)));
  }
}
