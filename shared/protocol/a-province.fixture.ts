/** For tests: a province of made-up people with fresh keys, its box, and documents that these people would sign. */
import { exportJWK, generateKeyPair } from 'jose';
import { thumbprint } from './keys.ts';
import type { Grant, Key, OrderKind } from './schema/authority.ts';
import type { Device, Head, Keyring, Order, Plan, SignedDocument, Trust } from './schema/documents.ts';
import { payloadBytes, publicHalf, sealEnvelope, signPayload } from './sign.ts';
import type { PrivateJwk } from './sign.ts';
import { initialState } from './state.ts';
import type { BoxState, Clock } from './state.ts';
import { openEnvelope, toStored, isOpened } from './envelope.ts';

export type Person = { readonly holder: string; readonly key: PrivateJwk; readonly kid: string };

export const NOW = 1_795_000_000;
export const clock: Clock = { state: 'SYNCED', now: NOW, u: 2 };
export const DEV = 'd-aaaaaaaaaaaaaaaa';
const DAY = 86_400;

export async function person(holder: string, alg: 'Ed25519' | 'ES256' = 'Ed25519'): Promise<Person> {
  const { privateKey } = await generateKeyPair(alg, { extractable: true });
  const { x = '', y = '', d = '' } = await exportJWK(privateKey);
  const key: PrivateJwk =
    alg === 'Ed25519' ? { kty: 'OKP', crv: 'Ed25519', x, d } : { kty: 'EC', crv: 'P-256', x, y, d };
  return { holder, key, kid: thumbprint(publicHalf(key)) };
}

const people = async <N extends string>(...names: N[]): Promise<Record<N, Person>> =>
  Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await person(name)] as const)),
  ) as Record<N, Person>;

export const P = await people(
  'rootA',
  'rootB',
  'rootC',
  'regA',
  'regB',
  'author',
  'approver',
  'offA',
  'offB',
  'offC',
  'online',
);

export const keysOf = (...some: Person[]): Record<string, Key> =>
  Object.fromEntries(some.map(({ kid, key, holder }) => [kid, { jwk: publicHalf(key), holder }]));

export const grant = (
  role: Grant['role'],
  area: string,
  some: Person[],
  threshold: number,
  kinds: OrderKind[] = [],
): Grant => ({
  role,
  area,
  epoch: 1,
  keys: some.map(({ kid }) => kid),
  threshold,
  maxTtlS: role === 'emergency' ? 21_600 : 400 * DAY,
  kinds,
});

const common = { v: 1, prov: 'vn56', epoch: 1, ver: 1, iat: NOW - 100, exp: NOW + 30 * DAY } as const;

export const trust: Trust = {
  ...common,
  typ: 'trust',
  id: 'trust',
  epoch: 0,
  keys: keysOf(P.rootA, P.rootB, P.rootC, P.regA, P.regB, P.offA, P.offB, P.offC, P.online),
  grants: [
    grant('root', '56', [P.rootA, P.rootB, P.rootC], 2),
    grant('registrar', '56', [P.regA, P.regB], 2),
    grant('emergency', '56', [P.offA, P.offB, P.offC], 2, ['alert', 'clear', 'stop', 'live']),
    grant('emergency', '56', [P.offA, P.offB, P.offC], 1, ['template', 'halt', 'test']),
    grant('head', '56', [P.online], 1),
  ] as Trust['grants'],
  floorReset: null,
};

export const device: Device = {
  ...common,
  typ: 'device',
  id: `device:${DEV}`,
  dev: DEV,
  area: '56.22366',
  state: 'active',
  tags: [],
  volumeMax: 80,
  quiet: null,
  clockless: 'silent',
};

export const keyring: Keyring = {
  ...common,
  typ: 'keyring',
  id: 'keyring:56.22366',
  area: '56.22366',
  keys: keysOf(P.author, P.approver),
  grants: [grant('publisher', '56.22366', [P.author, P.approver], 2)],
};

export const plan: Plan = {
  ...common,
  typ: 'plan',
  id: 'plan:56.22366',
  area: '56.22366',
  zone: 'Asia/Ho_Chi_Minh',
  items: [],
};

export const head: Head = { ...common, typ: 'head', id: 'head', nonce: null, latest: {} };

export const order = (over: Partial<Order> & Pick<Order, 'kind'>): Order =>
  ({
    ...common,
    typ: 'order',
    id: '01M7Q5BGE0MN0J7T17J02W5KN0',
    exp: NOW + 1800,
    scope: ['56.22366'],
    play: null,
    plays: 1,
    repeatS: null,
    ends: [],
    text: null,
    ...over,
  }) as Order;

export async function lines(document: SignedDocument, ...signers: Person[]) {
  const payload = payloadBytes(document);
  return Promise.all(signers.map(({ key }) => signPayload(key, document.typ, payload)));
}

export const signed = async (document: SignedDocument, ...signers: Person[]): Promise<Uint8Array> =>
  sealEnvelope(payloadBytes(document), await lines(document, ...signers));

/** A box fresh from the factory; `trust` is signed by two of its roots. */
export async function freshBox(): Promise<BoxState> {
  const opened = openEnvelope(await signed(trust, P.rootA, P.rootB));
  if (typeof opened === 'string' || !isOpened(opened, 'trust')) throw new Error('the fixture is wrong');
  return initialState({ prov: 'vn56', dev: DEV, floor: 0, trust: toStored(opened) });
}
