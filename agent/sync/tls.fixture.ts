/** Certificates for tests, made on the spot, so that one can be good, past or yet to come: X.509 in as few bytes as it takes. */
import { generateKeyPairSync, sign } from 'node:crypto';

const der = (tag: number, ...parts: readonly Uint8Array[]): Buffer => {
  const body = Buffer.concat(parts);
  const short = body.length < 128 ? [body.length] : [0x82, body.length >> 8, body.length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...short]), body]);
};
const sequence = (...parts: readonly Uint8Array[]): Buffer => der(0x30, ...parts);
const oid = (...bytes: readonly number[]): Buffer => der(0x06, Buffer.from(bytes));
const utcTime = (atMs: number): Buffer =>
  der(
    0x17,
    Buffer.from(
      new Date(atMs)
        .toISOString()
        .replaceAll(/[-:T]|\.\d+/g, '')
        .slice(2),
    ),
  );

const ED25519 = sequence(oid(0x2b, 0x65, 0x70));
const NAME = sequence(der(0x31, sequence(oid(0x55, 4, 3), der(0x0c, Buffer.from('loa test')))));
/** subjectAltName: the address 127.0.0.1. */
const EXTENSIONS = der(
  0xa3,
  sequence(sequence(oid(0x55, 0x1d, 0x11), der(0x04, sequence(der(0x87, Buffer.from([127, 0, 0, 1])))))),
);

/** Self-signed for 127.0.0.1, good between the two instants (UTC milliseconds). */
export function certificate(fromMs: number, toMs: number): { readonly key: string; readonly cert: string } {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const body = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.from([1])),
    ...[ED25519, NAME, sequence(utcTime(fromMs), utcTime(toMs)), NAME],
    publicKey.export({ format: 'der', type: 'spki' }),
    EXTENSIONS,
  );
  const signature = der(0x03, Buffer.from([0]), sign(null, body, privateKey));
  const base64 = sequence(body, ED25519, signature).toString('base64').replaceAll(/.{64}/g, '$&\n');
  return {
    key: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${base64}\n-----END CERTIFICATE-----\n`,
  };
}
