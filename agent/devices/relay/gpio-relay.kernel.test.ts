/** The GPIO relay keeps the relay's contract on a real kernel's GPIO through onoff: on the bench's gpio-sim, or nowhere. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, it } from 'vitest';
import { sysfsGpio } from '../gpio/sysfs-line.ts';
import { GpioRelay } from './gpio-relay.ts';
import type { RelayRig } from './relay.contract.ts';
import { relayContract } from './relay.contract.ts';

/** What bench/uml-run sets up: the levels on the wire, and the switch that takes the chip away. */
const wires = '/dev/bench/gpio';
const live = '/sys/kernel/config/gpio-sim/bench/live';
const levelOn = (line: number): string => readFileSync(`${wires}/sim_gpio${line}/value`, 'utf8').trim();

const owner = (activeLow: boolean): string => `
  const { sysfsGpio } = await import(${JSON.stringify(new URL('../gpio/sysfs-line.ts', import.meta.url).href)});
  const { GpioRelay } = await import(${JSON.stringify(new URL('./gpio-relay.ts', import.meta.url).href)});
  const relay = new GpioRelay({ gpio: sysfsGpio, pin: { chip: 'bench', line: 18 }, activeLow: ${activeLow} });
  await relay.open();
  await relay.set(true);
  console.log('on');
  setInterval(() => undefined, 1000);
`;

const makeRig = (activeLow: boolean): Promise<RelayRig> => {
  const relay = new GpioRelay({ gpio: sysfsGpio, pin: { chip: 'bench', line: 17 }, activeLow, pollMs: 100 });
  const isOn = (line: number) => levelOn(line) === (activeLow ? '0' : '1');
  return Promise.resolve({
    relay,
    wire: () => isOn(17),
    async opensWhenOwnerIsKilled() {
      const child = spawn(process.execPath, ['--input-type=module', '-e', owner(activeLow)], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      await once(child.stdout, 'data');
      if (!isOn(18)) throw new Error('the owner did not switch on');
      child.kill('SIGKILL');
      for (let tries = 0; tries < 400 && isOn(18); tries += 1) await sleep(20);
      return !isOn(18);
    },
    unplug: () => {
      writeFileSync(live, '0');
    },
    async close() {
      await relay.close();
      if (readFileSync(live, 'utf8').trim() === '0') writeFileSync(live, '1');
    },
  });
};

if (existsSync(wires)) {
  relayContract('GpioRelay on gpio-sim, active-high,', () => makeRig(false));
  relayContract('GpioRelay on gpio-sim, active-low,', () => makeRig(true));
} else {
  describe('GpioRelay on gpio-sim', () => {
    it.skip('keeps the relay contract: no bench here, run it in bench/uml-run', () => undefined);
  });
}
