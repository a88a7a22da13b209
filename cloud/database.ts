/** Where the cloud keeps what it was given: Kysely over SQLite by default. The only file that knows which database it is. */
import Database from 'better-sqlite3';
import { Kysely, SqliteDialect } from 'kysely';
import { Migrator } from 'kysely/migration';
import type { Dialect } from 'kysely';
import { say, text } from '../shared/messages/text.ts';
import { migrations } from './migrations.ts';
import { StartFault } from '../shared/messages/start-fault.ts';
import type { Tables } from './tables.ts';

export type CloudDatabase = Kysely<Tables>;

/**
 * Opens the file (or `:memory:`) and brings it to the newest schema. Throws where the disk cannot be trusted:
 * a record that was confirmed to a box is gone from the box, so it must be on the disk here.
 */
export async function openDatabase(file: string): Promise<CloudDatabase> {
  return migrated(sqlite(file));
}

/** For any dialect of Kysely: PostgreSQL is another argument here and nothing else. */
export async function migrated(dialect: Dialect): Promise<CloudDatabase> {
  const database = new Kysely<Tables>({ dialect });
  const migrator = new Migrator({
    db: database,
    provider: { getMigrations: () => Promise.resolve(migrations) },
  });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) {
    await database.destroy();
    throw new StartFault(
      text(
        'Không nâng được cơ sở dữ liệu lên phiên bản mới nhất: thư mục dữ liệu thuộc phiên bản chương trình khác?',
        'The database could not be brought to the newest schema: does the folder belong to another version?',
      ),
      { cause: error },
    );
  }
  return database;
}

function sqlite(file: string): Dialect {
  const connection = new Database(file);
  connection.pragma('journal_mode = WAL');
  connection.pragma('synchronous = FULL');
  // A WAL file that is opened again comes back as NORMAL unless it is said again, so it is read back.
  if (connection.pragma('synchronous', { simple: true }) !== 2) {
    connection.close();
    throw new StartFault(
      text(
        say`${file} không giữ synchronous=FULL: nhật ký có thể mất khi mất điện.`,
        say`${file} does not keep synchronous=FULL: records could be lost with the power.`,
      ),
    );
  }
  connection.pragma('busy_timeout = 5000');
  return new SqliteDialect({ database: connection });
}
