/** The hash chain through a box's records (protocol.md §8): whoever takes one out, changes one, doubles one or swaps two breaks it. */
import { canonicalJson, digestOf, fromBase64url, utf8 } from '../protocol/bytes.ts';
import type { RecordBatch } from './batch.ts';
import type { PlayRecord } from './record.ts';

/** h₀ as base64url. `chain`: base64url of the 16 random bytes that were made with the database. */
export function firstHash(dev: string, chain: string): string {
  return digestOf(join(utf8(`loa-records-v1\0${dev}`), bytesOf(chain)));
}

/** hₙ from hₙ₋₁ and the n-th record, base64url. */
export function nextHash(before: string, record: PlayRecord): string {
  const json = canonicalJson(record);
  if (json === null) throw new Error('a record is plain JSON');
  return digestOf(join(bytesOf(before), utf8(json)));
}

/** h of the last of `records`, which follow on `before`. */
export function hashAfter(before: string, records: readonly PlayRecord[]): string {
  return records.reduce((hash, record) => nextHash(hash, record), before);
}

/** Whether a batch holds in itself: its records lead from `before` to `last`, and h₀ stands before the first of all. */
export function holds(
  batch: Pick<RecordBatch, 'dev' | 'chain' | 'first' | 'before' | 'last' | 'records'>,
): boolean {
  if (batch.first === 1 && batch.before !== firstHash(batch.dev, batch.chain)) return false;
  return (
    batch.records.every(({ seq }, index) => seq === batch.first + index) &&
    hashAfter(batch.before, batch.records) === batch.last
  );
}

function bytesOf(base64url: string): Uint8Array {
  const bytes = fromBase64url(base64url);
  if (bytes === null) throw new Error(`no base64url: ${base64url}`);
  return bytes;
}

function join(one: Uint8Array, other: Uint8Array): Uint8Array {
  const joined = new Uint8Array(one.length + other.length);
  joined.set(one);
  joined.set(other, one.length);
  return joined;
}
