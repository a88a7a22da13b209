/**
 * The receiver drivers on a kernel's I2C: i2c-bus, i2c-dev and an adapter with simulated chips (../shared/bench). Skipped
 * where there is no such adapter. Give each chip a bench of its own:
 *   bench/uml-run 'vitest run scripts/hardware/i2c-tuner.test.ts'          RDA5807M and TEA5767
 *   bench/uml-run 'rmmod i2c-fm-sim; modprobe i2c-fm-sim nr=1 seq=1; …'    Si4703
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openI2cBus } from '../../agent/devices/bus/i2c-bus.ts';
import { machinePace } from '../../agent/devices/bus/pace.ts';
import { ChipTuner } from '../../agent/devices/tuner/chip-tuner.ts';
import { rda5807m } from '../../agent/devices/tuner/rda5807m.ts';
import type { TunerObserved } from '../../agent/devices/tuner/seam.ts';
import { si4703 } from '../../agent/devices/tuner/si4703.ts';
import { tea5767 } from '../../agent/devices/tuner/tea5767.ts';

const bench = '/sys/kernel/debug/i2c-fm-sim';
const hasBench = existsSync(`${bench}/ctl`);
const isSequential = hasBench && readFileSync('/sys/module/i2c_fm_sim/parameters/seq', 'utf8').trim() === '1';
const busNumber = 1;
const chips = [
  { kind: rda5807m, address: '0x11', isThere: hasBench && !isSequential },
  { kind: si4703, address: '0x10', isThere: hasBench && isSequential },
  { kind: tea5767, address: '0x60', isThere: hasBench },
];

const ask = (what: string): void => {
  writeFileSync(`${bench}/ctl`, what);
};

describe.each(chips)("$kind.name on a kernel's I2C", ({ kind, address, isThere }) => {
  let tuner: ChipTuner;
  const until = async (isSo: (now: TunerObserved) => boolean, limitMs: number): Promise<void> => {
    const endUpMs = machinePace.upMs() + limitMs;
    while (!isSo(tuner.observe()) && machinePace.upMs() < endUpMs) await sleep(20);
    expect(isSo(tuner.observe()), JSON.stringify(tuner.observe())).toBe(true);
  };
  const isTuned = ({ state, failure }: TunerObserved): boolean => state === 'tuned' && failure === null;

  beforeEach(async ({ skip }) => {
    if (!isThere) skip('no simulated adapter with this chip: run it on the bench');
    ask('reset');
    tuner = new ChipTuner({ kind, openBus: () => openI2cBus(busNumber), pace: machinePace });
    await tuner.open();
    await tuner.tune(101_700);
  });
  afterEach(async () => {
    if (!isThere) return;
    ask('stuck 0');
    ask(`absent ${address} 0`);
    await tuner.close();
  });

  it('tunes, and hears a strong station and noise', async () => {
    expect(tuner.observe()).toMatchObject({
      state: 'tuned',
      frequencyKhz: 101_700,
      muted: true,
      stereo: true,
    });
    expect(tuner.observe().rssiDbuv).toBeGreaterThan(40);
    await tuner.tune(95_000);
    expect(tuner.observe().rssiDbuv).toBeLessThan(20);
    await tuner.mute(false);
    expect(tuner.observe()).toMatchObject({ state: 'tuned', muted: false, failure: null });
  });

  it('notices a pulled cable and a dip of the supply, and comes back muted on its frequency', async () => {
    for (const [harm, cure] of [
      [`absent ${address} 1`, `absent ${address} 0`],
      ['reset', null],
    ] as const) {
      await tuner.mute(false);
      ask(harm);
      await until(({ failure }) => failure !== null, 4_000);
      if (cure !== null) ask(cure);
      await until(isTuned, 20_000);
      expect(tuner.observe()).toMatchObject({ frequencyKhz: 101_700, muted: true });
    }
  });

  it('notices a stuck bus while everything else goes on, and recovers', async () => {
    let ticks = 0;
    const ticking = setInterval(() => (ticks += 1), 20);
    ask('stuck 1');
    await until(({ failure }) => failure?.includes('stuck') === true, 8_000);
    clearInterval(ticking);
    expect(ticks).toBeGreaterThan(20);
    ask('stuck 0');
    await until(isTuned, 20_000);
  });
});
