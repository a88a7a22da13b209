/** What all steps of one turn of sync share: what they were given, what they found out, and when they had better stop. */
import { areaOf } from '../../shared/protocol/addressed.ts';
import type { BoxState, Clock } from '../../shared/protocol/state.ts';
import type { Signer } from '../../shared/records/device-key.ts';
import type { MediaShelf, Store } from '../store/store.ts';
import type { Cloud, Got, MediaGot } from './cloud.ts';
import type { Nonce } from './nonce.ts';
import { RetryLater } from './retry-later.ts';
import type { Waits } from './waits.ts';

/**
 * The door for documents. `code` is `ACCEPTED`, a rejection, `BACKOFF` (the channel floods, come again later) or
 * `NOT_KEPT`; `sync` the time that a head with our nonce brought, in UTC seconds.
 */
export type Admit = (
  bytes: Uint8Array,
  channel: 'http' | 'mqtt',
  /** A time that a person has confirmed, in place of the box's own: for a head with our nonce, and for nothing else. */
  confirmed?: Clock | null,
) => Promise<{ readonly code: string; readonly sync: number | null; readonly retryAfterTrust: boolean }>;

/** The clock that a head may set (protocol C5); it judges for itself whether it lets it. */
export interface SyncClock {
  /** protocol §6: UTC and uptime in milliseconds, the uncertainty in seconds. */
  read(): {
    readonly state: Clock['state'];
    readonly nowMs: number;
    readonly u: number;
    readonly upMs: number;
  };
  /** A head with our nonce, accepted: `iat` in UTC seconds; its answer came at uptime `upMs`. */
  sync(iat: number, roundTripMs: number, upMs: number): unknown;
  /** Signed, with our nonce, and refused for its time; the clock judges whether that is a dispute. */
  dispute(iat: number, roundTripMs: number, upMs: number): void;
  /** For `admit` of the answer that took so long; null: nobody has confirmed anything. */
  confirmed(roundTripMs: number): Clock | null;
}

export type SyncDeps = {
  readonly prov: string;
  readonly cloud: Cloud;
  readonly store: Pick<Store, 'state' | 'outbox' | 'confirm' | 'unsent' | 'rejects'>;
  readonly shelf: Pick<MediaShelf, 'has' | 'receive' | 'evict'>;
  readonly admit: Admit;
  readonly signer: Signer;
  readonly clock: SyncClock;
  readonly nonce: Nonce;
  readonly waits: Waits;
};

export type Version = { readonly epoch: number; readonly ver: number };

/** What a turn is for. `nudged`: versions that somebody says are there, which the head may not know yet. */
export type Errand = {
  readonly documents: boolean;
  readonly orders: boolean;
  readonly nudged: ReadonlyMap<string, Version>;
  /** Ends a download when there is something more urgent; the next turn goes on where it stopped. */
  readonly hurry: AbortSignal;
};

/** What came of a turn; also the facts behind conditions. */
export type SyncReport = {
  /** Requests made. */
  asked: number;
  /** The cloud answered something of use. */
  reached: boolean;
  /** It answered anything at all. */
  answered: boolean;
  /** A download stopped in the middle. */
  broken: boolean;
  headAccepted: boolean;
  /** The list of orders came. */
  ordersHeard: boolean;
  /** Documents and orders, heads aside. */
  accepted: number;
  refused: Record<string, number>;
  mediaFetched: number;
  /** Still not here at the end of the turn. */
  mediaMissing: number;
  /** Some of them did not fit on the shelf. */
  noSpace: boolean;
  uploaded: number;
  /** The last thing that went wrong, in words; null for a clean turn. */
  trouble: string | null;
};

/** What outlives a turn, in memory alone. */
export class SyncMemory {
  readonly documents: RetryLater;
  readonly media: RetryLater;
  readonly uploads: RetryLater;
  /** In which state of the clock documents were last refused: with another they deserve another look. */
  clockState: Clock['state'] | null = null;

  constructor({ refusedMs, refusedMostMs }: Waits) {
    this.documents = new RetryLater(refusedMs, refusedMostMs);
    this.media = new RetryLater(refusedMs, refusedMostMs);
    this.uploads = new RetryLater(refusedMs, refusedMostMs);
  }
}

/** A server that fails so often in a row gets no further request in this turn. */
const FAILURES = 2;

export class Turn {
  readonly deps: SyncDeps;
  readonly memory: SyncMemory;
  readonly errand: Errand;
  readonly report: SyncReport = {
    asked: 0,
    reached: false,
    answered: false,
    broken: false,
    headAccepted: false,
    ordersHeard: false,
    accepted: 0,
    refused: {},
    mediaFetched: 0,
    mediaMissing: 0,
    noSpace: false,
    uploaded: 0,
    trouble: null,
  };
  #failures = 0;

  constructor(deps: SyncDeps, memory: SyncMemory, errand: Errand) {
    this.deps = deps;
    this.memory = memory;
    this.errand = errand;
  }

  state(): BoxState {
    return this.deps.store.state();
  }

  /** Null until the first device document: then a box belongs nowhere, and plays nothing. */
  area(): string | null {
    return areaOf(this.state());
  }

  upMs(): number {
    return this.deps.clock.read().upMs;
  }

  /** Whether the next request is worth its data. */
  worthTrying(): boolean {
    return this.#failures < FAILURES;
  }

  /** Books what the cloud answered; `what` names it for people. */
  heard<T extends Got | MediaGot>(what: string, got: T): T {
    this.report.asked += 1;
    if (got.kind === 'failed') this.#failures += 1;
    else this.#failures = 0;
    this.report.answered ||= got.kind !== 'failed';
    this.report.reached ||= got.kind !== 'failed' && got.kind !== 'later' && got.kind !== 'refused';
    if (got.kind === 'failed' || got.kind === 'refused') this.trouble(`${what}: ${got.why}`);
    if (got.kind === 'later')
      this.trouble(`${what}: asked to come back in ${Math.ceil(got.afterMs / 1000)} s`);
    return got;
  }

  trouble(words: string): void {
    this.report.trouble = words.slice(0, 300);
  }
}
