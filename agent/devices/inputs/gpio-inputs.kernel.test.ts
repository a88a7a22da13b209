/** Door, mains and mute button keep the inputs contract on a real kernel's GPIO through onoff: on the bench's gpio-sim, or nowhere. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, it } from 'vitest';
import { sysfsGpio } from '../gpio/sysfs-line.ts';
import { GpioInputs } from './gpio-inputs.ts';
import { inputsContract } from './inputs.contract.ts';
import type { InputsRig } from './inputs.contract.ts';
import type { InputName } from './seam.ts';

/** What bench/uml-run sets up: the pulls of the wire, which are what drives an input, and the switch that takes the chip away. */
const wires = '/dev/bench/gpio';
const live = '/sys/kernel/config/gpio-sim/bench/live';

/** The door to ground with a pull-up, the button to 3.3 V. */
const wired = { door: { line: 22, activeLow: true }, mute: { line: 23, activeLow: false } } as const;
const wiringOf = (name: keyof typeof wired) => {
  const { line, activeLow } = wired[name];
  return { pin: { chip: 'bench', line }, activeLow, debounceMs: 60 };
};

const makeRig = (): Promise<InputsRig> => {
  const stands = new Map<keyof typeof wired, boolean>([
    ['door', false],
    ['mute', false],
  ]);
  const isPlugged = () => readFileSync(live, 'utf8').trim() === '1';
  const drive = () => {
    if (!isPlugged()) return;
    for (const [name, on] of stands) {
      const { line, activeLow } = wired[name];
      writeFileSync(`${wires}/sim_gpio${line}/pull`, on === activeLow ? 'pull-down' : 'pull-up');
    }
  };
  const plug = () => {
    if (!isPlugged()) writeFileSync(live, '1');
    drive();
  };
  const move = (name: InputName, on: boolean) => {
    if (name === 'mains') throw new Error('not wired');
    stands.set(name, on);
    drive();
  };
  plug();
  const wiring = { door: wiringOf('door'), mains: null, mute: wiringOf('mute') };
  return Promise.resolve({
    inputs: new GpioInputs({ gpio: sysfsGpio, wiring, upMs: () => performance.now(), pollMs: 100 }),
    move,
    bounce: (name) => {
      move(name, true);
      move(name, false);
    },
    unplug: () => {
      writeFileSync(live, '0');
    },
    plug,
    close: () => {
      plug();
      return Promise.resolve();
    },
  });
};

if (existsSync(wires)) {
  inputsContract('GpioInputs on gpio-sim', makeRig);
} else {
  describe('GpioInputs on gpio-sim', () => {
    it.skip('keeps the inputs contract: no bench here, run it in bench/uml-run', () => undefined);
  });
}
