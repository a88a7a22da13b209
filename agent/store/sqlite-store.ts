/** The store of a box: SQLite, a second copy of the floors, and the order in which they are written (protocol V20, §5). */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { BoxState } from '../../shared/protocol/state.ts';
import type { PlayRecord, UnchainedRecord } from '../../shared/records/record.ts';
import { makeFolder, writeDurably } from './durable.ts';
import { copyOf, readCopy, writeCopy } from './floors.ts';
import { factoryState, openDatabase } from './opening.ts';
import type { StoreOwner } from './opening.ts';
import { recovered } from './recover.ts';
import * as rows from './record-rows.ts';
import { Refusals, keepEvidence, wantsEvidence } from './refusals.ts';
import { integer, text } from './sqlite.ts';
import type { Sql } from './sqlite.ts';
import { saveState } from './state-rows.ts';
import { NotKept } from './store.ts';
import type { Audit, Begun, OrderProgress, OutboxBatch, Store, StoreFault, SyncAnchor } from './store.ts';

export type StorePlaces = {
  /** Holds `loa.db`. */
  readonly folder: string;
  /** Holds `floors.json`; on another partition where there is one (protocol D3). */
  readonly copyFolder: string;
  /**
   * Where the device key lives. `enrolled` appears here with the first device document, so that a box that
   * lost database and copy knows that it had something to lose (protocol D4). Who loses this place too has
   * another key, so another name, and must be enrolled anew.
   */
  readonly keyFolder: string;
};

/** An fmplan holds no more; those of an older one make room together. */
const MOST_STATIONS = 8;

export class SqliteStore implements Store {
  readonly #places: StorePlaces;
  readonly #owner: StoreOwner;
  readonly #refusals = new Refusals();
  readonly #faults = new Set<StoreFault>();
  #opened: { sql: Sql; state: BoxState } | null = null;

  constructor(places: StorePlaces, owner: StoreOwner) {
    this.#places = places;
    this.#owner = owner;
  }

  open(): void {
    const { folder, copyFolder, keyFolder } = this.#places;
    for (const each of [folder, copyFolder, keyFolder]) makeFolder(each);
    const factory = factoryState(this.#owner);
    const { sql, database, isReplaced } = openDatabase(join(folder, 'loa.db'), this.#owner);
    if (isReplaced) this.#faults.add('database-replaced');
    const state = recovered({
      database,
      copy: readCopy(this.#copyPath),
      factory,
      enrolled: existsSync(this.#enrolledPath),
      buildTime: this.#owner.buildTime,
    });
    sql.transaction(() => {
      rows.beginChain(sql, this.#owner.dev);
      saveState(sql, database, state);
    });
    this.#secondCopy(state);
    this.#opened = { sql, state };
  }

  close(): void {
    if (this.#opened === null) return;
    const { sql } = this.#opened;
    this.#writeIfRoom(sql, () => undefined);
    sql.close();
    this.#opened = null;
  }

  state(): BoxState {
    return this.#open.state;
  }

  commitState(next: BoxState, audit: Audit): void {
    this.#commit(next, audit);
  }

  raiseFloor(floor: number): void {
    const { state } = this.#open;
    if (floor > state.floor) this.#commit({ ...state, floor }, null);
  }

  noteReject(audit: Audit, evidence: Uint8Array | null): void {
    const { sql } = this.#open;
    this.#refusals.note(audit);
    if (evidence === null || !wantsEvidence(sql, audit)) return;
    this.#writeIfRoom(sql, () => {
      keepEvidence(sql, audit, evidence);
    });
  }

  noteConsole(atMs: number, code: 'CONSOLE_OPENED' | 'CONSOLE_CLOSED'): void {
    this.#write(this.#open.sql, { atMs, channel: 'console', code, id: null, digest: null }, () => undefined);
  }

  noteClock(atMs: number, code: 'TIME_CONFIRMED' | 'TIME_SETTLED', fromTo: string): void {
    this.#write(this.#open.sql, { atMs, channel: 'clock', code, id: fromTo, digest: null }, () => undefined);
  }

  lastConsoleAtMs(): number | null {
    const row = this.#open.sql.get(
      "SELECT at_ms FROM audit WHERE channel = 'console' ORDER BY n DESC LIMIT 1",
    );
    return row === undefined ? null : integer(row, 'at_ms');
  }

  rejects(): Readonly<Record<string, number>> {
    return this.#refusals.counts(this.#open.sql);
  }

  syncAnchor(): SyncAnchor | null {
    const row = this.#open.sql.get('SELECT anchor FROM sync_anchor');
    return row === undefined ? null : (JSON.parse(text(row, 'anchor')) as SyncAnchor);
  }

  keepSyncAnchor(anchor: SyncAnchor): void {
    this.#open.sql.run('INSERT OR REPLACE INTO sync_anchor VALUES (1, ?)', JSON.stringify(anchor));
  }

  levels(frequencyKhz: number): unknown {
    const row = this.#open.sql.get('SELECT history FROM levels WHERE frequency_khz = ?', frequencyKhz);
    return row === undefined ? null : JSON.parse(text(row, 'history'));
  }

  keepLevels(frequencyKhz: number, history: object): void {
    const { sql } = this.#open;
    sql.transaction(() => {
      sql.run('DELETE FROM levels WHERE frequency_khz = ?', frequencyKhz);
      sql.run('INSERT INTO levels VALUES (?, ?)', frequencyKhz, JSON.stringify(history));
      sql.run(
        `DELETE FROM levels WHERE (SELECT count(*) FROM levels) > ${MOST_STATIONS} AND frequency_khz <> ?`,
        frequencyKhz,
      );
    });
  }

  begin(begun: Begun): void {
    rows.insertBegun(this.#open.sql, begun);
  }

  begun(): readonly Begun[] {
    return rows.allBegun(this.#open.sql);
  }

  end(key: string, record: UnchainedRecord): PlayRecord {
    return rows.endRecord(this.#open.sql, key, record);
  }

  forget(key: string): void {
    rows.deleteBegun(this.#open.sql, key);
  }

  records(limit: number): readonly PlayRecord[] {
    return rows.newestRecords(this.#open.sql, limit);
  }

  recordsSince(atMs: number): readonly PlayRecord[] {
    return rows.recordsSince(this.#open.sql, atMs);
  }

  orderProgress(): readonly OrderProgress[] {
    return this.#open.sql
      .all('SELECT progress FROM order_progress')
      .map((row) => JSON.parse(text(row, 'progress')) as OrderProgress);
  }

  keepOrderProgress(progress: OrderProgress): void {
    this.#open.sql.run(
      'INSERT OR REPLACE INTO order_progress VALUES (?, ?)',
      progress.digest,
      JSON.stringify(progress),
    );
  }

  outbox(limit: number): OutboxBatch | null {
    return rows.nextBatch(this.#open.sql, limit);
  }

  confirm(chain: string, nextSeq: number): void {
    rows.confirmRecords(this.#open.sql, chain, nextSeq);
  }

  unsent(): number {
    return rows.unsentCount(this.#open.sql);
  }

  faults(): readonly StoreFault[] {
    return [...this.#faults];
  }

  get #open(): { sql: Sql; state: BoxState } {
    if (this.#opened === null) throw new Error('the store is not open');
    return this.#opened;
  }

  get #copyPath(): string {
    return join(this.#places.copyFolder, 'floors.json');
  }

  get #enrolledPath(): string {
    return join(this.#places.keyFolder, 'enrolled');
  }

  /** protocol V20: transaction and fsync, second copy, and only then what others see. */
  #commit(next: BoxState, audit: Audit | null): void {
    const { sql, state } = this.#open;
    this.#write(sql, audit, () => {
      saveState(sql, state, next);
    });
    this.#secondCopy(next);
    this.#opened = { sql, state: next };
  }

  #write(sql: Sql, audit: Audit | null, work: () => void): void {
    sql.transaction(() => {
      work();
      this.#refusals.write(sql, audit);
    });
    this.#refusals.written();
  }

  /** For what may be lost: a few lines about refusals are no reason to stop. */
  #writeIfRoom(sql: Sql, work: () => void): void {
    try {
      this.#write(sql, null, work);
    } catch (cause) {
      if (!(cause instanceof NotKept)) throw cause;
    }
  }

  /** Its loss is a condition, not a reason for silence: the database alone still holds every floor. */
  #secondCopy(state: BoxState): void {
    try {
      writeCopy(this.#copyPath, copyOf(state));
      const enrolled = state.docs.has(`device:${state.dev}`);
      if (enrolled && !existsSync(this.#enrolledPath)) writeDurably(this.#enrolledPath, `${state.dev}\n`);
      this.#faults.delete('floors-copy-failed');
    } catch (cause) {
      if (!(cause instanceof Error && 'errno' in cause)) throw cause;
      this.#faults.add('floors-copy-failed');
    }
  }
}
