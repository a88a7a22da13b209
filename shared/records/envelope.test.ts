import { generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { aRecord } from './a-record.fixture.ts';
import { MAX_BATCH_BYTES } from './batch.ts';
import type { RecordBatch } from './batch.ts';
import { deviceName } from './device-key.ts';
import type { Signer } from './device-key.ts';
import { openBatch, sealBatch } from './envelope.ts';

function aSigner(): Signer {
  const pair = generateKeyPairSync('ed25519');
  const key = pair.publicKey.export({ format: 'jwk' }).x ?? '';
  return { dev: deviceName(key), key, sign: (bytes) => sign(null, bytes, pair.privateKey) };
}

const signer = aSigner();
const batchOf = (by: Signer): RecordBatch => ({
  typ: 'records',
  v: 1,
  prov: 'vn56',
  dev: by.dev,
  key: by.key,
  chain: 'AAECAwQFBgcICQoLDA0ODw',
  first: 1,
  before: 'A'.repeat(43),
  last: 'A'.repeat(43),
  records: [aRecord(1), aRecord(2)],
  held: { trust: { epoch: 0, ver: 3 } },
  clock: { state: 'HOLDOVER', u: 4 },
  rejects: { REPLAY: 2 },
});
const edited = (bytes: Uint8Array, from: string, to: string): Uint8Array => {
  const outer = JSON.parse(Buffer.from(bytes).toString()) as { payload: string };
  const payload = Buffer.from(outer.payload, 'base64url').toString().replace(from, to);
  return Buffer.from(JSON.stringify({ ...outer, payload: Buffer.from(payload).toString('base64url') }));
};

describe('a batch of records', () => {
  it('opens to what the box sealed', async () => {
    expect(await openBatch(sealBatch(batchOf(signer), signer))).toEqual({ batch: batchOf(signer) });
  });

  it('K01 is refused when anything in it was changed on the way', async () => {
    const sealed = sealBatch(batchOf(signer), signer);
    expect(await openBatch(edited(sealed, 'Bản tin sáng', 'Bản tin khác'))).toMatchObject({
      code: 'THRESHOLD',
    });
  });

  it('is refused when another box signed it, under either name', async () => {
    const thief = aSigner();
    expect(await openBatch(sealBatch(batchOf(signer), thief))).toMatchObject({ code: 'BAD_KID' });
    const named = { ...batchOf(thief), dev: signer.dev };
    expect(await openBatch(sealBatch(named, thief))).toMatchObject({ code: 'BAD_ID' });
  });

  it('names the field where its shape is wrong', async () => {
    const wrong = { ...batchOf(signer), rejects: { REPLAY: -1 } };
    expect(await openBatch(sealBatch(wrong, signer))).toEqual({
      code: 'BAD_SCHEMA',
      field: 'rejects.REPLAY',
    });
    const hole = { ...batchOf(signer), records: [aRecord(1), aRecord(3)] };
    expect(await openBatch(sealBatch(hole, signer))).toEqual({ code: 'BAD_SCHEMA', field: 'records' });
  });

  it('is refused under a key of small order, for which anybody can make a signature', async () => {
    const key = Buffer.concat([Buffer.from([1]), Buffer.alloc(31)]).toString('base64url');
    const forger: Signer = {
      dev: deviceName(key),
      key,
      sign: () => Buffer.concat([Buffer.from([1]), Buffer.alloc(63)]),
    };
    expect(await openBatch(sealBatch(batchOf(forger), forger))).toMatchObject({ code: 'WEAK_KEY' });
  });

  it('is refused in any spelling but the canonical one', async () => {
    const sealed = sealBatch(batchOf(signer), signer);
    expect(await openBatch(edited(sealed, '{"', '{ "'))).toMatchObject({ code: 'NOT_CANONICAL' });
  });

  it('is no document: its type and a document’s never stand for each other', async () => {
    const sealed = Buffer.from(sealBatch(batchOf(signer), signer)).toString();
    const outer = JSON.parse(sealed) as { signatures: { protected: string }[] };
    const header = Buffer.from(outer.signatures[0]?.protected ?? '', 'base64url').toString();
    const other = Buffer.from(header.replace('records', 'order')).toString('base64url');
    const swapped = sealed.replace(outer.signatures[0]?.protected ?? '', other);
    expect(await openBatch(Buffer.from(swapped))).toMatchObject({ code: 'TYPE_MISMATCH' });
  });

  it('is refused unread when it is too long, and without a crash when it is rubbish', async () => {
    expect(await openBatch(new Uint8Array(MAX_BATCH_BYTES + 1))).toMatchObject({ code: 'TOO_BIG' });
    for (const text of ['', 'null', '{}', '{"payload":"","signatures":[]}', '\uFEFF{}'])
      expect(await openBatch(Buffer.from(text))).toHaveProperty('code');
  });
});

describe('the name of a box', () => {
  it('is made from its key alone', () => {
    // Computed with another program: base32(SHA-256(32 zero bytes)).
    expect(deviceName('A'.repeat(43))).toBe('d-mzuhvlpymk6xo3ep');
    expect(() => deviceName('AAAA')).toThrow('32 bytes');
  });
});
