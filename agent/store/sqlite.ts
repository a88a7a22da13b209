/** The one door to better-sqlite3: opens a database so that a commit is on the disk when it returns (protocol D1). */
import Database from 'better-sqlite3';
import { StartFault } from '../../shared/messages/start-fault.ts';
import { say, text as sentence } from '../../shared/messages/text.ts';
import { NotKept } from './store.ts';

export type Value = string | number | Uint8Array | null;
export type Row = Readonly<Record<string, unknown>>;

/** The file is no database any more: to be moved aside (protocol D4). */
export class DatabaseCorrupt extends Error {}
/** The disk cannot promise that a commit is kept: the agent does not start (protocol D1). */
export class DiskNotTrusted extends StartFault {}

export interface Sql {
  /** Answers how many rows changed. */
  run(sql: string, ...values: readonly Value[]): number;
  all(sql: string, ...values: readonly Value[]): readonly Row[];
  get(sql: string, ...values: readonly Value[]): Row | undefined;
  /** Statements without values or rows: schema changes. */
  script(sql: string): void;
  /** All or nothing; on return it is on the disk. */
  transaction<T>(work: () => T): T;
  version(): number;
  setVersion(version: number): void;
  close(): void;
}

/** Throws DatabaseCorrupt, DiskNotTrusted or, where nothing can be written, NotKept. */
export function openSql(path: string): Sql {
  const database = guarded(path, () => new Database(path));
  try {
    guarded(path, () => {
      trustDisk(database, path);
    });
  } catch (cause) {
    database.close();
    throw cause;
  }
  return asSql(database, path);
}

/** For a look from outside, with or without the agent: nothing is written. Throws DatabaseCorrupt or NotKept, here or at the first question. */
export function openSqlReadOnly(path: string): Sql {
  const options = { readonly: true, fileMustExist: true, timeout: 1000 };
  return asSql(
    guarded(path, () => new Database(path, options)),
    path,
  );
}

/** protocol D1. WAL first: choosing it sets synchronous back to the driver's own NORMAL. */
function trustDisk(database: Database.Database, path: string): void {
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = FULL');
  database.pragma('journal_size_limit = 4194304');
  // KiB. The driver's own 16 MB would fill with the first check of a year's records.
  database.pragma('cache_size = -1024');
  const journal = database.pragma('journal_mode', { simple: true });
  const synchronous = database.pragma('synchronous', { simple: true });
  if (journal !== 'wal' || synchronous !== 2) {
    throw new DiskNotTrusted(
      sentence(
        say`${path}: journal là ${String(journal)}, synchronous là ${String(synchronous)}, không phải WAL và FULL (2). Hãy đặt kho dữ liệu trên phân vùng ext4 hoặc f2fs tại chỗ: mất điện ở đây sẽ làm lệnh đã phát sống lại.`,
        say`${path}: journal is ${String(journal)} and synchronous ${String(synchronous)}, not WAL and FULL (2). Put the store on a local ext4 or f2fs partition: a power cut here would bring played orders back.`,
      ),
    );
  }
  if (database.pragma('quick_check', { simple: true }) !== 'ok') throw new DatabaseCorrupt(path);
}

const CORRUPT = /^SQLITE_(CORRUPT|NOTADB)/;
const NOT_KEPT = /^SQLITE_(FULL|IOERR|READONLY|CANTOPEN)/;

function guarded<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    if (!(cause instanceof Database.SqliteError)) throw cause;
    if (CORRUPT.test(cause.code)) throw new DatabaseCorrupt(path, { cause });
    if (NOT_KEPT.test(cause.code)) throw new NotKept(`${path}: ${cause.message}`, { cause });
    throw cause;
  }
}

function asSql(database: Database.Database, path: string): Sql {
  const prepared = new Map<string, Database.Statement>();
  const statement = (sql: string): Database.Statement => {
    const known = prepared.get(sql) ?? database.prepare(sql);
    prepared.set(sql, known);
    return known;
  };
  return {
    run: (sql, ...values) => guarded(path, () => statement(sql).run(...values).changes),
    all: (sql, ...values) => guarded(path, () => statement(sql).all(...values) as Row[]),
    get: (sql, ...values) => guarded(path, () => statement(sql).get(...values) as Row | undefined),
    script: (sql) => {
      database.exec(sql);
    },
    transaction: (work) => guarded(path, () => database.transaction(work).immediate()),
    version: () => guarded(path, () => Number(database.pragma('user_version', { simple: true }))),
    setVersion: (version) => {
      database.pragma(`user_version = ${version}`);
    },
    close: () => {
      database.close();
    },
  };
}

/** A column that the schema says is text; another type is a bug, for tables are STRICT. */
export function text(row: Row, column: string): string {
  const value = row[column];
  if (typeof value !== 'string') throw new TypeError(`${column} is no text`);
  return value;
}

export function integer(row: Row, column: string): number {
  const value = row[column];
  if (typeof value !== 'number') throw new TypeError(`${column} is no integer`);
  return value;
}

export function bytes(row: Row, column: string): Uint8Array {
  const value = row[column];
  if (!(value instanceof Uint8Array)) throw new TypeError(`${column} is no blob`);
  return new Uint8Array(value); // the driver answers a Buffer, which is more than a caller should get
}

/** Reads a column with `read`, or null where it is NULL. */
export function nullable<T>(read: (row: Row, column: string) => T, row: Row, column: string): T | null {
  return row[column] === null ? null : read(row, column);
}
