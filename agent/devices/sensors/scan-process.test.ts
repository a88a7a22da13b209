import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { askForScan, scanProgram, spawnScan } from './scan-process.ts';
import type { StartScan } from './scan-process.ts';

const child = join(import.meta.dirname, 'scan-child.fixture.ts');
const long = { timeout: 20_000 };

function heardOf(start: StartScan, ...addresses: readonly string[]) {
  const heard = { text: '', ends: [] as string[], stop: (): void => undefined };
  heard.stop = start(addresses, {
    onText: (text) => (heard.text += text),
    onEnd: (why) => heard.ends.push(why),
  });
  return heard;
}

test('a scan as a child gets its addresses, is heard, and is ended', async () => {
  const heard = heardOf(spawnScan(child), 'live', 'a4:c1:38:00:00:01');
  await vi.waitFor(() => {
    expect(heard.text).toBe('{"scan":"on"}\n{"address":"a4:c1:38:00:00:01","rssiDbm":-1,"data":"40"}\n');
  }, long);
  heard.stop();
  await vi.waitFor(() => {
    expect(heard.ends).toEqual(['the scan has ended (SIGKILL)']);
  }, long);
});

test('a child that dies, and a program that is not there, are an end with its reason', async () => {
  const dying = heardOf(spawnScan(child), 'die');
  const missing = heardOf(spawnScan('/nowhere/ble.mjs'));
  await vi.waitFor(() => {
    expect([dying.ends, missing.ends]).toEqual([
      ['the scan has ended (code 3)'],
      ['the scan has ended (code 1)'],
    ]);
  }, long);
});

// This machine's kernel has no Bluetooth, or this test's user may not use it, or nothing is wrong: each is said in its way.
test('the program itself, without a controller, says why it ends', async () => {
  const heard = heardOf(spawnScan(scanProgram), 'a4:c1:38:00:00:01');
  await vi.waitFor(() => {
    expect(heard.text).toMatch(/^\{"(fault":".+"|scan":"on")\}\n/);
  }, long);
  heard.stop();
});

test('a scan that systemd starts is asked for by its addresses, heard, and ended by letting go', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'ble-'));
  const socketPath = join(folder, 'ask');
  let asked = '';
  let isOver = false;
  const server = createServer((line) => {
    line.setEncoding('latin1');
    line.on('data', (text: string) => {
      asked += text;
      if (asked.endsWith('\n\n')) line.write('{"scan":"on"}\n');
    });
    line.on('end', () => (isOver = true));
  });
  await new Promise<void>((resolve) => server.listen(socketPath, resolve));
  const heard = heardOf(askForScan(socketPath), 'a4:c1:38:00:00:01', 'a4:c1:38:00:00:02');
  await vi.waitFor(() => {
    expect(heard.text).toBe('{"scan":"on"}\n');
  }, long);
  expect(asked).toBe('a4:c1:38:00:00:01\na4:c1:38:00:00:02\n\n');
  heard.stop();
  // Sooner than the connection would be given up.
  await vi.waitFor(
    () => {
      expect([isOver, heard.ends]).toEqual([true, ['the scan has ended']]);
    },
    { timeout: 4_000 },
  );
  const nobody = heardOf(askForScan(join(folder, 'nobody')));
  await vi.waitFor(() => {
    expect(nobody.ends[0]).toContain('ENOENT');
  }, long);
  server.close();
  rmSync(folder, { recursive: true });
});
