/** A small province for tests: people with keys, the documents that they sign, and a running cloud with its own folder. */
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { thumbprint } from '../shared/protocol/keys.ts';
import type { Grant, Jwk, Key, Role } from '../shared/protocol/schema/authority.ts';
import type {
  Device,
  Keyring,
  Order,
  Plan,
  SignedDocument,
  Trust,
} from '../shared/protocol/schema/documents.ts';
import type { Item } from '../shared/protocol/schema/item.ts';
import type { Media } from '../shared/protocol/schema/media.ts';
import { payloadBytes, publicHalf, sealEnvelope, signPayload } from '../shared/protocol/sign.ts';
import type { PrivateJwk } from '../shared/protocol/sign.ts';
import { envelope } from '../shared/wire/carrier.ts';
import type { Envelope } from '../shared/wire/carrier.ts';
import { filesIn, openCloud } from './app.ts';
import type { Cloud } from './app.ts';
import { checkConfig } from './config.ts';
import type { CloudConfig } from './config.ts';
import { openHeadKey } from './head/key.ts';

export const PROV = 'vn56';
export const COMMUNE = '56.22366';
/** 2026-09-21, UTC seconds. */
export const START_S = 1_790_000_000;
const DAY_S = 86_400;

export type Person = { readonly holder: string; readonly key: PrivateJwk; readonly kid: string };

export function aPerson(holder: string): Person {
  const { privateKey } = generateKeyPairSync('ed25519');
  const key = privateKey.export({ format: 'jwk' }) as PrivateJwk;
  return { holder, key, kid: thumbprint(publicHalf(key)) };
}

const [an, binh, chi, dung] = ['Nguyễn Văn An', 'Trần Thị Bình', 'Lê Chi', 'Phạm Dũng'].map(aPerson) as [
  Person,
  Person,
  Person,
  Person,
];
export const roots = [an, binh] as const;
export const registrars = [an, binh] as const;
export const officers = [chi, dung] as const;
export const publishers = [aPerson('Võ Tác Giả'), aPerson('Đỗ Phê Duyệt')] as const;

const keysOf = (people: readonly Person[]): Record<string, Key> =>
  Object.fromEntries(people.map(({ kid, key, holder }) => [kid, { jwk: publicHalf(key), holder }]));

const grant = (
  role: Role,
  people: readonly { kid: string }[],
  threshold: number,
  more: Partial<Grant> = {},
): Grant => ({
  role,
  area: '56',
  epoch: 1,
  keys: people.map(({ kid }) => kid),
  threshold,
  maxTtlS: 400 * DAY_S,
  kinds: [],
  ...more,
});

const stamp = { v: 1, prov: PROV, epoch: 1, ver: 1, iat: START_S - 60, exp: START_S + 30 * DAY_S } as const;

export const aTrust = (head: Jwk, more: Partial<Trust> = {}): Trust => ({
  ...stamp,
  typ: 'trust',
  id: 'trust',
  epoch: 0,
  keys: { ...keysOf([an, binh, chi, dung]), [thumbprint(head)]: { jwk: head, holder: 'Máy chủ tỉnh' } },
  grants: [
    grant('root', roots, 2),
    grant('registrar', registrars, 2),
    grant('templates', officers, 2),
    grant('emergency', officers, 2, { kinds: ['alert', 'clear', 'stop', 'live'] }),
    grant('emergency', officers, 1, { kinds: ['template', 'halt', 'test'], maxTtlS: 21_600 }),
    grant('head', [{ kid: thumbprint(head) }], 1, { maxTtlS: 2 * DAY_S }),
  ] as Trust['grants'],
  floorReset: null,
  ...more,
});

export const aKeyring = (more: Partial<Keyring> = {}): Keyring => ({
  ...stamp,
  typ: 'keyring',
  id: `keyring:${COMMUNE}`,
  area: COMMUNE,
  keys: keysOf(publishers),
  grants: [grant('publisher', publishers, 2, { area: COMMUNE, maxTtlS: 92 * DAY_S })],
  ...more,
});

export const aDevice = (dev: string, more: Partial<Device> = {}): Device => ({
  ...stamp,
  typ: 'device',
  id: `device:${dev}`,
  dev,
  area: COMMUNE,
  state: 'active',
  tags: [],
  volumeMax: 90,
  quiet: null,
  clockless: 'silent',
  ...more,
});

export const anItem = (more: Partial<Item> = {}): Item => ({
  id: 'ban-tin',
  title: 'Bản tin sáng',
  surface: 'screen',
  priority: 5,
  language: 'vi',
  author: 'UBND xã',
  topic: 'tin-tuc',
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
  volume: 80,
  night: false,
  only: null,
  source: { kind: 'ticker', text: 'Chào buổi sáng' },
  ...more,
});

export const soundOf = (media: Media): Partial<Item> => ({
  surface: 'sound',
  source: { kind: 'media', play: [media], repeat: 1 },
});

export const aPlan = (more: Partial<Plan> = {}): Plan => ({
  ...stamp,
  typ: 'plan',
  id: `plan:${COMMUNE}`,
  area: COMMUNE,
  zone: 'Asia/Ho_Chi_Minh',
  items: [anItem()],
  ...more,
});

export const anAlert = (more: Partial<Extract<Order, { kind: 'alert' }>> = {}): Order => ({
  ...stamp,
  typ: 'order',
  id: '01J0000000000000000000000A',
  kind: 'alert',
  exp: START_S + 1800,
  scope: [COMMUNE],
  play: null,
  plays: 1,
  repeatS: null,
  ends: [],
  text: 'Lũ về nhanh, lên chỗ cao ngay',
  ...more,
});

export async function sealed(document: SignedDocument, people: readonly Person[]): Promise<Envelope> {
  const payload = payloadBytes(document);
  const lines = await Promise.all(people.map(({ key }) => signPayload(key, document.typ, payload)));
  return envelope.parse(JSON.parse(Buffer.from(sealEnvelope(payload, lines)).toString()));
}

export type World = {
  readonly cloud: Cloud;
  readonly config: CloudConfig;
  readonly token: string;
  readonly headJwk: Jwk;
  /** UTC milliseconds; tests move it. */
  readonly clock: { nowMs: number };
  readonly url: string;
  /** With the staff token. */
  post(path: string, body: unknown): Promise<Response>;
  get(path: string): Promise<Response>;
  /** Stops the cloud and starts another in the same folder. */
  restarted(): Promise<World>;
  close(): Promise<void>;
};

export async function openWorld(): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), 'loa-cloud-'));
  const { publicJwk } = openHeadKey(filesIn(folder).headKey);
  const trustFile = join(folder, 'trust-1.json');
  writeFileSync(trustFile, JSON.stringify(await sealed(aTrust(publicJwk), roots)));
  const checked = checkConfig({
    prov: PROV,
    trustFile,
    folder,
    http: { port: 0 },
    mqtt: { port: 0 },
    places: [{ area: COMMUNE, name: { vi: 'Xã Diên Khánh', en: 'Dien Khanh commune' } }],
    consoleFolder: null,
  });
  if (!checked.ok) throw new Error(checked.faults.map(({ en }) => en).join('\n'));
  return startIn(checked.config, publicJwk, { nowMs: START_S * 1000 });
}

async function startIn(config: CloudConfig, headJwk: Jwk, clock: World['clock']): Promise<World> {
  const cloud = await openCloud(config, () => clock.nowMs);
  const token = readFileSync(filesIn(config.folder).staffToken, 'utf8').trim();
  const url = `http://127.0.0.1:${cloud.http.port}`;
  const authorization = `Bearer ${token}`;
  return {
    ...{ cloud, config, token, headJwk, clock, url },
    post: (path, body) =>
      fetch(url + path, {
        method: 'POST',
        headers: { authorization, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    get: (path) => fetch(url + path, { headers: { authorization } }),
    async restarted() {
      await cloud.close();
      return startIn(config, headJwk, clock);
    },
    async close() {
      await cloud.close();
      rmSync(config.folder, { recursive: true, force: true });
    },
  };
}

/** Publishes what a box in the commune needs before its plan. */
export async function publishGround(world: World, devs: readonly string[]): Promise<void> {
  const documents = [aKeyring(), ...devs.map((dev) => aDevice(dev))];
  for (const document of documents) {
    const answer = await world.post('/api/envelopes', await sealed(document, registrars));
    if (answer.status !== 200) throw new Error(await answer.text());
  }
}
