/** A look into the store from outside, for a person at the box: also while the agent runs, or when it cannot start. Nothing is written. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { BoxState } from '../../shared/protocol/state.ts';
import { MIGRATIONS } from './migrations.ts';
import { unsentCount } from './record-rows.ts';
import { DatabaseCorrupt, openSqlReadOnly, text } from './sqlite.ts';
import type { Sql } from './sqlite.ts';
import { loadState } from './state-rows.ts';
import { NotKept } from './store.ts';
import type { SyncAnchor } from './store.ts';

export type Glimpse =
  | {
      readonly ok: true;
      /** Null: nothing was ever kept in it. */
      readonly state: BoxState | null;
      readonly anchor: SyncAnchor | null;
      readonly unsent: number;
    }
  /** `unreadable`: no right to it, or the card does not give it; `newer`: made by a later agent. */
  | {
      readonly ok: false;
      readonly why: 'absent' | 'unreadable' | 'corrupt' | 'newer';
      readonly detail: string;
    };

/** `folder` is the state folder of the configuration. */
export function openReadOnly(folder: string): Glimpse {
  const path = join(folder, 'loa.db');
  if (!existsSync(path)) return { ok: false, why: 'absent', detail: path };
  try {
    const sql = openSqlReadOnly(path);
    try {
      return glimpseOf(sql, path);
    } finally {
      sql.close();
    }
  } catch (cause) {
    if (cause instanceof DatabaseCorrupt) return { ok: false, why: 'corrupt', detail: path };
    if (cause instanceof NotKept) return { ok: false, why: 'unreadable', detail: cause.message };
    throw cause;
  }
}

function glimpseOf(sql: Sql, path: string): Glimpse {
  const version = sql.version();
  if (version > MIGRATIONS.length)
    return { ok: false, why: 'newer', detail: `${path}: ${version} > ${MIGRATIONS.length}` };
  if (version < 2 || sql.get('SELECT 1 FROM chain') === undefined)
    return { ok: true, state: null, anchor: null, unsent: 0 };
  const row = sql.get('SELECT anchor FROM sync_anchor');
  const anchor = row === undefined ? null : (JSON.parse(text(row, 'anchor')) as SyncAnchor);
  return { ok: true, state: loadState(sql), anchor, unsent: unsentCount(sql) };
}
