import { createPublicKey, verify } from 'node:crypto';
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { openDeviceKey } from './device-key.ts';

const folders: string[] = [];
const aFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'loa-key-'));
  folders.push(folder);
  return folder;
};
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

describe('the device key', () => {
  it('is made at first start, and the same at every start after', () => {
    const folder = aFolder();
    const first = openDeviceKey(folder);
    const again = openDeviceKey(folder);
    expect(again).toMatchObject({ dev: first.dev, key: first.key });
    expect(first.dev).toMatch(/^d-[a-z2-7]{16}$/);
    expect(openDeviceKey(aFolder()).dev).not.toBe(first.dev);
  });

  it('signs with the key that it shows', () => {
    const { key, ...signer } = openDeviceKey(aFolder());
    const message = Buffer.from('bản ghi');
    const shown = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: key }, format: 'jwk' });
    expect(verify(null, message, shown, signer.sign(message))).toBe(true);
  });

  it('is readable by its user alone, and leaves nothing else in its folder', () => {
    const folder = aFolder();
    openDeviceKey(folder);
    expect(readdirSync(folder)).toEqual(['device-key.pem']);
    expect(statSync(join(folder, 'device-key.pem')).mode & 0o777).toBe(0o600);
  });

  it('refuses to start with a file that is no key, and leaves the file as it is', () => {
    const folder = aFolder();
    const path = join(folder, 'device-key.pem');
    for (const text of ['', 'rubbish']) {
      writeFileSync(path, text);
      expect(() => openDeviceKey(folder)).toThrow('put its backup back');
      expect(readFileSync(path, 'utf8')).toBe(text);
    }
  });
});
