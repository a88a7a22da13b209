/** The simulated contacts keep the contract of the real ones. */
import { describe, expect, it } from 'vitest';
import { inputsContract } from '../devices/inputs/inputs.contract.ts';
import { SimInputs } from './sim-inputs.ts';
import { SimUptime } from './sim-uptime.ts';

const makeInputs = (): SimInputs => {
  const uptime = new SimUptime();
  uptime.advance(1_000);
  return new SimInputs({ door: false, mute: false }, () => uptime.upMs());
};

inputsContract('SimInputs', () => {
  const inputs = makeInputs();
  return Promise.resolve({
    inputs,
    move: (name, on) => {
      inputs.move(name, on);
    },
    // Below what a simulated contact can do: it moves or it does not.
    bounce: () => undefined,
    unplug: () => {
      inputs.unplug();
    },
    plug: () => {
      inputs.plug();
    },
    close: () => Promise.resolve(),
  });
});

describe('simulated contacts', () => {
  it('cannot be moved where they are not wired', () => {
    expect(() => {
      makeInputs().move('mains', true);
    }).toThrow('mains is not wired');
  });
});
