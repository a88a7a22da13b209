import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aRecord } from '../../shared/records/a-record.fixture.ts';
import { firstHash, hashAfter } from '../../shared/records/chain.ts';
import type { UnchainedRecord } from '../../shared/records/record.ts';
import { somewhere, storeFor, vector } from './a-box.fixture.ts';
import type { SqliteStore } from './sqlite-store.ts';

const DAY = 86_400_000;
const BOX = vector('T01-bring-up');

let places: ReturnType<typeof somewhere>;
let store: SqliteStore;
beforeEach(() => {
  places = somewhere();
  reopen();
});
afterEach(() => {
  store.close();
  places.remove();
});

function reopen(): void {
  store = storeFor(BOX, places);
  store.open();
}

function restart(): void {
  store.close();
  reopen();
}

function unchained(more: Partial<UnchainedRecord> = {}): UnchainedRecord {
  const { seq, ...rest } = aRecord(1);
  expect(seq).toBe(1);
  return { ...rest, ...more };
}

const chainOf = (): string => store.outbox(1)?.chain ?? '';

describe('records', () => {
  it('get their places in the chain, 1, 2, 3, also over restarts', () => {
    const seqs = [store.end('a', unchained()).seq, store.end('b', unchained()).seq];
    restart();
    seqs.push(store.end('c', unchained({ title: 'Ba' })).seq);
    expect(seqs).toEqual([1, 2, 3]);
    expect(store.records(2).map(({ seq }) => seq)).toEqual([3, 2]);
    expect(store.records(1)[0]).toEqual({ ...unchained({ title: 'Ba' }), seq: 3 });
  });

  it('K01 hang on each other: the batch begins at h₀ and goes on where the last one ended', () => {
    for (let i = 0; i < 5; i++) store.end(`${i}`, unchained({ playedMs: i }));
    const one = store.outbox(3);
    expect(one).toMatchObject({ first: 1, before: firstHash(BOX.box.dev, chainOf()) });
    expect(one?.records.map(({ seq }) => seq)).toEqual([1, 2, 3]);
    store.confirm(one?.chain ?? '', 4);
    restart();
    const two = store.outbox(100);
    expect(two).toMatchObject({ chain: one?.chain, first: 4 });
    expect(two?.before).toBe(hashAfter(one?.before ?? '', one?.records ?? []));
    expect(store.unsent()).toBe(2);
  });

  it('K01 a new database begins another chain', () => {
    store.end('a', unchained());
    const first = chainOf();
    store.close();
    places.remove();
    reopen();
    store.end('a', unchained());
    expect(chainOf()).toMatch(/^[A-Za-z0-9_-]{22}$/);
    expect(chainOf()).not.toBe(first);
  });

  it('are offered until they are confirmed, and then no more', () => {
    expect(store.outbox(10)).toBeNull();
    store.end('a', unchained());
    expect(store.outbox(10)?.records).toHaveLength(1);
    expect(store.outbox(10)?.records).toHaveLength(1);
    store.confirm(chainOf(), 2);
    expect(store.outbox(10)).toBeNull();
    expect(store.unsent()).toBe(0);
  });

  it('a confirmation of another chain, of less, or of more than there is takes nothing away', () => {
    for (let i = 0; i < 3; i++) store.end(`${i}`, unchained());
    const chain = chainOf();
    store.confirm('A'.repeat(22), 4);
    expect(store.unsent()).toBe(3);
    store.confirm(chain, 3);
    store.confirm(chain, 2);
    expect(store.unsent()).toBe(1);
    store.confirm(chain, 1_000);
    expect(store.unsent()).toBe(0);
    expect(store.end('x', unchained()).seq).toBe(4);
    expect(store.unsent()).toBe(1);
  });

  it('recordsSince answers what ended, or was due and never began, at or after an instant, oldest first', () => {
    const at = 1_790_000_000_000;
    store.end('early', unchained({ title: 'early', startedAtMs: at - 100, endedAtMs: at - 1 }));
    store.end('late', unchained({ title: 'late', startedAtMs: at - 100, endedAtMs: at }));
    store.end(
      'skipped',
      unchained({ title: 'skipped', plannedAtMs: at, startedAtMs: null, endedAtMs: null }),
    );
    expect(store.recordsSince(at).map(({ title }) => title)).toEqual(['late', 'skipped']);
  });

  it('confirmed ones go after 400 days, unconfirmed ones never, and the chain holds over the gap', () => {
    const start = 1_790_000_000_000;
    for (let day = 0; day < 500; day += 10) {
      store.end(`${day}`, unchained({ endedAtMs: start + day * DAY }));
    }
    const all = store.outbox(1_000);
    store.confirm(chainOf(), 31);
    expect(
      store
        .records(1_000)
        .map(({ seq }) => seq)
        .at(-1),
    ).toBe(10);
    const rest = store.outbox(1_000);
    expect(rest?.first).toBe(31);
    expect(rest?.before).toBe(hashAfter(all?.before ?? '', all?.records.slice(0, 30) ?? []));
  });
});

describe('what has begun', () => {
  it('survives a kill and can be closed as `power`; then it is a record and nothing is open', () => {
    store.begin({ key: 'sound-1', record: unchained({ endCause: 'power' }) });
    store.begin({ key: 'ticker-1', record: unchained({ surface: 'ticker' }) });
    restart();
    expect(store.begun().map(({ key }) => key)).toEqual(['sound-1', 'ticker-1']);
    for (const { key, record } of store.begun()) store.end(key, { ...record, endCause: 'power' });
    restart();
    expect(store.begun()).toEqual([]);
    expect(store.records(9).map(({ surface }) => surface)).toEqual(['ticker', 'sound']);
  });

  it('begins once', () => {
    store.begin({ key: 'a', record: unchained() });
    expect(() => {
      store.begin({ key: 'a', record: unchained() });
    }).toThrow();
  });

  it('stays open when something else ends', () => {
    store.begin({ key: 'a', record: unchained() });
    store.end('skipped', unchained({ endCause: 'skipped' }));
    expect(store.begun()).toHaveLength(1);
  });
});

describe('what else must survive', () => {
  it('is how far an order has come', () => {
    const progress = { digest: 'd', begunAtMs: 5, heard: 2, playsHeard: 1, toned: false };
    store.keepOrderProgress({ ...progress, heard: 0 });
    store.keepOrderProgress(progress);
    restart();
    expect(store.orderProgress()).toEqual([progress]);
  });

  it('is the last sync of the clock', () => {
    expect(store.syncAnchor()).toBeNull();
    const point = { upMs: 1.5, atMs: 2, u: 2.1 };
    const anchor = {
      ...point,
      bootId: 'b',
      setAtMs: 2,
      since: point,
      driftPpm: null,
      rtcSet: false,
      moves: [{ atMs: 1, excessMs: -3 }],
    };
    store.keepSyncAnchor(anchor);
    restart();
    expect(store.syncAnchor()).toEqual(anchor);
  });
});
