import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { KernelRtc, readChips, systemTimeAt } from './kernel-rtc.ts';
import type { SetMachine } from './kernel-rtc.ts';
import { setMachineBy } from './set-machine.ts';

const TRUE = 1_790_000_000_000;
let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'loa-rtc-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function chipShows(text: string, name = 'rtc0'): void {
  mkdirSync(join(folder, name), { recursive: true });
  writeFileSync(join(folder, name, 'since_epoch'), text);
}

/** A machine whose clock and chip are set by `set`; the chip is the fake sysfs. */
function aMachine(set?: SetMachine) {
  const asked: string[] = [];
  const machine = { upMs: 5000, systemMs: TRUE, asked };
  const takes: SetMachine = (what, atMs) => {
    machine.systemMs = atMs;
    if (what === 'chip' && existsSync(join(folder, 'rtc0'))) chipShows(`${Math.floor(atMs / 1000)}\n`);
    return Promise.resolve(null);
  };
  const rtc = new KernelRtc({
    folder,
    uptime: { bootId: 'b', upMs: () => machine.upMs },
    systemMs: () => machine.systemMs,
    setMachine: (what, atMs) => {
      asked.push(`${what} ${atMs}`);
      return (set ?? takes)(what, atMs);
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
    expect(await readChips(folder)).toEqual({ ok: false, reason: 'absent' });
    expect(await readChips(join(folder, 'nothing'))).toEqual({ ok: false, reason: 'absent' });
  });

  it('is read in the middle of the second that it shows', async () => {
    chipShows('1790000000\n');
    expect(await readChips(folder)).toEqual({ ok: true, atMs: TRUE + 500 });
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
    expect(await readChips(folder)).toEqual({ ok: false, reason: 'broken' });
  });

  it('is broken where reading it fails', async () => {
    mkdirSync(join(folder, 'rtc0/since_epoch'), { recursive: true });
    expect(await readChips(folder)).toEqual({ ok: false, reason: 'broken' });
  });

  it('is the second one where the first has no battery', async () => {
    chipShows('12\n', 'rtc0');
    chipShows('1790000000\n', 'rtc1');
    expect(await readChips(folder)).toEqual({ ok: true, atMs: TRUE + 500 });
  });

  it('answers at once, from the last look and the uptime since', async () => {
    chipShows('1790000000\n');
    const { machine, rtc } = aMachine();
    await rtc.look();
    machine.upMs += 7000;
    expect(rtc.read()).toEqual({ ok: true, atMs: TRUE + 7500 });
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
    const { machine, rtc, setTo } = aMachine((_, atMs) => {
      machine.systemMs = atMs;
      return Promise.resolve(null);
    });
    expect(await setTo(TRUE)).toBe(false);
    expect(rtc.failure()).toContain('read back');
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
    const { machine, rtc } = aMachine(async (_, atMs) => {
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
    const { machine, rtc, setTo } = aMachine();
    rtc.setSystem(TRUE + 900);
    rtc.setSystem(TRUE + 90_000);
    chipShows(`${TRUE / 1000 + 90}\n`);
    expect(await setTo(TRUE + 90_000)).toBe(true);
    expect(machine.asked).toEqual([`system ${TRUE + 90_000}`]);
  });
});

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve));
}

describe("the machine's clock at the start of the agent (protocol C1)", () => {
  const none = { ok: false, reason: 'absent' } as const;
  it.each([
    [
      'is the time of the box, where it has one',
      'HOLDOVER',
      { ok: true, atMs: TRUE + 9e8 } as const,
      TRUE + 9e9,
      TRUE,
    ],
    ['is the floor, where it lies before that', 'FLOOR', none, 0, TRUE],
    ['is the chip, where that is later', 'FLOOR', { ok: true, atMs: TRUE + 5 } as const, 0, TRUE + 5],
    ['stays as found, where that is latest', 'FLOOR', none, TRUE + 7, TRUE + 7],
  ] as const)('%s', (_, state, chip, systemMs, expected) => {
    expect(systemTimeAt({ state, nowMs: TRUE }, chip, systemMs)).toBe(expected);
  });
});

describe('the socket of the program that sets the clocks', () => {
  let server: Server | null = null;
  afterEach(() => {
    server?.close();
  });
  const serve = (answer: (socket: Socket, line: string) => void) =>
    new Promise<void>((resolve) => {
      server = createServer((socket) => {
        socket.setEncoding('utf8').once('data', (line: string) => {
          answer(socket, line);
        });
      }).listen(join(folder, 's'), resolve);
    });

  it('is sent one line and answers ok', async () => {
    const lines: string[] = [];
    await serve((socket, line) => {
      lines.push(line);
      socket.end('ok\n');
    });
    expect(await setMachineBy(join(folder, 's'))('chip', TRUE + 7.25)).toBeNull();
    expect(lines).toEqual(['chip 1790000000.007\n']);
  });

  it('answers why not', async () => {
    await serve((socket) => socket.end('hwclock: cannot\n'));
    expect(await setMachineBy(join(folder, 's'))('system', TRUE)).toBe('hwclock: cannot');
  });

  it('is a failure and no more where it is closed without a word or is not there', async () => {
    await serve((socket) => socket.destroy());
    expect(await setMachineBy(join(folder, 's'))('chip', TRUE)).not.toBeNull();
    expect(await setMachineBy(join(folder, 'nothing'))('chip', TRUE)).toContain('ENOENT');
  });
});
