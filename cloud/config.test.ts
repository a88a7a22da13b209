import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkConfig, readConfig } from './config.ts';

const folder = mkdtempSync(join(tmpdir(), 'loa-config-'));
function fileOf(content: unknown): string {
  const file = join(folder, 'loa-cloud.json');
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
}
const good = { prov: 'vn56', trustFile: 'trust-1.json', folder: 'data' };

describe('the configuration', () => {
  it('needs three keys; everything else has a default on loopback', () => {
    const read = readConfig(fileOf(good), {});
    expect(read).toMatchObject({
      ok: true,
      config: {
        trustFile: join(folder, 'trust-1.json'),
        folder: join(folder, 'data'),
        http: { host: '127.0.0.1', port: 8080 },
        mqtt: { host: '127.0.0.1', port: 1883 },
        places: [],
      },
    });
  });

  it('tells all faults at once, with the nearest known key', () => {
    const read = checkConfig({ prov: 'VN', trustFile: 'x', foldr: 'y', http: { prot: 80, port: 'x' } });
    expect(read.ok).toBe(false);
    const faults = read.ok ? [] : read.faults.map(({ vi }) => vi);
    expect(faults.find((line) => line.startsWith('prov:'))).toBeDefined();
    expect(faults.find((line) => line.startsWith('foldr:'))).toContain('«folder»');
    expect(faults.find((line) => line.startsWith('http.prot:'))).toContain('«port»');
    expect(faults.find((line) => line.startsWith('http.port:'))).toBeDefined();
  });

  it('gives way to the environment', () => {
    const read = readConfig(fileOf(good), { LOA_CLOUD_HTTP_PORT: '9000', LOA_CLOUD_FOLDER: '/srv/loa' });
    expect(read).toMatchObject({ ok: true, config: { http: { port: 9000 }, folder: '/srv/loa' } });
    expect(readConfig(fileOf(good), { LOA_CLOUD_HTTP_PORT: 'acht' }).ok).toBe(false);
  });

  it('says what is wrong with a file that is missing or no JSON', () => {
    expect(readConfig(join(folder, 'none.json'), {})).toMatchObject({ ok: false });
    expect(readConfig(fileOf('{'), {})).toMatchObject({ ok: false });
    expect(readConfig(fileOf('[]'), {})).toMatchObject({ ok: false });
  });
});
