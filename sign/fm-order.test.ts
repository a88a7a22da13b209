import { execFile } from 'node:child_process';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeEach, expect, test } from 'vitest';
import { acceptFmOrder } from '../shared/protocol/fm/order.ts';
import { clockAt, COMMUNE, DAY_S, newCast, signed, trustOf } from './a-cast.fixture.ts';
import type { Cast } from './a-cast.fixture.ts';
import { openHome, pin, pinFirstTrust, stateAt } from './home.ts';
import { sealKey } from './keys.ts';
import { valueOf } from './text.ts';

const PASSPHRASE = 'bốn từ không liên quan';
const nowS = (): number => Math.floor(Date.now() / 1000);
const run = promisify(execFile);

let folder: string;
let cast: Cast;

/** Exit code and all that was said. */
async function loaSign(...args: readonly string[]): Promise<{ code: number; said: string }> {
  const main = join(import.meta.dirname, 'main.ts');
  const options = { cwd: folder, env: { ...process.env, XDG_CONFIG_HOME: folder, NO_COLOR: '1' } };
  try {
    const { stdout } = await run(process.execPath, [main, 'fm-order', ...args], options);
    return { code: 0, said: stdout };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, said: stdout + stderr };
  }
}
const order = (who: string, ...more: readonly string[]) =>
  loaSign(...more, '--key', `${who}.key`, '--passphrase-file', 'pw', '--yes', '--out', 'order.fm');

beforeEach(async () => {
  cast = await newCast();
  folder = await mkdtemp(join(tmpdir(), 'loa-sign-fm-'));
  await writeFile(join(folder, 'pw'), `${PASSPHRASE}\n`);
  for (const [name, key] of Object.entries(cast))
    await writeFile(join(folder, `${name}.key`), await sealKey(key, PASSPHRASE, 2));
  const at = { iat: nowS() - 60, exp: nowS() + 300 * DAY_S };
  const home = valueOf(await openHome(join(folder, 'loa-sign')));
  const trust = await signed<'trust'>({ ...trustOf(cast), ...at }, [cast.an, cast.binh]);
  const pinned = valueOf(await pinFirstTrust(home, trust));
  if (pinned.state === null) throw new Error('nothing is pinned');
  const fmplan = await signed<'fmplan'>(
    {
      ...{ typ: 'fmplan', v: 1, prov: 'vn56', id: 'fmplan:56', epoch: 1, ver: 1, area: '56', ...at },
      ...{ mode: 'data', stations: [], windows: [], dailyMaxMin: 60, volume: 60 },
      orderKeys: [cast.binh.kid, cast.an.kid, cast.chi.kid],
    },
    [cast.an, cast.binh],
  );
  valueOf(await pin(pinned, pinned.state, fmplan, clockAt(nowS())));
});

test('an order for a commune is 76 bytes that a box of that commune takes, and 19 groups for the station', async () => {
  const asked = await order('an', 'test', '--area', COMMUNE, '--plays', '2', '--minutes', '30');
  expect(asked.said).toContain(COMMUNE);
  expect(asked.code).toBe(0);
  const [frame = '', ...groups] = (await readFile(join(folder, 'order.fm'), 'utf8')).trim().split('\n');
  expect(groups).toHaveLength(19);
  const joined = groups.map((group) => group.split(' ').slice(2).join('')).join('');
  expect(joined).toBe(frame);
  const { state } = valueOf(await openHome(join(folder, 'loa-sign')));
  const box = stateAt(state ?? expect.unreachable(), COMMUNE);
  const { code, state: after } = await acceptFmOrder(Buffer.from(frame, 'hex'), box, clockAt(nowS()));
  expect(code).toBe('ACCEPTED');
  const [row] = after.orders.values();
  expect(row?.fm).toMatchObject({ kind: 'test', area: COMMUNE, plays: 2, signer: cast.an.kid });
  expect((row?.fm?.exp ?? 0) - (row?.fm?.iat ?? 0)).toBe(1800);
  const [digest = 'none'] = after.orders.keys();
  expect(await readFile(join(folder, 'loa-sign', 'ledger.jsonl'), 'utf8')).toContain(digest);
});

test('the whole province wants its name, and a stranger or a smart card cannot sign', async () => {
  expect((await order('an', 'halt', '--area', '56')).code).toBe(2);
  expect((await order('an', 'halt', '--area', '56', '--place', '57')).code).toBe(1);
  expect((await order('dung', 'halt', '--area', COMMUNE)).said).toContain('Phạm Dũng');
  // ES256: its signature would fit, but the protocol wants Ed25519 by radio.
  expect((await order('chi', 'halt', '--area', COMMUNE)).code).toBe(1);
  expect((await order('an', 'halt', '--area', '56', '--place', '56')).code).toBe(0);
});

test('what does not fit into 76 bytes is refused before anything is signed', async () => {
  for (const wrong of [
    ['--plays', '11'],
    ['--minutes', '226'],
    ['--template', '256'],
  ])
    expect((await order('an', 'template', '--template', '3', '--area', COMMUNE, ...wrong)).code).toBe(2);
  expect((await order('an', 'alert', '--area', COMMUNE)).code).toBe(2);
  // What has no room, or would be read as another place: a hamlet, a wide number, and 0, which is everybody.
  for (const area of ['56.22366.01', '56.99999', '56.0', '56.022366', '56.'])
    expect((await order('an', 'halt', '--area', area)).code, area).toBe(2);
});

test('an order for a template that names none is refused, and nothing is written', async () => {
  const { code, said } = await order('an', 'template', '--area', COMMUNE);
  expect(code).toBe(2);
  expect(said).toContain('Phát mẫu nào?');
  await expect(readFile(join(folder, 'order.fm'))).rejects.toThrow('ENOENT');
});
