import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { firstHash, hashAfter, holds, nextHash } from './chain.ts';
import { aRecord } from './a-record.fixture.ts';
import type { PlayRecord } from './record.ts';

const dev = 'd-abcdefghijklmnop';
const chain = 'AAECAwQFBgcICQoLDA0ODw';
const h0 = firstHash(dev, chain);

const run = fc
  .array(fc.record({ title: fc.string(), playedMs: fc.nat() }), { minLength: 2, maxLength: 12 })
  .map((facts) => facts.map((fact, index): PlayRecord => ({ ...aRecord(index + 1), ...fact })));
const batchOf = (records: readonly PlayRecord[]) => ({
  dev,
  chain,
  first: 1,
  before: h0,
  last: hashAfter(h0, records),
  records: [...records],
});
/** What a thief between box and cloud can do without the key: the hashes stay, the records do not. */
const holdsWith = (records: readonly PlayRecord[], changed: readonly PlayRecord[]): boolean =>
  holds({ ...batchOf(records), records: [...changed] });
const renumbered = (records: readonly PlayRecord[]): PlayRecord[] =>
  records.map((record, index) => ({ ...record, seq: index + 1 }));

describe('the chain of records', () => {
  it('starts and goes on as protocol §8 writes it, computed here by hand', () => {
    const start = createHash('sha256')
      .update('loa-records-v1\0' + dev)
      .update(Buffer.from(chain, 'base64url'))
      .digest();
    expect(h0).toBe(start.toString('base64url'));
    // Simple enough for a canonical form that is written out: names in order, no spaces.
    const tiny = { b: 1, a: 'ế' } as unknown as PlayRecord;
    const next = createHash('sha256').update(start).update('{"a":"ế","b":1}').digest('base64url');
    expect(nextHash(h0, tiny)).toBe(next);
  });

  it('differs from box to box and from database to database', () => {
    expect(firstHash('d-abcdefghijklmnoq', chain)).not.toBe(h0);
    expect(firstHash(dev, 'BAECAwQFBgcICQoLDA0ODw')).not.toBe(h0);
  });

  it('K01 holds when nothing was touched, also when it is cut into batches', () => {
    fc.assert(
      fc.property(run, fc.nat(), (records, at) => {
        const cut = at % records.length;
        expect(holdsWith(records, records)).toBe(true);
        const middle = hashAfter(h0, records.slice(0, cut));
        const rest = records.slice(cut);
        const batch = { ...batchOf(records), first: cut + 1, before: middle, records: rest };
        expect(holds(batch)).toBe(true);
      }),
    );
  });

  it('K01 breaks when any record is removed, whether the others close up or not', () => {
    fc.assert(
      fc.property(run, fc.nat(), (records, at) => {
        const left = records.filter((_, index) => index !== at % records.length);
        expect(holdsWith(records, left)).toBe(false);
        expect(holdsWith(records, renumbered(left))).toBe(false);
      }),
    );
  });

  it('K01 breaks when any field of any record is changed', () => {
    fc.assert(
      fc.property(run, fc.nat(), fc.nat(), (records, at, by) => {
        const changed = records.with(at % records.length, {
          ...aRecord((at % records.length) + 1),
          playedMs: (records[at % records.length]?.playedMs ?? 0) + 1 + by,
        });
        expect(holdsWith(records, changed)).toBe(false);
      }),
    );
  });

  it('K01 breaks when any record is doubled', () => {
    fc.assert(
      fc.property(run, fc.nat(), (records, at) => {
        const doubled = records.flatMap((record, index) =>
          index === at % records.length ? [record, record] : [record],
        );
        expect(holdsWith(records, doubled)).toBe(false);
        expect(holdsWith(records, renumbered(doubled))).toBe(false);
      }),
    );
  });

  it('K01 breaks when any two different records change places', () => {
    fc.assert(
      fc.property(run, fc.nat(), fc.nat(), (records, a, b) => {
        const [from, to] = [a % records.length, b % records.length];
        const one = records[from];
        const other = records[to];
        fc.pre(one !== undefined && other !== undefined && one.title !== other.title);
        const swapped = records.with(from, other).with(to, one);
        expect(holdsWith(records, swapped)).toBe(false);
        expect(holdsWith(records, renumbered(swapped))).toBe(false);
      }),
    );
  });

  it('K01 does not take the middle of a chain for its beginning', () => {
    const records = [aRecord(1), aRecord(2), aRecord(3)];
    const stolen = renumbered(records.slice(1));
    const before = hashAfter(h0, records.slice(0, 1));
    const last = hashAfter(before, stolen);
    expect(holds({ dev, chain, first: 1, before, last, records: stolen })).toBe(false);
  });
});
