/** The tables of the store, as numbered steps: what a box of any earlier version goes through when it opens (user_version counts them). */
import { StartFault } from '../../shared/messages/start-fault.ts';
import { say, text } from '../../shared/messages/text.ts';
import type { Sql } from './sqlite.ts';

type Migration = { readonly name: string; readonly sql: string };

/** Written once and never changed: a later need is a later step. */
export const MIGRATIONS: readonly Migration[] = [
  {
    name: 'accepted state: documents, floors, orders',
    sql: `
      CREATE TABLE box (
        one INTEGER PRIMARY KEY CHECK (one = 1), prov TEXT NOT NULL, dev TEXT NOT NULL, floor INTEGER NOT NULL,
        cleared_at INTEGER NOT NULL, halted_at INTEGER NOT NULL, stopped_at INTEGER NOT NULL,
        trust_floor_ver INTEGER, trust_floor_digest TEXT, quarantined INTEGER NOT NULL
      ) STRICT;
      CREATE TABLE documents (id TEXT PRIMARY KEY, digest TEXT NOT NULL, bytes BLOB NOT NULL) STRICT;
      CREATE TABLE version_floors (
        id TEXT PRIMARY KEY, keyring_epoch INTEGER NOT NULL, epoch INTEGER NOT NULL, ver INTEGER NOT NULL,
        digest TEXT NOT NULL
      ) STRICT;
      CREATE TABLE orders (
        digest TEXT PRIMARY KEY, exp INTEGER NOT NULL, ended INTEGER NOT NULL, bytes BLOB, fm TEXT
      ) STRICT;
      CREATE TABLE officer_instants (
        n INTEGER PRIMARY KEY, kid TEXT NOT NULL, halt INTEGER NOT NULL, at INTEGER NOT NULL
      ) STRICT;
      CREATE TABLE order_progress (digest TEXT PRIMARY KEY, progress TEXT NOT NULL) STRICT;
      CREATE TABLE sync_anchor (one INTEGER PRIMARY KEY CHECK (one = 1), anchor TEXT NOT NULL) STRICT;
    `,
  },
  {
    name: 'records: what has begun, the chain, how far the cloud confirmed it',
    sql: `
      CREATE TABLE begun (n INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, record TEXT NOT NULL) STRICT;
      CREATE TABLE chain (
        one INTEGER PRIMARY KEY CHECK (one = 1), id TEXT NOT NULL, first_hash TEXT NOT NULL,
        confirmed INTEGER NOT NULL
      ) STRICT;
      CREATE TABLE records (
        seq INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL, record TEXT NOT NULL, hash TEXT NOT NULL
      ) STRICT;
      CREATE INDEX records_by_time ON records (at_ms);
    `,
  },
  {
    name: 'what came and was refused',
    sql: `
      CREATE TABLE audit (
        n INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL, channel TEXT NOT NULL, code TEXT NOT NULL, id TEXT, digest TEXT
      ) STRICT;
      CREATE TABLE rejects (code TEXT PRIMARY KEY, count INTEGER NOT NULL) STRICT;
      CREATE TABLE evidence (
        n INTEGER PRIMARY KEY, code TEXT NOT NULL, hour INTEGER NOT NULL, channel TEXT NOT NULL, bytes BLOB NOT NULL,
        UNIQUE (code, hour)
      ) STRICT;
    `,
  },
  {
    name: 'how strong FM stations usually are here',
    sql: 'CREATE TABLE levels (frequency_khz INTEGER PRIMARY KEY, history TEXT NOT NULL) STRICT;',
  },
];

/** Made by a later agent: going back would lose what only that one understands. */
export class DatabaseFromFuture extends StartFault {}

/** Each step and its number in one transaction: a power cut between two steps leaves a whole version. */
export function migrate(sql: Sql, to: number = MIGRATIONS.length): void {
  const version = sql.version();
  if (version > MIGRATIONS.length) {
    throw new DatabaseFromFuture(
      text(
        say`Kho dữ liệu ở phiên bản ${version}; agent này chỉ biết đến ${MIGRATIONS.length}. Hãy cài lại agent mới hơn.`,
        say`The store is of version ${version}; this agent knows ${MIGRATIONS.length}. Install the newer agent again.`,
      ),
    );
  }
  MIGRATIONS.slice(version, to).forEach((step, index) => {
    sql.transaction(() => {
      sql.script(step.sql);
      sql.setVersion(version + index + 1);
    });
  });
}
