/** The GPIO relay keeps the relay's contract over a GPIO chip made of files, active-high and active-low, and fails safe. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeGpio } from '../../sim/fake-gpio.ts';
import { GpioRelay } from './gpio-relay.ts';
import type { RelayRig } from './relay.contract.ts';
import { relayContract } from './relay.contract.ts';

const chip = { base: 512, lines: 32, label: 'bench' };
const pin = { chip: 'bench', line: 17 };
const otherPin = { chip: 'bench', line: 18 };

const until = async (isSo: () => boolean, tries = 400): Promise<boolean> => {
  for (let left = tries; left > 0 && !isSo(); left -= 1) await sleep(20);
  return isSo();
};

/** An owner that switches its relay on, says so, and waits to be killed or stopped. */
const owner = (folder: string, activeLow: boolean, deadManMs: number): string => `
  const { FakeGpio } = await import(${JSON.stringify(new URL('../../sim/fake-gpio.ts', import.meta.url).href)});
  const { GpioRelay } = await import(${JSON.stringify(new URL('./gpio-relay.ts', import.meta.url).href)});
  const relay = new GpioRelay({ gpio: new FakeGpio(${JSON.stringify(folder)}), pin: ${JSON.stringify(otherPin)},
    activeLow: ${activeLow}, pollMs: 50, deadManMs: ${deadManMs} });
  await relay.open();
  await relay.set(true);
  console.log('on');
  setInterval(() => undefined, 1000);
`;

const startOwner = async (folder: string, activeLow: boolean, deadManMs = 60_000) => {
  const child = spawn(process.execPath, ['--input-type=module', '-e', owner(folder, activeLow, deadManMs)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  return child;
};

const makeRig = async (activeLow: boolean): Promise<RelayRig> => {
  const folder = await mkdtemp(join(tmpdir(), 'gpio-'));
  const gpio = new FakeGpio(folder);
  gpio.plug(chip);
  const relay = new GpioRelay({ gpio, pin, activeLow, pollMs: 50 });
  const isOn = (number: number) => gpio.wire(number) === (activeLow ? 0 : 1);
  return {
    relay,
    wire: () => isOn(529),
    async opensWhenOwnerIsKilled() {
      const child = await startOwner(folder, activeLow);
      if (!isOn(530)) throw new Error('the owner did not switch on');
      child.kill('SIGKILL');
      return until(() => !isOn(530));
    },
    unplug: () => {
      gpio.unplug();
    },
    async close() {
      await relay.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
};

relayContract('GpioRelay, active-high,', () => makeRig(false));
relayContract('GpioRelay, active-low,', () => makeRig(true));

describe('a relay on a GPIO line', () => {
  let folder: string;
  let gpio: FakeGpio;
  let relay: GpioRelay;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gpio-'));
    gpio = new FakeGpio(folder);
    gpio.plug(chip);
    relay = new GpioRelay({ gpio, pin, activeLow: true, pollMs: 30, answerMs: 300 });
  });
  afterEach(async () => {
    await relay.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('is at the off level from the first instant, also where its last owner left it on', async () => {
    gpio.drive(529, 0);
    await relay.open();
    expect([gpio.wire(529), relay.observe().on]).toEqual([1, false]);
  });

  it('says that the line did not follow', async () => {
    await relay.open();
    gpio.stick(529, 1);
    await relay.set(true);
    expect(relay.observe()).toEqual({ on: false, failure: 'asked for on, the line is off' });
  });

  it('notices by itself that somebody else switched the line', async () => {
    await relay.open();
    gpio.drive(529, 0);
    expect(await until(() => relay.observe().on === true)).toBe(true);
    expect(relay.observe().failure).toBe('asked for off, the line is on');
  });

  it('comes back off, and with its new number, when its chip returns', async () => {
    await relay.open();
    await relay.set(true);
    gpio.unplug();
    expect(await until(() => relay.observe().failure?.includes('knows no GPIO chip') === true)).toBe(true);
    expect(relay.observe().on).toBeNull();
    gpio.plug({ ...chip, base: 600 });
    expect(await until(() => relay.observe().on === false)).toBe(true);
    expect(gpio.wire(617)).toBe(1);
    await relay.set(true);
    expect([gpio.wire(617), relay.observe()]).toEqual([0, { on: true, failure: null }]);
  });

  it('opens without its line, says why, and takes it when it is free', async () => {
    gpio.hold(529);
    await relay.open();
    await relay.set(true);
    expect(relay.observe()).toEqual({
      on: null,
      failure: 'bench line 17: another driver or program holds this line',
    });
  });

  it('does not keep anybody waiting for a line that hangs', async () => {
    await relay.open();
    gpio.hang();
    const askedUpMs = performance.now();
    await relay.set(true);
    expect(performance.now() - askedUpMs).toBeLessThan(4_000);
    expect(relay.observe()).toEqual({ on: null, failure: 'bench line 17: the line does not answer' });
  });

  it('is switched off while its owner hangs', async () => {
    const child = await startOwner(folder, true, 1_500);
    expect(gpio.wire(530)).toBe(0);
    child.kill('SIGSTOP');
    expect(await until(() => gpio.wire(530) === 1)).toBe(true);
    child.kill('SIGKILL');
  });

  it('has its watch process started again when that is killed', async () => {
    await relay.open();
    const before = await watchersOf(folder);
    expect(before).toHaveLength(1);
    for (const pid of before) process.kill(pid, 'SIGKILL');
    for (let tries = 0; tries < 400; tries += 1) {
      const now = await watchersOf(folder);
      if (now.length === 1 && now[0] !== before[0]) return;
      await sleep(20);
    }
    throw new Error('no watch process came back');
  });

  it('goes off when it is closed, also as a lamp that has no watch process', async () => {
    const lamp = new GpioRelay({ gpio, pin: otherPin, activeLow: false, deadManMs: null });
    await lamp.open();
    await lamp.set(true);
    expect([gpio.wire(530), await watchersOf(folder)]).toEqual([1, []]);
    await lamp.close();
    expect(gpio.wire(530)).toBe(0);
  });

  it('leaves no watch process behind', async () => {
    await relay.open();
    await relay.close();
    expect(await watchersOf(folder)).toEqual([]);
  });
});

/** The watch processes over lines in this folder. */
async function watchersOf(folder: string): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((each) => /^\d+$/.test(each));
  const commands = await Promise.all(
    // A process may go while it is read.
    pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')),
  );
  return pids.filter((_, at) => commands[at]?.includes(`loa-dead-man\0${folder}`)).map(Number);
}
