/** A person's signing key: made here, sealed with a passphrase in an age file, opened again to sign (protocol.md §9). */
import { exportJWK, generateKeyPair } from 'jose';
import { z } from 'zod';
import { parseJson } from '../shared/protocol/bytes.ts';
import { checkKeys, thumbprint } from '../shared/protocol/keys.ts';
import { jwk, key } from '../shared/protocol/schema/authority.ts';
import type { Key } from '../shared/protocol/schema/authority.ts';
import { bytes32, holder, kid } from '../shared/protocol/schema/primitives.ts';
import { openSealed, sealText } from './seal.ts';
import { done, refused } from './text.ts';
import type { Outcome } from './text.ts';

export const ALGORITHMS = ['Ed25519', 'ES256'] as const;
/** `ES256` because smart cards speak P-256. */
export type Algorithm = (typeof ALGORITHMS)[number];

const secret = z.discriminatedUnion('kty', [
  z.strictObject({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: bytes32, d: bytes32 }),
  z.strictObject({ kty: z.literal('EC'), crv: z.literal('P-256'), x: bytes32, y: bytes32, d: bytes32 }),
]);
const sealed = z.strictObject({ holder, jwk: secret });
const publicKey = z.strictObject({ ...key.shape, kid });

/** What others need to know of a key: the file that lies beside the sealed one and goes to the ceremony. */
export type PublicKey = Key & { readonly kid: string };
/** An opened key. `secret` is the private JWK: it is written nowhere but through `sealKey`. */
export type SigningKey = PublicKey & { readonly secret: z.infer<typeof secret> };

export async function newKey(name: string, alg: Algorithm = 'Ed25519'): Promise<Outcome<SigningKey>> {
  const person = holder.safeParse(name.normalize('NFC'));
  if (!person.success) {
    return refused(
      'Tên người giữ khóa phải có 1–64 ký tự, không có khoảng trắng ở hai đầu và không có ký tự ẩn.',
      'The holder must be a name of 1–64 characters, without spaces at its ends and without invisible characters.',
    );
  }
  const pair = await generateKeyPair(alg, { extractable: true });
  return done(withKid(person.data, secret.parse(await exportJWK(pair.privateKey))));
}

function withKid(person: string, privateJwk: SigningKey['secret']): SigningKey {
  const { d: _, ...open } = privateJwk;
  const publicJwk = jwk.parse(open);
  return {
    kid: thumbprint(publicJwk),
    holder: person,
    jwk: publicJwk,
    secret: privateJwk,
  };
}

/** The text of an age file that only `passphrase` opens. */
export const sealKey = (opened: SigningKey, passphrase: string, workFactor?: number): Promise<string> =>
  sealText(JSON.stringify({ holder: opened.holder, jwk: opened.secret }), passphrase, workFactor);

export async function openKey(file: string, passphrase: string): Promise<Outcome<SigningKey>> {
  const plain = await openSealed(file, passphrase, notAKey);
  if (!plain.ok) return plain;
  const content = sealed.safeParse(parseJson(plain.value)).data;
  return content === undefined ? notAKey : done(withKid(content.holder, content.jwk));
}

const notAKey = refused(
  'Tệp khóa bị hỏng, đã bị sửa, hoặc không phải khóa của loa-sign. Hãy dùng bản sao hoặc khóa dự phòng.',
  'The key file is damaged, was changed, or is no loa-sign key. Use a copy or the spare key.',
);

export const publicPart = ({ jwk: open, holder: person, kid: id }: PublicKey): PublicKey => ({
  jwk: open,
  holder: person,
  kid: id,
});

/** A public key file from somebody else: its kid must be that of its key, and the key no forger's. */
export function readPublicKey(file: string): Outcome<PublicKey> {
  const content = publicKey.safeParse(parseJson(file)).data;
  if (content === undefined || checkKeys({ [content.kid]: content }) !== null) {
    return refused(
      'Tệp không phải khóa công khai của loa-sign, mã khóa không khớp, hoặc khóa quá yếu.',
      'The file is no public key of loa-sign, its key id does not match, or the key is weak.',
    );
  }
  return done(content);
}
