/** The only door for documents: bytes → `accept` → on the disk → then the box may act on them (protocol V20). */
import { accept } from '../../shared/protocol/accept.ts';
import { readStored } from '../../shared/protocol/envelope.ts';
import { toBase64url } from '../../shared/protocol/bytes.ts';
import { acceptFmOrder } from '../../shared/protocol/fm/order.ts';
import { reauthorise } from '../../shared/protocol/reauthorise.ts';
import type { Clock, Code, Rejection, Stored } from '../../shared/protocol/state.ts';
import { NotKept } from '../store/store.ts';
import type { Audit, Store } from '../store/store.ts';
import { Backoff } from './backoff.ts';

export type Channel = Audit['channel'];

/** `BACKOFF`: not looked at, come again later. `NOT_KEPT`: good, but the disk did not take it, so it is not acted on. */
export type AdmitCode = Code | 'BACKOFF' | 'NOT_KEPT';

export type FmAdmitCode = Awaited<ReturnType<typeof acceptFmOrder>>['code'] | 'BACKOFF' | 'NOT_KEPT';

export type Admitted = {
  readonly code: AdmitCode;
  /** Stored documents of which the head knows a newer version: fetch them. */
  readonly stale: readonly string[];
  /** UTC seconds that a head with our nonce brought; null for everything else. */
  readonly sync: number | null;
  /** Keep the bytes, fetch the next trust, and try once more. */
  readonly retryAfterTrust: boolean;
};

export type AdmissionParts = {
  readonly store: Pick<Store, 'state' | 'commitState' | 'noteReject'>;
  /** Read anew for each document, when its turn has come. */
  readonly clock: () => Clock;
  /** The nonce that is out (22 characters), or null. */
  readonly nonce: () => string | null;
  readonly upMs: () => number;
  /** Called when something new is on the disk, and not before. */
  readonly accepted: () => void;
};

const MALFORMED: ReadonlySet<Code> = new Set<Rejection>([
  'TOO_BIG',
  'BAD_JSON',
  'BAD_ENVELOPE',
  'BAD_B64',
  'BAD_ENCODING',
  'NOT_CANONICAL',
  'BAD_HEADER',
  'DUP_SIGNER',
  'BAD_SCHEMA',
  'BAD_TIMES',
  'TYPE_MISMATCH',
]);
/** Somebody is trying something: what came is kept as evidence. */
const ALARMING: ReadonlySet<Code> = new Set<Rejection>([
  'THRESHOLD',
  'DUP_SIGNER',
  'ESCALATION',
  'EQUIVOCATION',
  'WEAK_KEY',
  'BAD_GRANT',
]);
const WANTS_TRUST: ReadonlySet<Code> = new Set<Rejection>(['NEED_NEWER_TRUST', 'UNSUPPORTED_TYPE', 'GAP']);

const WAITING_PER_CHANNEL = 64;
const TRUSTS_PER_MINUTE = 64;
const MINUTE_MS = 60_000;

export class Admission {
  readonly #parts: AdmissionParts;
  readonly #backoff = new Backoff();
  readonly #waiting = new Map<Channel, number>();
  #turn: Promise<unknown> = Promise.resolve();
  #trustsAtMs: readonly number[] = [];
  #lastFmRefusal = '';

  constructor(parts: AdmissionParts) {
    this.#parts = parts;
  }

  /** protocol V18 at boot: before anything plays, what is stored must still be authorised. */
  async boot(): Promise<void> {
    await this.#inTurn(async () => {
      const { store } = this.#parts;
      const before = store.state();
      const state = await reauthorise(before);
      if (state !== before) store.commitState(state, this.#audit('boot', 'REAUTHORISED', null));
    });
  }

  /**
   * One at a time: each document is judged against what the one before it left. `confirmed`: a time that a person
   * at the box has confirmed; a head with the nonce that is out is judged by it, and nothing else.
   */
  async admit(bytes: Uint8Array, channel: Channel, confirmed: Clock | null = null): Promise<Admitted> {
    const waiting = this.#waiting.get(channel) ?? 0;
    if (waiting >= WAITING_PER_CHANNEL) return refused('BACKOFF');
    this.#waiting.set(channel, waiting + 1);
    try {
      return await this.#inTurn(() => this.#judge(bytes, channel, confirmed));
    } finally {
      this.#waiting.set(channel, (this.#waiting.get(channel) ?? 1) - 1);
    }
  }

  /** An order in 76 bytes by radio (protocol §7): the same turn, the same commit before anybody acts on it. */
  async admitFm(frame: Uint8Array): Promise<FmAdmitCode> {
    return this.#inTurn(async () => {
      const { store, clock, upMs, accepted } = this.#parts;
      if (this.#backoff.isOff('fm', upMs())) return 'BACKOFF';
      const { code, state } = await acceptFmOrder(frame, store.state(), clock());
      // A station says each order again and again for minutes: that is its work and no attack.
      if (code === 'REPLAY') return code;
      const audit = this.#audit('fm', code, null);
      if (code !== 'ACCEPTED') {
        const refusal = `${code} ${toBase64url(frame)}`;
        // So is what it says again and is refused again: once is told.
        if (refusal === this.#lastFmRefusal) return code;
        this.#lastFmRefusal = refusal;
        if (code === 'BAD_FRAME' || code === 'BAD_SIG') this.#backoff.noteMalformed('fm', upMs());
        store.noteReject(audit, null);
        return code;
      }
      const isKept = this.#keep(() => {
        store.commitState(state, audit);
      });
      if (!isKept) return 'NOT_KEPT'; // protocol V20
      accepted();
      return code;
    });
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work);
    // A bug in one turn is its caller's to hear of, not the next one's.
    this.#turn = result.catch(() => null);
    return result;
  }

  async #judge(bytes: Uint8Array, channel: Channel, confirmed: Clock | null): Promise<Admitted> {
    const { store, clock, nonce, upMs } = this.#parts;
    const nowMs = upMs();
    if (this.#backoff.isOff(channel, nowMs)) return refused('BACKOFF');
    const opened = readStored(bytes);
    const document = typeof opened === 'string' ? null : opened;
    if (document?.document.typ === 'trust' && this.#isTrustFlood(nowMs)) return refused('BACKOFF');
    const by = document !== null && isAnswer(document, nonce()) ? (confirmed ?? clock()) : clock();
    const { code, state, stale, sync } = await accept(bytes, store.state(), by, nonce());
    const audit = this.#audit(channel, code, document);
    if (code !== 'ACCEPTED') {
      if (MALFORMED.has(code)) this.#backoff.noteMalformed(channel, nowMs);
      store.noteReject(audit, ALARMING.has(code) ? bytes : null);
      return refused(code);
    }
    if (
      !this.#keep(() => {
        store.commitState(state, audit);
      })
    )
      return refused('NOT_KEPT'); // protocol V20
    if (document?.document.typ === 'trust') this.#trustsAtMs = [...this.#trustsAtMs, nowMs];
    this.#parts.accepted();
    return { code, stale, sync, retryAfterTrust: false };
  }

  /** Ten thousand versions of trust in a row cost at most 64 commits a minute (T10). */
  #isTrustFlood(nowMs: number): boolean {
    this.#trustsAtMs = this.#trustsAtMs.filter((at) => at > nowMs - MINUTE_MS);
    return this.#trustsAtMs.length >= TRUSTS_PER_MINUTE;
  }

  #keep(commit: () => void): boolean {
    try {
      commit();
      return true;
    } catch (cause) {
      if (cause instanceof NotKept) return false;
      throw cause;
    }
  }

  #audit(channel: Channel, code: string, stored: Stored | null): Audit {
    const atMs = this.#parts.clock().now * 1000;
    return { atMs, channel, code, id: stored?.document.id ?? null, digest: stored?.digest ?? null };
  }
}

const isAnswer = ({ document }: Stored, nonce: string | null): boolean =>
  document.typ === 'head' && document.nonce !== null && document.nonce === nonce;

const refused = (code: Exclude<AdmitCode, 'ACCEPTED'>): Admitted => ({
  code,
  stale: [],
  sync: null,
  retryAfterTrust: code !== 'BACKOFF' && code !== 'NOT_KEPT' && WANTS_TRUST.has(code),
});
