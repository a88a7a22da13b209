/** The accepted state as rows: only what changed is written, in the transaction of protocol V20. */
import { readStored } from '../../shared/protocol/envelope.ts';
import { fromBase64url, toBase64url } from '../../shared/protocol/bytes.ts';
import { isStored } from '../../shared/protocol/state.ts';
import type { BoxState, FmOrder, OrderRow, Stored, VersionFloor } from '../../shared/protocol/state.ts';
import { bytes, integer, nullable, text } from './sqlite.ts';
import type { Row, Sql } from './sqlite.ts';

const TRUST = 'trust';

/** Call within a transaction. `before` null: everything is new. */
export function saveState(sql: Sql, before: BoxState | null, next: BoxState): void {
  if (before === null || !hasSameBox(before, next)) saveBox(sql, next);
  saveDocuments(sql, before, next);
  saveFloors(sql, before, next);
  saveOrders(sql, before, next);
  if (before?.officerInstants !== next.officerInstants) saveInstants(sql, next);
}

const BOX = ['prov', 'dev', 'floor', 'clearedAt', 'haltedAt', 'stoppedAt', 'quarantined'] as const;

const hasSameBox = (one: BoxState, other: BoxState): boolean =>
  BOX.every((field) => one[field] === other[field]) &&
  one.trustFloor?.ver === other.trustFloor?.ver &&
  one.trustFloor?.digest === other.trustFloor?.digest;

function saveBox(sql: Sql, state: BoxState): void {
  sql.run(
    'INSERT OR REPLACE INTO box VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
    state.prov,
    state.dev,
    state.floor,
    state.clearedAt,
    state.haltedAt,
    state.stoppedAt,
    state.trustFloor?.ver ?? null,
    state.trustFloor?.digest ?? null,
    Number(state.quarantined),
  );
}

function saveDocuments(sql: Sql, before: BoxState | null, next: BoxState): void {
  const all = (state: BoxState | null): ReadonlyMap<string, Stored> =>
    state === null ? new Map() : new Map([...state.docs, [TRUST, state.trust]]);
  const { put, gone } = difference(all(before), all(next), (a, b) => a.digest === b.digest);
  for (const [id, { digest, bytes: envelope }] of put)
    sql.run('INSERT OR REPLACE INTO documents VALUES (?, ?, ?)', id, digest, envelope);
  for (const id of gone) sql.run('DELETE FROM documents WHERE id = ?', id);
}

function saveFloors(sql: Sql, before: BoxState | null, next: BoxState): void {
  const same = (a: VersionFloor, b: VersionFloor): boolean =>
    a.keyringEpoch === b.keyringEpoch && a.epoch === b.epoch && a.ver === b.ver && a.digest === b.digest;
  const { put, gone } = difference(before?.floors ?? new Map<string, VersionFloor>(), next.floors, same);
  for (const [id, { keyringEpoch, epoch, ver, digest }] of put) {
    sql.run(
      'INSERT OR REPLACE INTO version_floors VALUES (?, ?, ?, ?, ?)',
      id,
      keyringEpoch,
      epoch,
      ver,
      digest,
    );
  }
  for (const id of gone) sql.run('DELETE FROM version_floors WHERE id = ?', id);
}

function saveOrders(sql: Sql, before: BoxState | null, next: BoxState): void {
  const same = (a: OrderRow, b: OrderRow): boolean =>
    a.exp === b.exp && a.ended === b.ended && a.stored === b.stored && a.fm === b.fm;
  const { put, gone } = difference(before?.orders ?? new Map<string, OrderRow>(), next.orders, same);
  for (const [digest, { exp, ended, stored, fm }] of put) {
    const frame = fm === null ? null : JSON.stringify({ ...fm, frame: toBase64url(fm.frame) });
    sql.run(
      'INSERT OR REPLACE INTO orders VALUES (?, ?, ?, ?, ?)',
      digest,
      exp,
      Number(ended),
      stored?.bytes ?? null,
      frame,
    );
  }
  for (const digest of gone) {
    sql.run('DELETE FROM orders WHERE digest = ?', digest);
    sql.run('DELETE FROM order_progress WHERE digest = ?', digest);
  }
}

function saveInstants(sql: Sql, { officerInstants }: BoxState): void {
  sql.run('DELETE FROM officer_instants');
  officerInstants.forEach(({ kid, halt, at }, n) => {
    sql.run('INSERT INTO officer_instants VALUES (?, ?, ?, ?)', n, kid, Number(halt), at);
  });
}

function difference<T>(
  before: ReadonlyMap<string, T>,
  after: ReadonlyMap<string, T>,
  same: (a: T, b: T) => boolean,
): { put: readonly [string, T][]; gone: readonly string[] } {
  const put = [...after].filter(([key, value]) => {
    const old = before.get(key);
    return old === undefined || !same(old, value);
  });
  return { put, gone: [...before.keys()].filter((key) => !after.has(key)) };
}

/** Null where no state was ever committed here, or its trust cannot be read. */
export function loadState(sql: Sql): BoxState | null {
  const box = sql.get('SELECT * FROM box');
  const docs = loadDocuments(sql);
  const trust = docs.get(TRUST);
  if (box === undefined || trust === undefined || !isStored(trust, 'trust')) return null;
  docs.delete(TRUST);
  const ver = nullable(integer, box, 'trust_floor_ver');
  return {
    prov: text(box, 'prov'),
    dev: text(box, 'dev'),
    floor: integer(box, 'floor'),
    trust,
    docs,
    floors: loadFloors(sql),
    orders: new Map(sql.all('SELECT * FROM orders').map((row) => [text(row, 'digest'), readOrder(row)])),
    clearedAt: integer(box, 'cleared_at'),
    haltedAt: integer(box, 'halted_at'),
    stoppedAt: integer(box, 'stopped_at'),
    officerInstants: sql
      .all('SELECT * FROM officer_instants ORDER BY n')
      .map((row) => ({ kid: text(row, 'kid'), halt: integer(row, 'halt') === 1, at: integer(row, 'at') })),
    trustFloor: ver === null ? null : { ver, digest: text(box, 'trust_floor_digest') },
    quarantined: integer(box, 'quarantined') === 1,
  };
}

/** A document that this version of the agent can no longer read is not held: its floor stays, a newer one may come. */
function loadDocuments(sql: Sql): Map<string, Stored> {
  const docs = new Map<string, Stored>();
  for (const row of sql.all('SELECT * FROM documents')) {
    const stored = readStored(bytes(row, 'bytes'));
    if (typeof stored !== 'string') docs.set(text(row, 'id'), stored);
  }
  return docs;
}

function loadFloors(sql: Sql): Map<string, VersionFloor> {
  return new Map(
    sql.all('SELECT * FROM version_floors').map((row) => [
      text(row, 'id'),
      {
        keyringEpoch: integer(row, 'keyring_epoch'),
        epoch: integer(row, 'epoch'),
        ver: integer(row, 'ver'),
        digest: text(row, 'digest'),
      },
    ]),
  );
}

function readOrder(row: Row): OrderRow {
  const envelope = nullable(bytes, row, 'bytes');
  const fm = nullable(text, row, 'fm');
  const stored = envelope === null ? null : readStored(envelope);
  return {
    exp: integer(row, 'exp'),
    ended: integer(row, 'ended') === 1,
    stored: stored !== null && typeof stored !== 'string' && isStored(stored, 'order') ? stored : null,
    fm: fm === null ? null : readFmOrder(fm),
  };
}

function readFmOrder(json: string): FmOrder {
  const { frame, ...rest } = JSON.parse(json) as Omit<FmOrder, 'frame'> & { frame: string };
  return { ...rest, frame: fromBase64url(frame) ?? new Uint8Array() };
}
