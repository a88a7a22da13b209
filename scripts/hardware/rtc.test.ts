/**
 * The clock chip and the machine's clock on a real kernel, set by the program that is installed on a box. Changes the
 * clock of the machine it runs on, so that it runs on the bench alone: `./scripts/test --hardware`.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import type { Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { KernelRtc } from '../../agent/clock/kernel-rtc.ts';
import { LinuxUptime } from '../../agent/clock/linux.ts';
import { setMachineBy } from '../../agent/clock/set-machine.ts';

const chips = '/sys/class/rtc';
const setter = join(import.meta.dirname, '../../systemd/clock-set');
const HOUR_MS = 3_600_000;
/** What is to be seen to the second is asked a second or two after it was set. */
const NEAR_MS = 2_000;

const CHIPS = ['rtc0', 'rtc1', 'rtc2'];

const isBench = /user mode linux|uml/i.test(readFileSync('/proc/cpuinfo', 'utf8'));
const chipMs = (name: string): number =>
  Number(readFileSync(join(chips, name, 'since_epoch'), 'utf8')) * 1000;
const setChip = (name: string, utc: string): void => {
  spawnSync('hwclock', ['--set', '--date', utc, '--utc', '--noadjfile', '--rtc', `/dev/${name}`]);
};

describe.skipIf(!isBench || !existsSync(join(chips, 'rtc0')))('a clock chip of the kernel', () => {
  const uptime = new LinuxUptime();
  let folder: string;
  let server: Server;
  let rtc: KernelRtc;

  /** As systemd does it: a program for each connection, which is its standard input and output. */
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'loa-rtc-'));
    server = createServer((socket) => {
      const program = spawn('/usr/bin/perl', [setter], { stdio: ['pipe', 'pipe', 'inherit'] });
      socket.pipe(program.stdin);
      program.stdout.pipe(socket);
    });
    await new Promise<void>((resolve) => {
      server.listen(join(folder, 's'), resolve);
    });
    const setMachine = setMachineBy(join(folder, 's'));
    rtc = new KernelRtc({ folder: chips, uptime, systemMs: () => Date.now(), setMachine });
    await rtc.look();
  });
  afterEach(() => {
    server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const setTo = (atMs: number): Promise<boolean> =>
    new Promise((done) => {
      rtc.set(atMs, done);
    });
  const off = (atMs: number, rightMs: number): number => Math.abs(atMs - rightMs);

  it('and the machine take the time of a sync, and it is read back', async () => {
    const [thenMs, upMs] = [Date.UTC(2027, 1, 3, 4, 5, 6), uptime.upMs()];
    expect(await setTo(thenMs)).toBe(true);
    const rightMs = thenMs + uptime.upMs() - upMs;
    expect(rtc.failure()).toBeNull();
    expect(off(Date.now(), rightMs)).toBeLessThan(1_000);
    for (const name of CHIPS) expect(off(chipMs(name), rightMs)).toBeLessThan(NEAR_MS);
  });

  it('C08: that shows 2000 is broken, and right again after a sync', async () => {
    const nowMs = Date.now();
    for (const name of CHIPS) setChip(name, '2000-01-01 00:00:00');
    await rtc.look();
    expect(rtc.read()).toEqual({ ok: false, reason: 'broken' });
    expect(await setTo(nowMs)).toBe(true);
    const read = rtc.read();
    expect(read.ok && off(read.atMs, Date.now()) < NEAR_MS).toBe(true);
  });

  it('C1: is left alone at the start, where the machine alone is set', async () => {
    const [wasMs, upMs] = [Date.now(), uptime.upMs()];
    spawnSync('date', ['-u', '-s', '2020-01-01']);
    await rtc.setSystem({ state: 'HOLDOVER', nowMs: wasMs + HOUR_MS, u: 2, upMs }, Infinity);
    expect(off(Date.now(), wasMs + HOUR_MS + uptime.upMs() - upMs)).toBeLessThan(1_000);
  });
});
