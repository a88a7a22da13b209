/** Contacts on GPIO lines keep the inputs contract over a GPIO chip made of files, and survive what wiring does. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeGpio } from '../../sim/fake-gpio.ts';
import type { Level } from '../gpio/seam.ts';
import { GpioInputs } from './gpio-inputs.ts';
import { inputsContract } from './inputs.contract.ts';

const chip = { base: 512, lines: 32, label: 'bench' };
const upMs = (): number => performance.now();
/** The door to ground with a pull-up, the button to 3.3 V. */
const wiring = {
  door: { pin: { chip: 'bench', line: 22 }, activeLow: true, debounceMs: 20 },
  mains: null,
  mute: { pin: { chip: 'bench', line: 23 }, activeLow: false, debounceMs: 20 },
};
const levels = { door: (on: boolean): Level => (on ? 0 : 1), mute: (on: boolean): Level => (on ? 1 : 0) };
const numbers = { door: 534, mute: 535 };

inputsContract('GpioInputs', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'gpio-'));
  const gpio = new FakeGpio(folder);
  const stands = new Map<'door' | 'mute', boolean>([
    ['door', false],
    ['mute', false],
  ]);
  let isPlugged = true;
  const drive = () => {
    if (isPlugged) for (const [name, on] of stands) gpio.drive(numbers[name], levels[name](on));
  };
  gpio.plug(chip);
  drive();
  const move = (name: 'door' | 'mains' | 'mute', on: boolean) => {
    if (name === 'mains') throw new Error('not wired');
    stands.set(name, on);
    drive();
  };
  return {
    inputs: new GpioInputs({ gpio, wiring, upMs, pollMs: 50 }),
    move,
    bounce: (name) => {
      move(name, true);
      setTimeout(() => {
        move(name, false);
      }, 8);
    },
    unplug: () => {
      isPlugged = false;
      gpio.unplug();
    },
    plug: () => {
      isPlugged = true;
      gpio.plug(chip);
      drive();
    },
    close: () => rm(folder, { recursive: true, force: true }),
  };
});

describe('contacts on GPIO lines', () => {
  let folder: string;
  let gpio: FakeGpio;
  let inputs: GpioInputs;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gpio-'));
    gpio = new FakeGpio(folder);
    gpio.plug(chip);
    gpio.drive(numbers.door, 1);
    inputs = new GpioInputs({ gpio, wiring, upMs, pollMs: 100_000, answerMs: 200 });
  });
  afterEach(async () => {
    await inputs.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('are woken by the interrupt, not by the poll', async () => {
    await inputs.open(() => undefined);
    gpio.drive(numbers.door, 0);
    for (let tries = 0; tries < 100 && inputs.observe().door !== true; tries += 1) await sleep(10);
    expect(inputs.observe().door).toBe(true);
  });

  it('are sampled where the chip has no interrupts', async () => {
    gpio.withoutInterrupts();
    await inputs.open(() => undefined);
    gpio.drive(numbers.door, 0);
    for (let tries = 0; tries < 100 && inputs.observe().door !== true; tries += 1) await sleep(10);
    expect(inputs.takeEvents().map(({ what }) => what)).toEqual(['door-opened']);
  });

  it('stop listening to a contact that chatters, so that it cannot keep the processor busy', async () => {
    await inputs.open(() => undefined);
    expect(gpio.watched).toBe(2);
    gpio.drive(numbers.door, 0);
    expect(gpio.watched).toBe(1);
  });

  it('go on where one of them cannot be read, and say which and why', async () => {
    gpio.hold(numbers.door);
    await inputs.open(() => undefined);
    expect(inputs.observe()).toEqual({
      door: null,
      mains: null,
      mute: false,
      failure: 'door: bench line 22: another driver or program holds this line',
    });
  });

  it('keep nobody waiting for a line that hangs', async () => {
    gpio.hang();
    await inputs.open(() => undefined);
    expect(inputs.observe().failure).toBe(
      'door: bench line 22: the line does not answer; mute: bench line 23: the line does not answer',
    );
  });
});
