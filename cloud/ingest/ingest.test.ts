import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aRecord } from '../../shared/records/a-record.fixture.ts';
import type { RecordBatch } from '../../shared/records/batch.ts';
import { firstHash, hashAfter } from '../../shared/records/chain.ts';
import { deviceName } from '../../shared/records/device-key.ts';
import type { Signer } from '../../shared/records/device-key.ts';
import { sealBatch } from '../../shared/records/envelope.ts';
import type { PlayRecord } from '../../shared/records/record.ts';
import { envelope } from '../../shared/wire/carrier.ts';
import { openDatabase } from '../database.ts';
import type { CloudDatabase } from '../database.ts';
import { openWorld, publishGround } from '../province.fixture.ts';
import { openIngest } from './ingest.ts';
import type { Ingest, Taken } from './ingest.ts';

function aBox(): Signer {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const key = publicKey.export({ format: 'jwk' }).x ?? '';
  return { dev: deviceName(key), key, sign: (bytes) => sign(null, bytes, privateKey) };
}

const box = aBox();
const aChain = (): string => randomBytes(16).toString('base64url');

/** What the box would upload of `records`, whose first has the sequence number `from`. */
function batchOf(records: readonly PlayRecord[], from: number, to: number, chain: string): RecordBatch {
  const before = hashAfter(firstHash(box.dev, chain), records.slice(0, from - 1));
  const part = records.slice(from - 1, to);
  return {
    typ: 'records',
    v: 1,
    prov: 'vn56',
    ...{ dev: box.dev, key: box.key, chain, first: from, before },
    last: hashAfter(before, part),
    records: part,
    held: {},
    clock: { state: 'SYNCED', u: 2 },
    rejects: {},
  };
}

const sealedBatch = (batch: RecordBatch) =>
  envelope.parse(JSON.parse(Buffer.from(sealBatch(batch, box)).toString()));
const records = (count: number): PlayRecord[] =>
  Array.from({ length: count }, (_, index) => aRecord(index + 1));

let database: CloudDatabase;
let taken: Taken[];
let ingest: Ingest;
beforeEach(async () => {
  database = await openDatabase(':memory:');
  taken = [];
  ingest = openIngest({
    database,
    prov: 'vn56',
    isKnown: (dev) => dev === box.dev,
    now: () => 1_790_000_000_000,
    taken: (each) => taken.push(each),
  });
});
afterEach(() => database.destroy());

const send = async (batch: RecordBatch) => ingest.take(sealedBatch(batch));
const breaks = () => database.selectFrom('break').select(['dev', 'seq', 'kind']).orderBy('seq').execute();
const storedSeqs = async (chain: string) =>
  (await database.selectFrom('record').select('seq').where('chain', '=', chain).orderBy('seq').execute()).map(
    ({ seq }) => seq,
  );

describe('ingest', () => {
  it('keeps every record once and ends without a break, in any order, with repeats and overlaps', async () => {
    const all = records(20);
    const range = fc
      .tuple(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 20 }))
      .map(([a, b]) => ({ from: Math.min(a, b), to: Math.max(a, b) }));
    await fc.assert(
      fc.asyncProperty(fc.array(range, { minLength: 1, maxLength: 12 }), async (ranges) => {
        const chain = aChain();
        for (const { from, to } of ranges) {
          const answer = await send(batchOf(all, from, to, chain));
          expect(answer).toMatchObject({ ok: true, value: { chain } });
        }
        const expected = new Set(
          ranges.flatMap(({ from, to }) => all.slice(from - 1, to).map(({ seq }) => seq)),
        );
        expect(await storedSeqs(chain)).toEqual([...expected].toSorted((a, b) => a - b));
        const events = taken.flatMap(({ kept }) => kept).filter((kept) => kept.chain === chain);
        expect(events).toHaveLength(expected.size);
        // A hole is named by its first number, and by nothing else.
        const holes = all
          .map(({ seq }) => seq)
          .filter((seq) => {
            const follows = seq === 1 || expected.has(seq - 1);
            return !expected.has(seq) && follows && seq < Math.max(...expected);
          });
        const found = await database
          .selectFrom('break')
          .select(['seq', 'kind'])
          .where('chain', '=', chain)
          .orderBy('seq')
          .execute();
        expect(found).toEqual(holes.map((seq) => ({ seq, kind: 'missing' })));
        await send(batchOf(all, 1, 20, chain));
        expect(await database.selectFrom('break').selectAll().where('chain', '=', chain).execute()).toEqual(
          [],
        );
      }),
      { numRuns: 60 },
    );
  });

  it('answers with the number after the run that it holds, so that a box neither repeats nor drops', async () => {
    const all = records(9);
    const chain = aChain();
    expect(await send(batchOf(all, 4, 6, chain))).toMatchObject({ value: { nextSeq: 7 } });
    expect(await send(batchOf(all, 1, 2, chain))).toMatchObject({ value: { nextSeq: 3 } });
    expect(await send(batchOf(all, 3, 3, chain))).toMatchObject({ value: { nextSeq: 7 } });
    expect(await send(batchOf(all, 1, 9, chain))).toMatchObject({ value: { nextSeq: 10 } });
  });

  it('keeps chains of one box apart: a box that got a new database begins at one', async () => {
    const all = records(3);
    const [one, two] = [aChain(), aChain()];
    await send(batchOf(all, 1, 3, one));
    expect(await send(batchOf(all, 1, 2, two))).toMatchObject({ value: { chain: two, nextSeq: 3 } });
    expect(await breaks()).toEqual([]);
  });

  it('refuses a box that nobody registered, and keeps nothing of it', async () => {
    const other = openIngest({
      ...{ database, prov: 'vn56', isKnown: () => false, now: () => 1 },
      taken: () => undefined,
    });
    const answer = await other.take(sealedBatch(batchOf(records(1), 1, 1, aChain())));
    expect(answer).toMatchObject({ ok: false, status: 409, refusal: { code: 'UNKNOWN_BOX' } });
    expect(await database.selectFrom('record').selectAll().execute()).toEqual([]);
  });

  it('refuses a batch of another province', async () => {
    const batch = { ...batchOf(records(1), 1, 1, aChain()), prov: 'vn79' };
    expect(await send(batch)).toMatchObject({ ok: false, refusal: { code: 'WRONG_PROVINCE' } });
  });
});

describe('K01', () => {
  it('a batch that was withheld on the way is named by box and first missing number', async () => {
    const all = records(9);
    const chain = aChain();
    await send(batchOf(all, 1, 3, chain));
    await send(batchOf(all, 7, 9, chain));
    expect(await breaks()).toEqual([{ dev: box.dev, seq: 4, kind: 'missing' }]);
    expect(taken.at(-1)?.breaks).toMatchObject([{ dev: box.dev, chain, seq: 4, kind: 'missing' }]);
  });

  it('a loss that was only late is taken back, and one that was partly late moves on', async () => {
    const all = records(9);
    const chain = aChain();
    await send(batchOf(all, 7, 9, chain));
    await send(batchOf(all, 1, 4, chain));
    expect(await breaks()).toEqual([{ dev: box.dev, seq: 5, kind: 'missing' }]);
    await send(batchOf(all, 5, 6, chain));
    expect(await breaks()).toEqual([]);
    expect(taken.map(({ healed }) => healed)).toEqual([0, 1, 1]);
  });

  it('a record that was changed on the way is refused with its whole batch', async () => {
    const sealed = sealedBatch(batchOf(records(3), 1, 3, aChain()));
    const text = Buffer.from(sealed.payload, 'base64url').toString().replace('"volume":70', '"volume":10');
    const changed = { ...sealed, payload: Buffer.from(text).toString('base64url') };
    expect(await ingest.take(changed)).toMatchObject({ ok: false, status: 400 });
    expect(await database.selectFrom('record').selectAll().execute()).toEqual([]);
  });

  it('records that someone changed on the box after they were confirmed show where the chain goes on', async () => {
    const all = records(6);
    const chain = aChain();
    await send(batchOf(all, 1, 3, chain));
    const rewritten = all.map((each) => (each.seq === 2 ? { ...each, volume: 10 } : each));
    await send(batchOf(rewritten, 4, 6, chain));
    expect(await breaks()).toEqual([{ dev: box.dev, seq: 4, kind: 'changed' }]);
  });

  it('a record taken out of the box’s database breaks the batch in which it is missing', async () => {
    const all = records(6);
    const chain = aChain();
    const whole = batchOf(all, 1, 6, chain);
    const without = all.filter(({ seq }) => seq !== 3).map((each, index) => ({ ...each, seq: index + 1 }));
    await send({ ...whole, records: without });
    expect(await breaks()).toEqual([{ dev: box.dev, seq: 1, kind: 'changed' }]);
  });

  it('one number with two contents is a fork: the first stays, the second is evidence', async () => {
    const all = records(3);
    const chain = aChain();
    await send(batchOf(all, 1, 3, chain));
    const twin = all.map((each) => (each.seq === 3 ? { ...each, playedMs: 1 } : each));
    await send(batchOf(twin, 1, 3, chain));
    const [fork] = await database.selectFrom('break').selectAll().execute();
    expect(fork).toMatchObject({ dev: box.dev, chain, seq: 3, kind: 'forked' });
    expect(fork?.evidence).toContain('"playedMs":1');
    const kept = await database
      .selectFrom('record')
      .select('body')
      .where('seq', '=', 3)
      .executeTakeFirstOrThrow();
    expect(JSON.parse(kept.body)).toEqual(all[2]);
  });

  it('asking again raises no second alarm', async () => {
    const all = records(6);
    const chain = aChain();
    await send(batchOf(all, 4, 6, chain));
    await send(batchOf(all, 4, 6, chain));
    expect(taken.map((each) => each.breaks.length)).toEqual([1, 0]);
    expect(await breaks()).toHaveLength(1);
  });
});

describe('POST /v1/records', () => {
  it('takes what a box sealed, without any token, and shows it in the fleet and among the records', async () => {
    const world = await openWorld();
    await publishGround(world, [box.dev]);
    const all = records(7);
    const chain = aChain();
    const body = (from: number, to: number) => Buffer.from(sealBatch(batchOf(all, from, to, chain), box));
    const upload = (part: Buffer) =>
      fetch(`${world.url}/v1/records`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: part,
      });
    expect(await (await upload(body(1, 3))).json()).toEqual({ chain, nextSeq: 4 });
    expect(await (await upload(body(5, 7))).json()).toEqual({ chain, nextSeq: 8 });
    const fleet = await (await world.get(`/api/fleet/${box.dev}`)).json();
    expect(fleet).toMatchObject({
      breaks: 1,
      recent: [7, 6, 5, 3, 2, 1].map((seq) => ({ record: { seq } })),
    });
    expect(await (await world.get('/api/breaks')).json()).toMatchObject([{ seq: 4, kind: 'missing' }]);
    expect(await (await world.get(`/api/records?dev=${box.dev}`)).json()).toHaveLength(6);
    const rubbish = await upload(Buffer.from('{"payload":"x","signatures":[]}'));
    expect(rubbish.status).toBe(400);
    expect(await rubbish.json()).toMatchObject({ code: 'BAD_REQUEST', field: 'signatures' });
    await world.close();
  });
});
