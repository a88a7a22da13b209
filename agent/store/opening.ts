/** What a store starts from: the database, if it is whole and this box's, and the factory trust (protocol D4). */
import { existsSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { StartFault } from '../../shared/messages/start-fault.ts';
import { say, text } from '../../shared/messages/text.ts';
import { readStored } from '../../shared/protocol/envelope.ts';
import { initialState, isStored } from '../../shared/protocol/state.ts';
import type { BoxState } from '../../shared/protocol/state.ts';
import { syncFolder } from './durable.ts';
import { migrate } from './migrations.ts';
import { DatabaseCorrupt, openSql } from './sqlite.ts';
import type { Sql } from './sqlite.ts';
import { loadState } from './state-rows.ts';

export type StoreOwner = {
  readonly prov: string;
  readonly dev: string;
  /** The envelope of trust/1, from the image. */
  readonly factoryTrust: Uint8Array;
  /** UTC seconds. */
  readonly buildTime: number;
};

/** Throws, with what to do, where the file is not the trust of this province. */
export function factoryState({ prov, dev, factoryTrust }: StoreOwner): BoxState {
  const trust = readStored(factoryTrust);
  if (typeof trust === 'string' || !isStored(trust, 'trust') || trust.document.prov !== prov) {
    const why = typeof trust === 'string' ? trust : `${trust.document.typ} of ${trust.document.prov}`;
    throw new StartFault(
      text(
        say`Tệp tin cậy gốc không phải của ${prov} (${why}). Hãy cài tệp trust/1 của tỉnh.`,
        say`The factory trust is not the trust of ${prov} (${why}). Install the file trust/1 of the province.`,
      ),
    );
  }
  return initialState({ prov, dev, floor: 0, trust });
}

export type OpenDatabase = {
  readonly sql: Sql;
  /** Null: nothing was ever kept in it. */
  readonly database: BoxState | null;
  /** There was one that could not be used. */
  readonly isReplaced: boolean;
};

/** A database that is corrupt or another box's is moved aside, and a new one begun. */
export function openDatabase(path: string, owner: StoreOwner): OpenDatabase {
  const found = usable(path, owner);
  if (found !== null) return { ...found, isReplaced: false };
  moveAside(path);
  const sql = openSql(path);
  migrate(sql);
  return { sql, database: null, isReplaced: true };
}

function usable(path: string, owner: StoreOwner): Omit<OpenDatabase, 'isReplaced'> | null {
  let sql: Sql | null = null;
  try {
    sql = openSql(path);
    migrate(sql);
    if (sql.get('SELECT 1 FROM box') === undefined) return { sql, database: null };
    const database = loadState(sql);
    if (database?.prov === owner.prov && database.dev === owner.dev) return { sql, database };
  } catch (cause) {
    sql?.close();
    if (cause instanceof DatabaseCorrupt) return null;
    throw cause;
  }
  sql.close();
  return null;
}

/** One is kept for whoever wants to look; a card does not fill up with them. */
function moveAside(path: string): void {
  for (const part of ['', '-wal']) {
    rmSync(`${path}.aside${part}`, { force: true });
    if (existsSync(path + part)) renameSync(path + part, `${path}.aside${part}`);
  }
  rmSync(`${path}-shm`, { force: true });
  syncFolder(dirname(path));
}
