import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { KernelRtc, readChips, systemTimeAt } from './kernel-rtc.ts';
import type { SetMachine } from './kernel-rtc.ts';
import type { ClockReading } from './seam.ts';
import { setMachineBy } from './set-machine.ts';

const TRUE = 1_790_000_000_000;
const LATEST = TRUE + 9e10;
let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'loa-rtc-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function folderOf(name: string): string {
  mkdirSync(join(folder, name), { recursive: true });
  return join(folder, name);
}

function chipShows(text: string, name = 'rtc0'): void {
  writeFileSync(join(folderOf(name), 'since_epoch'), text);
}

/** A machine whose clock and chip are set by `set`; the chip is the fake sysfs. */
function aMachine(set?: SetMachine) {
  const asked: string[] = [];
  const machine = { upMs: 5000, systemMs: TRUE, asked };
  const takes: SetMachine = (what, nowMs) => {
    const atMs = nowMs();
    machine.systemMs = atMs;
    if (what === 'chip' && existsSync(join(folder, 'rtc0'))) chipShows(`${Math.floor(atMs / 1000)}\n`);
    return Promise.resolve(null);
  };
  const rtc = new KernelRtc({
    folder,
    uptime: { bootId: 'b', upMs: () => machine.upMs },
    systemMs: () => machine.systemMs,
    setMachine: (what, nowMs) => {
      asked.push(`${what} ${nowMs()}`);
      return (set ?? takes)(what, nowMs);
    },
  });
  const setTo = (atMs: number) =>
    new Promise<boolean>((done) => {
      rtc.set(atMs, done);
    });
  return { machine, rtc, setTo };
}

describe('the clock chip through sysfs', () => {
  it('is absent where the kernel has none', async () => {
    expect(await readChips(folder)).toEqual([]);
    expect(await readChips(join(folder, 'nothing'))).toEqual([]);
    expect(aMachine().rtc.read()).toEqual({ ok: false, reason: 'absent' });
  });

  it('is read in the middle of the second that it shows', async () => {
    chipShows('1790000000\n');
    expect(await readChips(folder)).toEqual([{ ok: true, atMs: TRUE + 500 }]);
  });

  it.each([
    '',
    '0\n',
    '-5\n',
    '946684800\n',
    '1704067199\n',
    '4102444800\n',
    '1790000000 1\n',
    'x',
    '9'.repeat(40),
  ])('C08: is broken where it says %j', async (text) => {
    chipShows(text);
    expect(await readChips(folder)).toEqual([{ ok: false, reason: 'broken' }]);
  });

  it('is broken where reading it fails', async () => {
    mkdirSync(join(folder, 'rtc0/since_epoch'), { recursive: true });
    expect(await readChips(folder)).toEqual([{ ok: false, reason: 'broken' }]);
  });

  it('is the second one where the first has no battery', async () => {
    chipShows('12\n', 'rtc0');
    chipShows('1790000000\n', 'rtc1');
    const { rtc } = aMachine();
    await rtc.look();
    expect(rtc.read()).toEqual({ ok: true, atMs: TRUE + 500 });
  });

  it('answers at once, from the last look and the uptime since', async () => {
    chipShows('1790000000\n');
    const { machine, rtc } = aMachine();
    await rtc.look();
    machine.upMs += 7000;
    expect(rtc.read()).toEqual({ ok: true, atMs: TRUE + 7500 });
  });

  it('that does not answer for half a minute is told of', async () => {
    execFileSync('mkfifo', [join(folderOf('rtc0'), 'since_epoch')]);
    const { machine, rtc } = aMachine();
    rtc.read();
    await new Promise((resolve) => setImmediate(resolve));
    machine.upMs += 30_000;
    expect(rtc.failure()).toBeNull();
    machine.upMs += 1;
    expect(rtc.failure()).toBe('a clock chip does not answer');
    // Somebody who writes into the pipe ends the wait.
    await writeFile(join(folder, 'rtc0/since_epoch'), '1790000000\n');
    rmSync(join(folder, 'rtc0'), { recursive: true });
    chipShows('1790000000\n');
    await rtc.look();
    expect(rtc.failure()).toBeNull();
  });

  it('is looked at again at each reading', async () => {
    chipShows('1790000000\n');
    const { rtc } = aMachine();
    await rtc.look();
    chipShows('17\n');
    rtc.read();
    await rtc.look();
    expect(rtc.read()).toEqual({ ok: false, reason: 'broken' });
  });
});

describe('setting the clock chip', () => {
  it('sets a chip that is off, and carries the time once it is read back', async () => {
    chipShows('946684800\n');
    const { machine, rtc, setTo } = aMachine();
    expect(await setTo(TRUE)).toBe(true);
    expect(machine.asked).toEqual([`chip ${TRUE}`]);
    expect(rtc.failure()).toBeNull();
  });

  it('leaves a chip and a machine that are right alone', async () => {
    chipShows('1790000000\n');
    const { machine, setTo } = aMachine();
    expect(await setTo(TRUE + 900)).toBe(true);
    expect(machine.asked).toEqual([]);
  });

  it('sets the machine where the chip alone is right', async () => {
    chipShows('1790000000\n');
    const { machine, setTo } = aMachine();
    machine.systemMs = TRUE - 5000;
    expect(await setTo(TRUE)).toBe(true);
    expect(machine.systemMs).toBe(TRUE);
  });

  it('sets the machine of a box without a chip, and carries nothing', async () => {
    const { machine, rtc, setTo } = aMachine();
    machine.systemMs = 0;
    expect(await setTo(TRUE)).toBe(false);
    expect(machine.systemMs).toBe(TRUE);
    expect(rtc.failure()).toBeNull();
  });

  it('C08: does not believe a chip that was set and shows another time', async () => {
    chipShows('946684800\n');
    const { machine, rtc, setTo } = aMachine((_, nowMs) => {
      machine.systemMs = nowMs();
      return Promise.resolve(null);
    });
    expect(await setTo(TRUE)).toBe(false);
    expect(rtc.failure()).toContain('read back');
  });

  it('C08: believes no chip while another could not be set, which may be the one that is read after a power cut', async () => {
    chipShows('1790000000\n', 'rtc0');
    chipShows('1789990000\n', 'rtc1');
    const { machine, rtc, setTo } = aMachine(() => Promise.resolve('rtc1: cannot'));
    expect(await setTo(TRUE)).toBe(false);
    expect(machine.asked).toEqual([`chip ${TRUE}`]);
    expect(rtc.failure()).toBe('rtc1: cannot');
  });

  it('tells why it was not set, until it is right again', async () => {
    chipShows('1789999990\n');
    const { rtc, setTo } = aMachine(() => Promise.resolve('hwclock: no'));
    expect(await setTo(TRUE)).toBe(false);
    expect(rtc.failure()).toBe('hwclock: no');
    chipShows('1790000000\n');
    expect(await setTo(TRUE)).toBe(true);
    expect(rtc.failure()).toBeNull();
  });

  it('sets the time that it is by then, where the setting before it took its time', async () => {
    chipShows('946684800\n');
    let free = (): void => undefined;
    const { machine, rtc } = aMachine(async (_, nowMs) => {
      const atMs = nowMs();
      await new Promise<void>((resolve) => {
        free = resolve;
      });
      machine.systemMs = atMs;
      chipShows(`${Math.floor(atMs / 1000)}\n`);
      return null;
    });
    const first = new Promise((done) => {
      rtc.set(TRUE, done);
    });
    const second = new Promise((done) => {
      rtc.set(TRUE + 60_000, done);
    });
    await until(() => machine.asked.length === 1);
    machine.upMs += 3000;
    free();
    // The chip took the time of the question, three seconds ago.
    expect(await first).toBe(false);
    await until(() => machine.asked.length === 2);
    free();
    expect(await second).toBe(true);
    expect(machine.asked).toEqual([`chip ${TRUE}`, `chip ${TRUE + 63_000}`]);
  });

  it('C1: at the start sets the machine alone, and only where it is off', async () => {
    chipShows('1790000000\n');
    const { machine, rtc } = aMachine();
    await rtc.setSystem(aReading(TRUE + 900), LATEST);
    await rtc.setSystem(aReading(TRUE + 90_000), LATEST);
    expect(machine.asked).toEqual([`system ${TRUE + 90_000}`]);
    expect(machine.systemMs).toBe(TRUE + 90_000);
  });

  it('C1: at the start takes the chip for the machine of a box that has no time of its own', async () => {
    chipShows('1790000600\n');
    const { machine, rtc } = aMachine();
    await rtc.look();
    await rtc.setSystem({ ...aReading(TRUE - 9e9), state: 'FLOOR' }, LATEST);
    expect(machine.systemMs).toBe(TRUE + 600_500);
  });
});

const aReading = (nowMs: number): ClockReading => ({ state: 'HOLDOVER', nowMs, u: 3, upMs: 5000 });

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve));
}

describe("the machine's clock at the start of the agent (protocol C1)", () => {
  const shows = (atMs: number) => ({ ok: true, atMs }) as const;
  const none = { ok: false, reason: 'absent' } as const;
  it.each([
    ['is the time of the box, where it has one', 'HOLDOVER', shows(TRUE + 9e8), TRUE + 9e9, TRUE],
    ['is the floor, where it lies before that', 'FLOOR', none, 0, TRUE],
    ['is the chip, where that is later', 'FLOOR', shows(TRUE + 5), 0, TRUE + 5],
    ['stays as found, where that is latest', 'FLOOR', none, TRUE + 7, TRUE + 7],
    ['is no time that no head could tell', 'FLOOR', shows(LATEST + 1), LATEST + 7, TRUE],
  ] as const)('%s', (_, state, chip, systemMs, expected) => {
    expect(systemTimeAt({ state, nowMs: TRUE }, [chip, shows(systemMs)], LATEST)).toBe(expected);
  });
});

describe('the socket of the program that sets the clocks', () => {
  let server: Server | null = null;
  afterEach(() => {
    server?.close();
  });
  const serve = (answer: (socket: Socket, line: string) => void, hello = 'ready\n') =>
    new Promise<void>((resolve) => {
      server = createServer((socket) => {
        socket.write(hello);
        socket.setEncoding('utf8').once('data', (line: string) => {
          answer(socket, line);
        });
      }).listen(join(folder, 's'), resolve);
    });

  it('is sent one line once it is ready, and answers ok', async () => {
    const lines: string[] = [];
    await serve((socket, line) => {
      lines.push(line);
      socket.end('ok\n');
    });
    expect(await setMachineBy(join(folder, 's'))('chip', () => TRUE + 7.25)).toBeNull();
    expect(lines).toEqual(['chip 1790000000.007\n']);
  });

  it('answers why not', async () => {
    await serve((socket) => socket.end('cannot\n'));
    expect(await setMachineBy(join(folder, 's'))('system', () => TRUE)).toBe('cannot');
  });

  it('is a failure and no more where it is closed without a word or is not there', async () => {
    await serve((socket) => socket.destroy());
    expect(await setMachineBy(join(folder, 's'))('chip', () => TRUE)).toBe('no answer');
    expect(await setMachineBy(join(folder, 'nothing'))('chip', () => TRUE)).toContain('ENOENT');
  });
});

describe('the program that sets the clocks', () => {
  const program = join(import.meta.dirname, '../../systemd/clock-set');

  /** With a `date` that only writes down how it was called: there is no other on its path. Chips are plain files here. */
  function asked(line: string, { date = 'exit 0', chips = ['rtc0'] } = {}) {
    const calls = join(folder, 'calls');
    writeFileSync(join(folder, 'date'), `#!/bin/sh\necho "$*" >>${calls}\n${date}\n`, { mode: 0o755 });
    for (const chip of chips) writeFileSync(join(folder, chip), '');
    const env = { PATH: folder, LOA_DEV: folder };
    const { stdout } = spawnSync('/usr/bin/perl', [program], { input: line, env, encoding: 'utf8' });
    return { said: stdout, called: existsSync(calls) ? readFileSync(calls, 'utf8') : '' };
  }

  it('sets the machine alone where it is asked for that', () => {
    expect(asked('system 1790000000.007\n')).toEqual({
      said: 'ready\nok\n',
      called: '-u -s @1790000000.007\n',
    });
  });

  it('sets the machine of a box without a chip', () => {
    expect(asked('chip 1790000000.007\n', { chips: [] }).said).toBe('ready\nok\n');
  });

  it('says of each chip why it could not be set', () => {
    const { said, called } = asked('chip 1790000000.007\n', { chips: ['rtc0', 'rtc1'] });
    const why = (chip: string) => `${join(folder, chip)}: Inappropriate ioctl for device`;
    expect(said).toBe(`ready\n${why('rtc0')}; ${why('rtc1')}\n`);
    expect(called).toBe('-u -s @1790000000.007\n');
  });

  it('says why the machine could not be set, and then sets no chip', () => {
    const { said } = asked('chip 1790000000.007\n', { date: 'echo date: cannot set date >&2; exit 1' });
    expect(said.trim()).toBe('ready\ndate: cannot set date');
  });

  it.each([
    '',
    '\n',
    'chip 1790000000\n',
    'chip 1790000000.007',
    'chip 1790000000.007; reboot\n',
    'chip $(reboot).007\n',
    "chip 1790000000.007'\n",
    'chip 1790000000.007\nchip 1790000000.007\n',
    'both 1790000000.007\n',
    'chip 1704067199.999\n',
    'chip 4102444800.000\n',
    'chip 17900000000000000000000000000000000000000.007\n',
    'chip -179000000.007\n',
  ])('sets nothing where it is told %j', (line) => {
    const { said, called } = asked(line);
    expect(said).toMatch(/^ready\nnot a (line|time) /);
    expect(called).toBe('');
  });
});
