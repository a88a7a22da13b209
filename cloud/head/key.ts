/** The only online key: it signs heads, which say what is newest and what time it is, and can make nothing sound. */
import { createPrivateKey, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import type { JsonWebKey, KeyObject } from 'node:crypto';
import { toBase64url } from '../../shared/protocol/bytes.ts';
import { thumbprint } from '../../shared/protocol/keys.ts';
import { jwk } from '../../shared/protocol/schema/authority.ts';
import type { Jwk } from '../../shared/protocol/schema/authority.ts';
import { say, text } from '../../shared/messages/text.ts';
import { StartFault } from '../../shared/messages/start-fault.ts';
import { readOrMakeSecret } from '../secret-file.ts';

export type HeadKey = {
  readonly kid: string;
  /** What the trust ceremony grants the role `head`. */
  readonly publicJwk: Jwk;
  /** Ed25519 over the bytes, base64url. */
  sign(bytes: Uint8Array): string;
};

/** Reads the private JWK from `file` (0600), or makes one there. */
export function openHeadKey(file: string): HeadKey {
  const secret = readOrMakeSecret(file, () =>
    JSON.stringify(generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' })),
  );
  const privateKey = readPrivateKey(file, secret);
  const { kty, crv, x } = createPublicKey(privateKey).export({ format: 'jwk' });
  const publicJwk = jwk.parse({ kty, crv, x });
  return {
    kid: thumbprint(publicJwk),
    publicJwk,
    sign: (bytes) => toBase64url(sign(null, bytes, privateKey)),
  };
}

function readPrivateKey(file: string, secret: string): KeyObject {
  try {
    return createPrivateKey({ key: JSON.parse(secret) as JsonWebKey, format: 'jwk' });
  } catch (cause) {
    throw new StartFault(
      text(
        say`Không đọc được khóa head trong ${file}. Chuyển tệp đi nơi khác để tạo khóa mới; trust kế tiếp phải cấp quyền cho khóa đó.`,
        say`The head key in ${file} cannot be read. Move the file away to make a new key, which the next trust must grant.`,
      ),
      { cause },
    );
  }
}
