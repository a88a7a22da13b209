import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Severity } from '../shared/health/declared.ts';
import { GpioRelay } from './devices/relay/gpio-relay.ts';
import { FakeGpio } from './sim/fake-gpio.ts';
import { StatusLamp } from './status-lamp.ts';

let folder: string;
let gpio: FakeGpio;
let lamp: StatusLamp;
let worst: Severity | null;
let upMs: number;
let said: string[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lamp-'));
  gpio = new FakeGpio(folder);
  gpio.plug({ base: 512, lines: 32, label: 'bench' });
  [worst, upMs, said] = [null, 0, []];
  lamp = new StatusLamp({
    line: new GpioRelay({ gpio, pin: { chip: 'bench', line: 5 }, activeLow: false, pollMs: 20 }),
    worst: () => worst,
    readClock: () => ({ state: 'SYNCED', nowMs: 0, u: 2, upMs }),
    log: (line) => said.push(line),
  });
});
afterEach(async () => {
  await lamp.close();
  rmSync(folder, { recursive: true, force: true });
});

const shows = async (level: 0 | 1): Promise<void> => {
  for (let tries = 0; tries < 400 && gpio.wire(517) !== level; tries += 1) await sleep(10);
  expect(gpio.wire(517)).toBe(level);
};

describe('the status lamp', () => {
  it('is lit while all is well, blinks when something is wrong, and is dark when the agent has stopped', async () => {
    await lamp.open();
    await shows(1);
    [worst, upMs] = ['error', 1000];
    await shows(0);
    upMs = 2000;
    await shows(1);
    await lamp.close();
    expect(gpio.wire(517)).toBe(0);
  });

  it('tells once that its line is gone, and is lit again when that is back', async () => {
    await lamp.open();
    await shows(1);
    gpio.unplug();
    for (let tries = 0; tries < 400 && said.length === 0; tries += 1) await sleep(10);
    await sleep(400);
    expect(said).toHaveLength(1);
    gpio.plug({ base: 512, lines: 32, label: 'bench' });
    await shows(1);
  });
});
