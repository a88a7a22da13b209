/** The people of the demo's province: generated, each with a key of their own, and nobody with more power than the protocol's table gives. */
import type { Keyring, SignedDocument, Trust } from '../../shared/protocol/schema/documents.ts';
import { payloadBytes, sealEnvelope, signPayload } from '../../shared/protocol/sign.ts';
import { DAY_S, draftKeyring, draftTrust } from '../../sign/ceremony.ts';
import { newKey } from '../../sign/keys.ts';
import type { PublicKey, SigningKey } from '../../sign/keys.ts';
import { valueOf } from '../../sign/text.ts';

export const PROV = 'vn56';
export const PROVINCE = '56';

const person = async (holder: string): Promise<SigningKey> => valueOf(await newKey(holder));
const people = (...holders: string[]): Promise<SigningKey[]> => Promise.all(holders.map(person));

export type People = {
  readonly roots: readonly SigningKey[];
  readonly registrars: readonly SigningKey[];
  readonly officers: readonly SigningKey[];
  /** Author and approver of the province's own plan and of each commune's. */
  readonly publishers: ReadonlyMap<string, readonly [SigningKey, SigningKey]>;
};

/** Two publishers an area: who writes and who approves. */
const PUBLISHERS: readonly (readonly [string, string, string])[] = [
  ['56', 'Nguyễn Thị Lan', 'Trần Quốc Bảo'],
  ['56.22366', 'Lê Minh Châu', 'Phạm Hồng Sơn'],
  ['56.22420', 'Võ Thị Mai', 'Đặng Văn Hòa'],
  ['56.22528', 'Bùi Thanh Tùng', 'Hồ Thị Ngọc'],
];

export async function gatherPeople(): Promise<People> {
  const pairs = PUBLISHERS.map(
    async ([area, writes, approves]): Promise<[string, [SigningKey, SigningKey]]> => [
      area,
      [await person(writes), await person(approves)],
    ],
  );
  return {
    roots: await people('Nguyễn Văn Hùng', 'Phạm Thị Hạnh', 'Hoàng Văn Phúc', 'Trần Thị Mai', 'Lý Văn Sơn'),
    registrars: await people('Đỗ Văn Khoa', 'Ngô Thị Bích', 'Dương Văn Lợi', 'Phan Thị Yến'),
    officers: await people('Trương Văn Nam', 'Cao Thị Thu', 'Mai Văn Đức', 'Đinh Thị Hoa'),
    publishers: new Map(await Promise.all(pairs)),
  };
}

const names = (keys: readonly PublicKey[]): string[] => keys.map(({ holder }) => holder);

/** protocol §3, row by row; `head` is the cloud's online key. */
export function firstTrust({ roots, registrars, officers }: People, head: PublicKey, iat: number): Trust {
  const area = PROVINCE;
  const grants = [
    { role: 'root', area, people: names(roots), threshold: 3 },
    { role: 'registrar', area, people: names(registrars), threshold: 2 },
    { role: 'templates', area, people: names(officers), threshold: 2 },
    {
      role: 'emergency',
      area,
      people: names(officers),
      threshold: 2,
      kinds: ['alert', 'clear', 'stop', 'live'],
    },
    { role: 'emergency', area, people: names(officers), threshold: 1, kinds: ['template', 'halt', 'test'] },
    { role: 'head', area, people: [head.holder], threshold: 1 },
  ] as const;
  const keys = [...roots, ...registrars, ...officers, head];
  const plain = grants.map((grant) => ({
    ...grant,
    people: [...grant.people],
    kinds: 'kinds' in grant ? [...grant.kinds] : [],
  }));
  return valueOf(draftTrust({ prov: PROV, ver: 1, iat, lifeS: 400 * DAY_S, keys, grants: plain }));
}

export function keyringOf({ publishers }: People, area: string, iat: number): Keyring {
  const keys = publishers.get(area) ?? [];
  const grants = [{ role: 'publisher' as const, area, people: names(keys), threshold: 2 }];
  return valueOf(draftKeyring({ prov: PROV, ver: 1, iat, lifeS: 300 * DAY_S, area, epoch: 1, keys, grants }));
}

/** Each signs the same bytes with their own key. */
export async function signedBy(
  signers: readonly SigningKey[],
  document: SignedDocument,
): Promise<Uint8Array> {
  const payload = payloadBytes(document);
  const lines = await Promise.all(signers.map(({ secret }) => signPayload(secret, document.typ, payload)));
  return sealEnvelope(payload, lines);
}
