/** A box for tests of sync: real shelf, real key, and a store and an `admit` that believe everything, because what bytes are worth is none of sync's business. */
import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { canonicalJson, digestOf } from '../../shared/protocol/bytes.ts';
import type { Device, Plan, SignedDocument, Trust } from '../../shared/protocol/schema/documents.ts';
import type { Item } from '../../shared/protocol/schema/item.ts';
import type { Media } from '../../shared/protocol/schema/media.ts';
import type { Order } from '../../shared/protocol/schema/order.ts';
import { initialState } from '../../shared/protocol/state.ts';
import type { BoxState, Stored } from '../../shared/protocol/state.ts';
import { aRecord } from '../../shared/records/a-record.fixture.ts';
import { firstHash, hashAfter } from '../../shared/records/chain.ts';
import { deviceName } from '../../shared/records/device-key.ts';
import type { Signer } from '../../shared/records/device-key.ts';
import type { PlayRecord } from '../../shared/records/record.ts';
import { DiskShelf } from '../store/shelf.ts';
import type { OutboxBatch } from '../store/store.ts';
import { Nonce } from './nonce.ts';
import type { Admit, SyncClock, SyncDeps } from './turn.ts';

export const PROV = 'vn56';
export const AREA = '56.22366';
export const NOW_S = 1_790_000_000;
const CHAIN = 'AAECAwQFBgcICQoLDA0ODw';

export function aSigner(): Signer {
  const pair = generateKeyPairSync('ed25519');
  const key = pair.publicKey.export({ format: 'jwk' }).x ?? '';
  return { dev: deviceName(key), key, sign: (bytes) => sign(null, bytes, pair.privateKey) };
}

const common = { v: 1, prov: PROV, epoch: 1, ver: 1, iat: NOW_S - 60, exp: NOW_S + 86_400 } as const;

export const aTrust = (ver: number): Trust => ({
  ...common,
  typ: 'trust',
  id: 'trust',
  epoch: 0,
  ver,
  keys: {},
  grants: [],
  floorReset: null,
});

export const aDevice = (dev: string, more: Partial<Device> = {}): Device => ({
  ...common,
  typ: 'device',
  id: `device:${dev}`,
  dev,
  area: AREA,
  state: 'active',
  tags: [],
  volumeMax: 90,
  quiet: null,
  clockless: 'silent',
  ...more,
});

export const anItem = (id: string, play: readonly Media[], more: Partial<Item> = {}): Item => ({
  id,
  title: id,
  surface: 'sound',
  priority: 5,
  language: 'vi',
  author: '',
  topic: 'tin',
  firstDay: '2026-09-21',
  lastDay: null,
  startAt: '05:00:00',
  lengthS: 600,
  recur: null,
  except: [],
  also: [],
  start: 'exact',
  late: 'join',
  afterCut: 'resume',
  volume: 70,
  night: false,
  only: null,
  source: { kind: 'media', play: [...play], repeat: 1 },
  ...more,
});

export const aPlan = (area: string, items: readonly Item[], more: Partial<Plan> = {}): Plan => ({
  ...common,
  typ: 'plan',
  id: `plan:${area}`,
  area,
  zone: 'Asia/Ho_Chi_Minh',
  items: [...items],
  ...more,
});

let orders = 0;
export const anAlert = (more: Partial<Extract<Order, { kind: 'alert' }>> = {}): Order => ({
  ...common,
  typ: 'order',
  id: `01K5M${String((orders += 1)).padStart(21, '0')}`,
  kind: 'alert',
  ver: 1,
  scope: [AREA],
  play: null,
  plays: 1,
  repeatS: null,
  ends: [],
  text: 'Lũ quét, hãy lên cao',
  ...more,
});

export function aMedia(bytes: Uint8Array): Media {
  const hash = createHash('sha256').update(bytes).digest('base64url');
  return { sha256: hash, size: bytes.length, mime: 'audio/wav', durMs: 1_000 };
}

/** Bytes that begin as a WAV file does. */
export const someSound = (sizeBytes: number): Buffer =>
  Buffer.concat([Buffer.from('RIFF\0\0\0\0WAVE'), randomBytes(sizeBytes - 12)]);

/** Nobody signs here: the envelope has the right shape and nothing more. */
export function envelopeOf(document: SignedDocument | Record<string, unknown>): Uint8Array {
  const header = { alg: 'Ed25519', kid: 'A'.repeat(43), typ: `loa-${String(document['typ'])}+jws` };
  const signature = { protected: encoded(header), signature: 'A'.repeat(86) };
  return Buffer.from(JSON.stringify({ payload: encoded(document), signatures: [signature] }));
}

const encoded = (value: object): string => Buffer.from(canonicalJson(value) ?? '').toString('base64url');

const payloadOf = (bytes: Uint8Array): Buffer => {
  const { payload } = JSON.parse(Buffer.from(bytes).toString()) as { payload: string };
  return Buffer.from(payload, 'base64url');
};

export function storedOf<D extends SignedDocument>(document: D): Stored<D> {
  const bytes = envelopeOf(document);
  return { bytes, digest: digestOf(payloadOf(bytes)), document };
}

/** One thing that was handed to `admit`. */
export type Handed = { readonly channel: string; readonly id: string; readonly bytes: Uint8Array };

export class TestBox {
  readonly signer = aSigner();
  readonly dev = this.signer.dev;
  readonly handed: Handed[] = [];
  readonly folder = mkdtempSync(join(tmpdir(), 'loa-sync-'));
  readonly shelf: DiskShelf;
  readonly nonce = new Nonce(() => randomBytes(16).toString('base64url'));
  /** What the clock was told: syncs and disputes. */
  readonly told: unknown[] = [];
  /** Answers by id where the test wants another than ACCEPTED. */
  readonly answers = new Map<string, string>();
  reading: Omit<ReturnType<SyncClock['read']>, 'upMs'> = { state: 'SYNCED', nowMs: NOW_S * 1000, u: 2 };
  confirmed = 0;
  #state: BoxState;
  readonly #records: PlayRecord[] = [];

  constructor(quotaBytes = 10_000_000) {
    this.shelf = new DiskShelf({
      folder: join(this.folder, 'media'),
      quotaBytes,
      reserveBytes: 0,
      nowMs: () => NOW_S * 1000,
    });
    this.#state = initialState({ prov: PROV, dev: this.dev, floor: NOW_S - 100, trust: storedOf(aTrust(1)) });
  }

  /** A box that has been out there for a while. */
  hold(...documents: readonly Exclude<SignedDocument, Trust | Order>[]): this {
    const docs = new Map([
      ...this.#state.docs,
      ...documents.map((each) => [each.id, storedOf(each)] as const),
    ]);
    this.#state = { ...this.#state, docs };
    return this;
  }

  state(): BoxState {
    return this.#state;
  }

  record(count: number, more: Partial<PlayRecord> = {}): void {
    for (let n = 0; n < count; n++) this.#records.push({ ...aRecord(this.#records.length + 1), ...more });
  }

  deps(cloud: SyncDeps['cloud'], waits: SyncDeps['waits']): SyncDeps {
    return {
      prov: PROV,
      cloud,
      waits,
      shelf: this.shelf,
      admit: this.admit,
      signer: this.signer,
      nonce: this.nonce,
      clock: {
        read: () => ({ ...this.reading, upMs: performance.now() }),
        sync: (...told) => this.told.push(told),
        dispute: (...told) => this.told.push(['dispute', ...told]),
        confirmed: () => null,
      },
      store: {
        state: () => this.#state,
        outbox: (limit) => this.#outbox(limit),
        confirm: (chain, nextSeq) => {
          if (chain === CHAIN) this.confirmed = Math.max(this.confirmed, nextSeq - 1);
        },
        unsent: () => this.#records.length - this.confirmed,
        rejects: () => ({}),
      },
    };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  readonly admit: Admit = (bytes, channel) => {
    const answer = (code: string, sync: number | null = null) =>
      Promise.resolve({ code, sync, retryAfterTrust: code === 'NEED_NEWER_TRUST' || code === 'GAP' });
    let document: SignedDocument;
    try {
      document = JSON.parse(payloadOf(bytes).toString()) as SignedDocument;
    } catch {
      this.handed.push({ channel, id: 'rubbish', bytes });
      return answer('BAD_JSON');
    }
    this.handed.push({ channel, id: document.id, bytes });
    const code = this.answers.get(document.id) ?? 'ACCEPTED';
    if (code !== 'ACCEPTED') return answer(code);
    this.#keep(document);
    return answer(code, document.typ === 'head' ? document.iat : null);
  };

  #keep(document: SignedDocument): void {
    const stored = storedOf(document);
    if (document.typ === 'trust') {
      this.#state = { ...this.#state, trust: { ...stored, document } };
    } else if (document.typ === 'order') {
      const row = { exp: document.exp, ended: false, stored: { ...stored, document }, fm: null };
      this.#state = { ...this.#state, orders: new Map([...this.#state.orders, [stored.digest, row]]) };
    } else this.hold(document);
  }

  #outbox(limit: number): OutboxBatch | null {
    const records = this.#records.slice(this.confirmed, this.confirmed + limit);
    if (records.length === 0) return null;
    const start = firstHash(this.dev, CHAIN);
    const before = hashAfter(start, this.#records.slice(0, this.confirmed));
    return { chain: CHAIN, first: this.confirmed + 1, before, records };
  }
}
