/** Records on the disk: begun, ended, chained, sent (architecture.md §4 Record, protocol.md §8 Records). Each function is one transaction. */
import { randomBytes } from 'node:crypto';
import { toBase64url } from '../../shared/protocol/bytes.ts';
import { firstHash, nextHash } from '../../shared/records/chain.ts';
import type { PlayRecord, UnchainedRecord } from '../../shared/records/record.ts';
import { integer, text } from './sqlite.ts';
import type { Row, Sql } from './sqlite.ts';
import type { Begun, OutboxBatch } from './store.ts';

const DAY_MS = 86_400_000;
/** What `loa records` can still show: confirmed records live so long, and there are at most so many of them. */
const KEPT = { days: 400, rows: 20_000 } as const;

/** A new database begins a new chain, so that the cloud sees that the old one ended. */
export function beginChain(sql: Sql, dev: string): void {
  const id = toBase64url(randomBytes(16));
  sql.run('INSERT OR IGNORE INTO chain VALUES (1, ?, ?, 0)', id, firstHash(dev, id));
}

export function insertBegun(sql: Sql, { key, record }: Begun): void {
  sql.run('INSERT INTO begun (key, record) VALUES (?, ?)', key, JSON.stringify(record));
}

export const deleteBegun = (sql: Sql, key: string): void => {
  sql.run('DELETE FROM begun WHERE key = ?', key);
};

export const allBegun = (sql: Sql): readonly Begun[] =>
  sql.all('SELECT key, record FROM begun ORDER BY n').map((row) => ({
    key: text(row, 'key'),
    record: JSON.parse(text(row, 'record')) as UnchainedRecord,
  }));

/** Either what had begun is gone and its record is in the chain, or neither. */
export function endRecord(sql: Sql, key: string, unchained: UnchainedRecord): PlayRecord {
  return sql.transaction(() => {
    deleteBegun(sql, key);
    const last = sql.get('SELECT seq, hash FROM records ORDER BY seq DESC LIMIT 1');
    const seq = last === undefined ? 1 : integer(last, 'seq') + 1;
    const record: PlayRecord = { ...unchained, seq };
    const hash = nextHash(last === undefined ? firstOfChain(sql) : text(last, 'hash'), record);
    const atMs = record.endedAtMs ?? record.startedAtMs ?? record.plannedAtMs;
    sql.run('INSERT INTO records VALUES (?, ?, ?, ?)', seq, atMs, JSON.stringify(record), hash);
    return record;
  });
}

export const newestRecords = (sql: Sql, limit: number): readonly PlayRecord[] =>
  sql.all('SELECT record FROM records ORDER BY seq DESC LIMIT ?', limit).map(readRecord);

export const recordsSince = (sql: Sql, atMs: number): readonly PlayRecord[] =>
  sql.all('SELECT record FROM records WHERE at_ms >= ? ORDER BY seq', atMs).map(readRecord);

export function nextBatch(sql: Sql, limit: number): OutboxBatch | null {
  const chain = chainRow(sql);
  const confirmed = integer(chain, 'confirmed');
  const records = sql
    .all('SELECT record FROM records WHERE seq > ? ORDER BY seq LIMIT ?', confirmed, limit)
    .map(readRecord);
  const before = sql.get('SELECT hash FROM records WHERE seq = ?', confirmed);
  return records.length === 0
    ? null
    : {
        chain: text(chain, 'id'),
        first: confirmed + 1,
        before: before === undefined ? text(chain, 'first_hash') : text(before, 'hash'),
        records,
      };
}

/** An answer about another chain, or about less than is known already, changes nothing. */
export function confirmRecords(sql: Sql, chain: string, nextSeq: number): void {
  const known = chainRow(sql);
  const last = lastSeq(sql);
  const confirmed = Math.min(nextSeq - 1, last);
  if (text(known, 'id') !== chain || confirmed <= integer(known, 'confirmed')) return;
  sql.transaction(() => {
    sql.run('UPDATE chain SET confirmed = ?', confirmed);
    prune(sql, confirmed, last);
  });
}

/** The last confirmed one stays whatever its age: the next batch hangs on its hash. */
function prune(sql: Sql, confirmed: number, last: number): void {
  sql.run(
    'DELETE FROM records WHERE seq < ? AND (seq <= ? OR at_ms < (SELECT max(at_ms) FROM records) - ?)',
    confirmed,
    last - KEPT.rows,
    KEPT.days * DAY_MS,
  );
}

export const unsentCount = (sql: Sql): number => lastSeq(sql) - integer(chainRow(sql), 'confirmed');

const readRecord = (row: Row): PlayRecord => JSON.parse(text(row, 'record')) as PlayRecord;

const firstOfChain = (sql: Sql): string => text(chainRow(sql), 'first_hash');

function chainRow(sql: Sql): Row {
  const row = sql.get('SELECT * FROM chain');
  if (row === undefined) throw new Error('a store that is open has a chain');
  return row;
}

function lastSeq(sql: Sql): number {
  const last = sql.get('SELECT seq FROM records ORDER BY seq DESC LIMIT 1');
  return last === undefined ? 0 : integer(last, 'seq');
}
