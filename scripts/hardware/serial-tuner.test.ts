/**
 * The serial FM module through the real serialport on a pseudo-terminal: the bench's emulator answers, and misbehaves on
 * request. Needs LOA_BENCH; run by `./scripts/test --hardware`.
 */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { machinePace } from '../../agent/devices/bus/pace.ts';
import { serialPort } from '../../agent/devices/serial/serial-port.ts';
import { SerialModule } from '../../agent/devices/tuner/serial-module.ts';

const emulator = join(process.env['LOA_BENCH'] ?? '/nowhere', 'serial-fm-emulator');
const KHZ = 101_700;

describe.skipIf(!existsSync(emulator))('a serial FM module on a terminal of the kernel', () => {
  let folder: string;
  let child: ChildProcess;
  let tuner: SerialModule;

  const ask = async (line: string): Promise<void> => {
    const socket = net.connect(join(folder, 'ctl'), () => socket.write(`${line}\n`));
    await once(socket, 'data');
    socket.end();
  };
  const until = (isSo: () => boolean): Promise<void> =>
    vi.waitFor(
      () => {
        expect(isSo(), JSON.stringify(tuner.observe())).toBe(true);
      },
      { timeout: 30_000, interval: 50 },
    );
  const isTuned = (): boolean => {
    const { state, failure, frequencyKhz } = tuner.observe();
    return state === 'tuned' && failure === null && frequencyKhz === KHZ;
  };

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'loa-serial-'));
    const link = join(folder, 'tty');
    child = spawn(emulator, [link, '--ctl', join(folder, 'ctl')], { stdio: ['ignore', 'pipe', 'inherit'] });
    if (child.stdout !== null) await once(child.stdout, 'data');
    tuner = new SerialModule({ open: serialPort({ path: link, baudRate: 38_400 }), pace: machinePace });
    await tuner.open();
    await tuner.tune(KHZ);
  });
  afterEach(async () => {
    await tuner.close();
    child.kill();
    rmSync(folder, { recursive: true });
  });

  it('tunes, tells the level, and lets through what it is told to', async () => {
    await until(() => isTuned() && (tuner.observe().rssiDbuv ?? 0) > 40);
    expect(tuner.observe().muted).toBe(true);
    await tuner.mute(false);
    expect(tuner.observe().muted).toBe(false);
  });

  it.each(['silent', 'garbage', 'halfline', 'error'])(
    'that turns %s is noticed, and comes back muted on its frequency',
    async (mode) => {
      await until(isTuned);
      await tuner.mute(false);
      await ask(`mode ${mode}`);
      await until(() => tuner.observe().failure !== null);
      await ask('mode ok');
      await until(isTuned);
      expect(tuner.observe().muted).toBe(true);
    },
    60_000,
  );

  it('that is pulled out and put back is found again', async () => {
    await until(isTuned);
    await ask('hangup');
    await until(() => tuner.observe().failure !== null);
    await ask('replug');
    await until(isTuned);
  }, 60_000);
});
