/** Pins are found by name or by chip and line, whatever the base, and what cannot be found is explained. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeGpio } from '../../sim/fake-gpio.ts';
import type { Chip } from './pins.ts';
import { locate, readChips } from './pins.ts';

const soc: Chip = {
  base: 512,
  lines: 4,
  label: 'pinctrl-bcm2711',
  names: ['ID_SDA', 'GPIO17', '', 'GPIO22'],
};
const expander: Chip = { base: 570, lines: 16, label: 'mcp23017', names: [] };

describe('locate', () => {
  it('adds the base of the chip to the line', () => {
    expect(locate({ chip: 'pinctrl-bcm2711', line: 3 }, [soc, expander])).toEqual({ ok: true, number: 515 });
    expect(locate({ chip: 'mcp23017', line: 0 }, [soc, expander])).toEqual({ ok: true, number: 570 });
    expect(locate({ chip: 'pinctrl-bcm2711', line: 3 }, [{ ...soc, base: 0 }])).toEqual({
      ok: true,
      number: 3,
    });
  });

  it('finds a line by its name', () => {
    expect(locate({ name: 'GPIO17' }, [soc, expander])).toEqual({ ok: true, number: 513 });
  });

  it.each([
    ['no sysfs GPIO', { name: 'GPIO17' }, null, /no GPIO in \/sys\/class\/gpio/],
    ['no chip', { name: 'GPIO17' }, [], /knows no GPIO chip/],
    [
      'an unknown chip',
      { chip: 'pca9555', line: 1 },
      [soc],
      /no GPIO chip pca9555; there are pinctrl-bcm2711/,
    ],
    ['a line past the end', { chip: 'pinctrl-bcm2711', line: 4 }, [soc], /has lines 0 to 3, not 4/],
    ['a negative line', { chip: 'pinctrl-bcm2711', line: -1 }, [soc], /has lines 0 to 3, not -1/],
    [
      'two chips of one label',
      { chip: 'mcp23017', line: 1 },
      [expander, expander],
      /2 GPIO chips are labelled/,
    ],
    ['an unknown name', { name: 'GPIO18' }, [soc], /no line is named GPIO18/],
    ['a name on two chips', { name: 'GPIO17' }, [soc, soc], /2 lines are named GPIO17/],
    ['a machine without names', { name: 'GPIO17' }, [expander], /gives its lines no names.*mcp23017/],
  ] as const)('says in words what is wrong with %s', (_case, pin, chips, words) => {
    expect(locate(pin, chips)).toEqual({ ok: false, failure: expect.stringMatching(words) as string });
  });
});

describe('readChips', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gpio-'));
  });
  afterEach(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  it('reads chips as the kernel lists them, lowest base first, names from the device tree', async () => {
    const gpio = new FakeGpio(folder);
    gpio.plug({ base: 570, lines: 16, label: 'mcp23017' });
    gpio.plug(soc);
    expect(await readChips(folder)).toEqual([soc, expander]);
  });

  it('knows no chips where there is no such folder', async () => {
    expect(await readChips(join(folder, 'none'))).toBeNull();
    expect(await readChips(folder)).toEqual([]);
  });
});
