/** What was refused, counted and kept within bounds: a flood of bad bytes must not wear the card out (protocol.md §4, S18). */
import { integer, text } from './sqlite.ts';
import type { Sql } from './sqlite.ts';
import type { Audit } from './store.ts';

const AUDIT_ROWS = 2_000;
/** Waiting for the next commit; beyond it only the count goes up. */
const WAITING_ROWS = 200;
const EVIDENCE = { pieces: 64, sizeBytes: 16_384 } as const;
const HOUR_MS = 3_600_000;

/** Rows wait in memory for the next commit of something that matters; a power cut loses a few lines of a log. */
export class Refusals {
  #waiting: Audit[] = [];
  #uncounted = new Map<string, number>();

  note(audit: Audit): void {
    if (this.#waiting.length < WAITING_ROWS) this.#waiting.push(audit);
    this.#uncounted.set(audit.code, (this.#uncounted.get(audit.code) ?? 0) + 1);
  }

  counts(sql: Sql): Readonly<Record<string, number>> {
    const total = new Map(
      sql.all('SELECT code, count FROM rejects').map((row) => [text(row, 'code'), integer(row, 'count')]),
    );
    for (const [code, count] of this.#uncounted) total.set(code, (total.get(code) ?? 0) + count);
    return Object.fromEntries(total);
  }

  /** Call within a transaction, and `written` once it is on the disk. */
  write(sql: Sql, accepted: Audit | null): void {
    const rows = accepted === null ? this.#waiting : [...this.#waiting, accepted];
    for (const { atMs, channel, code, id, digest } of rows) {
      sql.run(
        'INSERT INTO audit (at_ms, channel, code, id, digest) VALUES (?, ?, ?, ?, ?)',
        atMs,
        channel,
        code,
        id,
        digest,
      );
    }
    sql.run('DELETE FROM audit WHERE n <= (SELECT max(n) FROM audit) - ?', AUDIT_ROWS);
    for (const [code, count] of this.#uncounted) {
      sql.run(
        'INSERT INTO rejects VALUES (?, ?) ON CONFLICT (code) DO UPDATE SET count = count + excluded.count',
        code,
        count,
      );
    }
  }

  written(): void {
    this.#waiting = [];
    this.#uncounted = new Map();
  }
}

/** One piece per code and hour, 64 in all, the oldest stay: whether this one is still wanted. */
export function wantsEvidence(sql: Sql, { code, atMs }: Audit): boolean {
  const row = sql.get(
    'SELECT count(*) AS kept, coalesce(sum(code = ? AND hour = ?), 0) AS same FROM evidence',
    code,
    hourOf(atMs),
  );
  return row !== undefined && integer(row, 'kept') < EVIDENCE.pieces && integer(row, 'same') === 0;
}

export function keepEvidence(sql: Sql, { code, atMs, channel }: Audit, evidence: Uint8Array): void {
  sql.run(
    'INSERT INTO evidence (code, hour, channel, bytes) VALUES (?, ?, ?, ?)',
    code,
    hourOf(atMs),
    channel,
    evidence.subarray(0, EVIDENCE.sizeBytes),
  );
}

const hourOf = (atMs: number): number => Math.floor(atMs / HOUR_MS);
