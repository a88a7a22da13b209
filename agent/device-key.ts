/** The box's own key: made at first start, kept in a file that only the agent reads, used to sign records and nothing else. */
import { createPrivateKey, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { StartFault } from '../shared/messages/start-fault.ts';
import { say, text } from '../shared/messages/text.ts';
import { deviceName } from '../shared/records/device-key.ts';
import type { Signer } from '../shared/records/device-key.ts';
import { writeDurably } from './store/durable.ts';

/** Throws where the folder cannot be written or the file is no Ed25519 key: a box must never quietly become another one. */
export function openDeviceKey(folder: string): Signer {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, 'device.pem');
  const secret = readKey(file) ?? makeKey(file);
  const key = createPublicKey(secret).export({ format: 'jwk' }).x;
  if (secret.asymmetricKeyType !== 'ed25519' || key === undefined) {
    throw notTheKey(file);
  }
  return { dev: deviceName(key), key, sign: (bytes) => sign(null, bytes, secret) };
}

function readKey(file: string): KeyObject | null {
  let pem: string;
  try {
    pem = readFileSync(file, 'utf8');
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return null;
    throw cause;
  }
  try {
    return createPrivateKey(pem);
  } catch (cause) {
    throw notTheKey(file, { cause });
  }
}

const notTheKey = (file: string, options?: ErrorOptions): StartFault =>
  new StartFault(
    text(
      say`${file} không phải khóa Ed25519. Hãy đặt lại đúng tệp, hoặc chuyển nó đi và ghi danh lại thiết bị này.`,
      say`${file} is no Ed25519 key. Put the right file back, or move it away and enrol this box anew.`,
    ),
    options,
  );

/** Whole on the disk or not there: a torn key would be a box without a name. */
function makeKey(file: string): KeyObject {
  const { privateKey } = generateKeyPairSync('ed25519');
  writeDurably(file, String(privateKey.export({ format: 'pem', type: 'pkcs8' })), 0o600);
  return privateKey;
}
