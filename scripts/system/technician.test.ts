import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Box } from './box.ts';
import { openProvince } from './province.ts';
import type { Province } from './province.ts';
import { until } from './until.ts';

const LOA = join(import.meta.dirname, '../../agent/cli/main.ts');

describe('a technician at a box that plays nothing', () => {
  let province: Province;
  let box: Box;

  beforeAll(async () => {
    province = await openProvince(['loa']);
    const stations = [{ frequencyKhz: 101_900, rssiDbuv: 45, pi: 'd3c1' }];
    box = await province.box('loa', { config: { tuner: { kind: 'sim', stations } } });
    await box.untilEnrolled();
    await until('the ear', () => box.ear.listening);
  });

  afterAll(async () => {
    await province.close();
  });

  function loa(...args: readonly string[]): { child: ChildProcess; ended: Promise<[number | null, string]> } {
    const socket = join(box.folder, 'run', 'loa.sock');
    const child = spawn(process.execPath, [LOA, ...args, '--lang', 'en', '--socket', socket]);
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += String(chunk)));
    const ended = new Promise<[number | null, string]>((resolve) => {
      child.on('close', (code) => {
        resolve([code, said]);
      });
    });
    return { child, ended };
  }

  /** All that the loudspeaker line has carried so far. */
  const heardMs = (): number => box.ear.soundings().reduce((sum, { lengthMs }) => sum + lengthMs, 0);
  const isSounding = (): boolean => box.ear.soundings().some(({ toUpMs }) => toUpMs === null);

  test('hears the loudspeaker through a closed relay, and the record proves no more than was heard', async () => {
    const [code, said] = await loa('test', 'speaker', '--seconds', '6', '--now').ended;
    expect([code, said]).toEqual([0, expect.stringContaining('PASSED')]);
    expect(heardMs()).toBeGreaterThan(2000);
    const record = (await box.records()).at(-1);
    expect(record).toMatchObject({ subject: { kind: 'local-test' }, startCause: 'test', endCause: 'window' });
    expect(record?.evidence.peakDbfs).toBeGreaterThan(-40);
    // Six seconds, and the tick that ends them on a busy machine.
    expect(record?.playedMs).toBeLessThanOrEqual(7500);
    expect(box.wire().at(-1)).toMatchObject({ on: false });
  });

  test('moves the sound device alone and the relay alone', async () => {
    const before = box.wire().length;
    const [code] = await loa('test', 'sound', '--seconds', '3', '--now').ended;
    expect([code, box.wire().length]).toEqual([0, before]);
    const heard = heardMs();
    const [relayCode, said] = await loa('test', 'relay', '--seconds', '3', '--now').ended;
    expect([relayCode, said]).toEqual([
      0,
      expect.stringMatching(/relay closed after \d+ ms, open again \d+ ms/),
    ]);
    expect(heardMs()).toBe(heard);
    const [on, off] = box.wire().slice(before);
    expect((off?.upMs ?? 0) - (on?.upMs ?? 0)).toBeLessThan(4500);
  });

  test('sees what a station says without hearing it', async () => {
    const heard = heardMs();
    const [code, said] = await loa('tune', '101.9').ended;
    expect([code, said]).toEqual([0, expect.stringContaining('101.9 MHz, level 45 dBµV, stereo')]);
    expect(said).toContain('PI d3c1');
    expect(heardMs()).toBe(heard);
  });

  test('ends a test by going away, however that is', async () => {
    const { child, ended } = loa('test', 'speaker', '--seconds', '60', '--now');
    await until('the test to sound', isSounding);
    child.kill('SIGKILL');
    await ended;
    await until('silence', () => !isSounding(), 3000);
    await until('the record', async () => (await box.records()).at(-1)?.endCause === 'withdrawn');
    await until('the relay open', () => box.wire().at(-1)?.on === false);
  });
});
