import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { somewhere } from './a-box.fixture.ts';
import { makeFolder } from './durable.ts';
import { DatabaseFromFuture, MIGRATIONS, migrate } from './migrations.ts';
import { DatabaseCorrupt, DiskNotTrusted, openSql } from './sqlite.ts';

let places: ReturnType<typeof somewhere>;
let path: string;
beforeEach(() => {
  places = somewhere();
  makeFolder(places.folder);
  path = join(places.folder, 'loa.db');
});
afterEach(() => {
  places.remove();
});

const pragmas = (sql: ReturnType<typeof openSql>): unknown => [
  sql.get('PRAGMA journal_mode'),
  sql.get('PRAGMA synchronous'),
];

describe('opening', () => {
  it('D02 the driver reopens a WAL database with synchronous=NORMAL; we never do', () => {
    openSql(path).close();
    const plain = new Database(path);
    expect(plain.pragma('synchronous', { simple: true })).toBe(1);
    plain.close();
    for (let open = 0; open < 3; open++) {
      const sql = openSql(path);
      expect(pragmas(sql)).toEqual([{ journal_mode: 'wal' }, { synchronous: 2 }]);
      sql.close();
    }
  });

  it('D02 refuses a place that gives no WAL, and says what to do', () => {
    expect(() => openSql(':memory:')).toThrow(DiskNotTrusted);
    expect(() => openSql(':memory:')).toThrow(/Put the store on a local/);
  });

  it('D04 tells a corrupt file from one that cannot be opened', () => {
    const sql = openSql(path);
    migrate(sql);
    sql.close();
    const content = readFileSync(path);
    writeFileSync(path, content.fill(0xa5, 4_096, 20_000));
    expect(() => openSql(path)).toThrow(DatabaseCorrupt);
    rmSync(places.folder, { recursive: true });
    expect(() => openSql(path)).not.toThrow(DatabaseCorrupt);
    expect(() => openSql(path)).toThrow();
  });
});

describe('migrations', () => {
  const schema = (of: string): unknown => {
    const reader = new Database(of, { readonly: true });
    const rows = reader.prepare('SELECT type, name, sql FROM sqlite_schema ORDER BY name').all();
    reader.close();
    return rows;
  };

  it.each(MIGRATIONS.map(({ name }, version) => ({ name, version })))(
    'lead from version $version ($name comes next) to the same tables as from nothing',
    ({ version }) => {
      const fresh = join(places.folder, 'fresh.db');
      for (const [file, from] of [
        [fresh, 0],
        [path, version],
      ] as const) {
        const early = openSql(file);
        migrate(early, from);
        expect(early.version()).toBe(from);
        early.close();
        const sql = openSql(file);
        migrate(sql);
        expect(sql.version()).toBe(MIGRATIONS.length);
        sql.close();
      }
      expect(schema(path)).toEqual(schema(fresh));
    },
  );

  it('do nothing twice', () => {
    const sql = openSql(path);
    migrate(sql);
    migrate(sql);
    expect(sql.version()).toBe(MIGRATIONS.length);
    sql.close();
  });

  it('refuse a database that a newer agent made', () => {
    const sql = openSql(path);
    sql.setVersion(MIGRATIONS.length + 1);
    expect(() => {
      migrate(sql);
    }).toThrow(DatabaseFromFuture);
    sql.close();
  });
});
