/** The device key on the disk (architecture.md §4): made at first start, it signs records and nothing else, and never leaves this file. */
import { createPrivateKey, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { deviceName } from '../../shared/records/device-key.ts';
import type { Signer } from '../../shared/records/device-key.ts';

const FILE = 'device-key.pem';

/**
 * Throws where there is a file that holds no such key: another key would be another box, so a new one is never
 * made in its place.
 */
export function openDeviceKey(folder: string): Signer {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, FILE);
  if (!existsSync(path)) makeKey(folder, path);
  const secret = readKey(path);
  const key = createPublicKey(secret).export({ format: 'jwk' }).x ?? '';
  return { dev: deviceName(key), key, sign: (bytes) => sign(null, bytes, secret) };
}

function readKey(path: string): KeyObject {
  const remedy = `${path} holds no Ed25519 key; put its backup back, or remove it and enrol this box anew`;
  try {
    const secret = createPrivateKey(readFileSync(path));
    if (secret.asymmetricKeyType === 'ed25519') return secret;
  } catch (cause) {
    throw new Error(remedy, { cause });
  }
  throw new Error(remedy);
}

/** Whole or not there: a power cut at first start must not leave half a key. */
function makeKey(folder: string, path: string): void {
  const { privateKey } = generateKeyPairSync('ed25519');
  const file = openSync(`${path}.new`, 'w', 0o600);
  writeSync(file, privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
  fsyncSync(file);
  closeSync(file);
  renameSync(`${path}.new`, path);
  const entry = openSync(folder, 'r');
  fsyncSync(entry);
  closeSync(entry);
}
