import { mkdirSync, readdirSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { somewhere } from './a-box.fixture.ts';
import { migrate } from './migrations.ts';
import { openReadOnly } from './read-only.ts';
import { openSql } from './sqlite.ts';

let places: ReturnType<typeof somewhere>;
beforeEach(() => {
  places = somewhere();
  mkdirSync(places.folder, { recursive: true });
});
afterEach(() => {
  places.remove();
});

test('a folder without a store has none, and none is made', () => {
  expect(openReadOnly(places.folder)).toMatchObject({ ok: false, why: 'absent' });
  expect(readdirSync(places.folder)).toEqual([]);
});

test('an open store is read beside its owner, and its file stays as it is', () => {
  const path = join(places.folder, 'loa.db');
  const sql = openSql(path);
  migrate(sql);
  sql.run("INSERT INTO chain VALUES (1, 'd-x', 'h', 0)");
  sql.run("INSERT INTO records VALUES (1, 0, '{}', 'a'), (2, 0, '{}', 'b')");
  const before = statSync(path).mtimeMs;
  expect(openReadOnly(places.folder)).toEqual({ ok: true, state: null, anchor: null, unsent: 2 });
  expect(statSync(path).mtimeMs).toBe(before);
  sql.close();
});

test('what is no database is called corrupt and is not moved aside', () => {
  writeFileSync(join(places.folder, 'loa.db'), 'x'.repeat(5000));
  expect(openReadOnly(places.folder)).toMatchObject({ ok: false, why: 'corrupt' });
  expect(readdirSync(places.folder)).toEqual(['loa.db']);
});

test('a store of a later agent, and one torn to nothing, are told for what they are', () => {
  const path = join(places.folder, 'loa.db');
  const sql = openSql(path);
  sql.setVersion(99);
  sql.close();
  expect(openReadOnly(places.folder)).toMatchObject({ ok: false, why: 'newer' });
  truncateSync(path, 0);
  expect(openReadOnly(places.folder)).toMatchObject({ ok: true, state: null });
});
