/** A person's signing key: made here, sealed with a passphrase in an age file, opened again to sign (protocol.md §9). */
import { armor, Decrypter, Encrypter } from 'age-encryption';
import { exportJWK, generateKeyPair } from 'jose';
import { z } from 'zod';
import { parseJson } from '../shared/protocol/bytes.ts';
import { checkKeys, thumbprint } from '../shared/protocol/keys.ts';
import { jwk, key } from '../shared/protocol/schema/authority.ts';
import type { Key } from '../shared/protocol/schema/authority.ts';
import { bytes32, holder, kid } from '../shared/protocol/schema/primitives.ts';
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

/** The work factor of age's own program; 2^18 rounds of scrypt take about a second. */
const WORK_FACTOR = 18;
const MIN_PASSPHRASE = 12;

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

export function passphraseFault(passphrase: string): Outcome<string> {
  // Two keyboards may spell one Vietnamese letter in two ways: the passphrase is its NFC form.
  const spelled = passphrase.normalize('NFC');
  return Array.from(spelled).length >= MIN_PASSPHRASE
    ? done(spelled)
    : refused(
        `Mật khẩu phải có ít nhất ${MIN_PASSPHRASE} ký tự; bốn, năm từ không liên quan là tốt nhất.`,
        `The passphrase must have at least ${MIN_PASSPHRASE} characters; four or five unrelated words are best.`,
      );
}

/** The text of an age file that only `passphrase` opens; `age -d` opens it too. */
export async function sealKey(
  opened: SigningKey,
  passphrase: string,
  workFactor = WORK_FACTOR,
): Promise<string> {
  const encrypter = new Encrypter();
  encrypter.setPassphrase(passphrase.normalize('NFC'));
  encrypter.setScryptWorkFactor(workFactor);
  const plain = JSON.stringify({ holder: opened.holder, jwk: opened.secret });
  return armor.encode(await encrypter.encrypt(plain));
}

export async function openKey(file: string, passphrase: string): Promise<Outcome<SigningKey>> {
  const decrypter = new Decrypter();
  decrypter.addPassphrase(passphrase.normalize('NFC'));
  let plain: string;
  try {
    plain = await decrypter.decrypt(armor.decode(file), 'text');
  } catch (error) {
    return error instanceof Error && error.message.startsWith('no identity matched')
      ? refused(
          'Sai mật khẩu (hoặc đầu tệp khóa bị hỏng).',
          'Wrong passphrase (or the beginning of the key file is damaged).',
        )
      : notAKey;
  }
  const content = sealed.safeParse(parseJson(plain)).data;
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
