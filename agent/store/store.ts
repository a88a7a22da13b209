/** What a box must still know after a power cut: the seam between everything and SQLite. Synchronous, because "kept" means on the disk. */
import type { BoxState } from '../../shared/protocol/state.ts';
import type { Media } from '../../shared/protocol/schema/media.ts';
import type { PlayRecord, UnchainedRecord } from '../../shared/records/record.ts';

/** One line about a document that came: who carried it, what the answer was. */
export type Audit = {
  readonly atMs: number;
  readonly channel: 'mqtt' | 'http' | 'stick' | 'fm' | 'boot' | 'console' | 'clock';
  readonly code: string;
  readonly id: string | null;
  readonly digest: string | null;
};

/** What sounds or shows at this moment, kept from its start so that a kill leaves a truthful record. */
export type Begun = {
  /** Names this stretch; several may be open at once (pages take turns, a ticker runs over them). Begun twice is a bug. */
  readonly key: string;
  /** The record as it stands if nobody ever comes back to end it (endCause `power`). */
  readonly record: UnchainedRecord;
};

/** How far an accepted order has come: repetition k is due at begun + k · repeatS. */
export type OrderProgress = {
  readonly digest: string;
  readonly begunAtMs: number;
  /** Repetitions that are over. */
  readonly heard: number;
  /** Of the repetition that is not over: how many of its `plays` were heard to their end. */
  readonly playsHeard: number;
  /** The last repetition was heard as the built-in tone, for want of its media: it is due again once they are here. */
  readonly toned: boolean;
};

/** Wall time at one moment of uptime: `atMs` UTC milliseconds, `u` seconds. */
export type TimePoint = { readonly upMs: number; readonly atMs: number; readonly u: number };

/** A correction by a head: `excessMs`, with its sign, is what went beyond the drift that the time since allowed. */
export type ClockMove = { readonly atMs: number; readonly excessMs: number };

/** protocol C7: what the wall clock rests on between two starts of the agent. */
export type SyncAnchor = TimePoint & {
  readonly bootId: string;
  /** When a head last moved the wall clock, or gave it to a box that had none; UTC milliseconds. */
  readonly setAtMs: number;
  /** The first head of this boot: uptime is measured against it. */
  readonly since: TimePoint;
  /** The most that uptime drifts, measured over days; null until then. */
  readonly driftPpm: number | null;
  /** The clock chip was set while the box was SYNCED: only then it is a witness after a power cut. */
  readonly rtcSet: boolean;
  /** protocol C5: of the last 30 days. */
  readonly moves: readonly ClockMove[];
  /** The last time that a person at the box settled a dispute: from which wall time to which. */
  readonly settled?: { readonly fromAtMs: number; readonly toAtMs: number };
};

/** The records not yet confirmed by the cloud, in order, with the hash before the first. */
export type OutboxBatch = {
  readonly chain: string;
  readonly first: number;
  /** h of the record before `first`, base64url. */
  readonly before: string;
  readonly records: readonly PlayRecord[];
};

export interface Store {
  /** Opens, asserts WAL and synchronous=FULL, migrates, checks; throws with a remedy where the disk cannot be trusted. */
  open(): void;
  close(): void;

  /** The state that `accept` carries. */
  state(): BoxState;
  /** protocol V20: one transaction, fsync, second copy of the floors; on return the state is safe to act on. Throws NotKept. */
  commitState(next: BoxState, audit: Audit): void;
  /** A rejection: an audit row and a count, no state; bounded, written with the next commit, and lost rather than in the way. */
  noteReject(audit: Audit, evidence: Uint8Array | null): void;
  /** One line of audit about the console in the cabinet, on the disk at once. Throws NotKept. */
  noteConsole(atMs: number, code: 'CONSOLE_OPENED' | 'CONSOLE_CLOSED'): void;
  /** One line of audit about a dispute of time that a person settles: `from>to` in UTC, on the disk at once. Throws NotKept. */
  noteClock(atMs: number, code: 'TIME_CONFIRMED' | 'TIME_SETTLED', fromTo: string): void;
  /** Of the last line about the console, UTC milliseconds; null without any. */
  lastConsoleAtMs(): number | null;
  /** Rejections per code since the database was made. */
  rejects(): Readonly<Record<string, number>>;

  syncAnchor(): SyncAnchor | null;
  keepSyncAnchor(anchor: SyncAnchor): void;
  /** protocol D6: the hourly floor. */
  raiseFloor(floor: number): void;

  /** First commit of a record: what has begun to sound or show. */
  begin(begun: Begun): void;
  begun(): readonly Begun[];
  /** Second commit: closes what had begun under this key (if anything) and appends the record to the chain. */
  end(key: string, record: UnchainedRecord): PlayRecord;
  /** What had begun under this key was got ready and never sounded: no record. */
  forget(key: string): void;
  /** Newest first. */
  records(limit: number): readonly PlayRecord[];
  /** What ended (or, never begun, was due) at or after this instant, oldest first: `decide` reads what was already heard from it. */
  recordsSince(atMs: number): readonly PlayRecord[];

  /** JSON of what `keepLevels` was given; null where there is none. */
  levels(frequencyKhz: number): unknown;
  /** Of the last eight stations that were kept; throws NotKept. */
  keepLevels(frequencyKhz: number, history: object): void;

  orderProgress(): readonly OrderProgress[];
  keepOrderProgress(progress: OrderProgress): void;

  outbox(limit: number): OutboxBatch | null;
  /** The cloud holds everything of this chain below `nextSeq`. */
  confirm(chain: string, nextSeq: number): void;
  unsent(): number;

  /** What is wrong with the disk and did not stop the box, for health. */
  faults(): readonly StoreFault[];
}

/** `database-replaced`: it was corrupt, or another box's, and a new one was begun (protocol D4). `floors-copy-failed`: there is no second copy at this moment (D3). */
export type StoreFault = 'database-replaced' | 'floors-copy-failed';

/** Nothing of it reached the disk, because it is full or failing: what was to be kept must not be acted on (protocol V20). */
export class NotKept extends Error {}

/** Content-addressed media on disk (protocol D5). */
export interface MediaShelf {
  open(): Promise<void>;
  has(sha256: string): boolean;
  /** Hashes the file again; its path, or null (and the file is gone) where it is not what its name says. */
  verified(sha256: string): Promise<string | null>;
  /** Starts or resumes taking a file in; `offset` is where the carrier goes on. */
  receive(media: Media): Promise<Receiving>;
  /** Makes room by dropping what nobody needs, oldest first, never what is needed. `needed`: hashes of all documents in force. */
  evict(needed: ReadonlySet<string>): Promise<readonly string[]>;
  usedBytes(): number;
}

export interface Receiving {
  readonly offset: number;
  /** Rejects with NoSpace where the disk is full after all. */
  write(chunk: Uint8Array): Promise<void>;
  /** fsync, compare, rename, fsync of the folder. `wrong-mime`: the right bytes, and not what the document calls them (condition MEDIA_MIME): fetching again does not help. */
  finish(): Promise<'kept' | 'wrong-hash' | 'wrong-size' | 'wrong-mime'>;
  /** Keeps what came for a later resume. */
  pause(): Promise<void>;
}

/** `receive` rejects with this where the quota or the disk is full even after eviction (condition MEDIA_NOSPACE). */
export class NoSpace extends Error {}
