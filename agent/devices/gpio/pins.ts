/** From a pin as people write it (line name, or chip and line) to the kernel's global number, with a reason where there is none. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Pin } from './seam.ts';

export type Chip = {
  /** The global number of its first line: 512 on current Raspberry Pi kernels, and not to be relied on. */
  readonly base: number;
  readonly lines: number;
  readonly label: string;
  /** Names of its lines in order, from the device tree; empty where it gives none. */
  readonly names: readonly string[];
};

export type Located =
  { readonly ok: true; readonly number: number } | { readonly ok: false; readonly failure: string };

/** As it stands in the configuration: `GPIO17`, or `pinctrl-bcm2711 line 17`. */
export const wordsOf = (pin: Pin): string => ('name' in pin ? pin.name : `${pin.chip} line ${pin.line}`);

/** `chips` null: there is no sysfs GPIO at all. */
export function locate(pin: Pin, chips: readonly Chip[] | null): Located {
  if (chips === null)
    return no('the kernel has no GPIO in /sys/class/gpio (CONFIG_GPIO_SYSFS), or it is not mounted');
  if (chips.length === 0) return no('the kernel knows no GPIO chip: driver or overlay missing');
  return 'name' in pin ? byName(pin.name, chips) : byLine(pin.chip, pin.line, chips);
}

function byName(name: string, chips: readonly Chip[]): Located {
  const found = chips.flatMap((chip) =>
    chip.names.flatMap((each, at) => (each === name ? [{ chip, at }] : [])),
  );
  const [first] = found;
  if (first !== undefined && found.length === 1) return { ok: true, number: first.chip.base + first.at };
  if (found.length > 1)
    return no(`${found.length} lines are named ${name}: write chip and line (${listed(chips)})`);
  return no(
    chips.every((chip) => chip.names.length === 0)
      ? `this machine gives its lines no names, so ${name} cannot be found: write chip and line (${listed(chips)})`
      : `no line is named ${name}`,
  );
}

function byLine(label: string, line: number, chips: readonly Chip[]): Located {
  const found = chips.filter((chip) => chip.label === label);
  const [chip] = found;
  if (chip === undefined) return no(`there is no GPIO chip ${label}; there are ${listed(chips)}`);
  if (found.length > 1) return no(`${found.length} GPIO chips are labelled ${label}: name the line instead`);
  if (!Number.isInteger(line) || line < 0 || line >= chip.lines)
    return no(`${label} has lines 0 to ${chip.lines - 1}, not ${line}`);
  return { ok: true, number: chip.base + line };
}

const no = (failure: string): Located => ({ ok: false, failure });

const listed = (chips: readonly Chip[]): string =>
  chips.map((chip) => `${chip.label} with ${chip.lines} lines`).join(', ');

/** The chips as the kernel lists them now: a replugged one may have come back with another base. Null without sysfs GPIO. */
export async function readChips(folder: string): Promise<readonly Chip[] | null> {
  const entries = await readdir(folder).catch(() => null);
  if (entries === null) return null;
  const chips = await Promise.all(
    entries.filter((entry) => /^gpiochip\d+$/.test(entry)).map((entry) => readChip(join(folder, entry))),
  );
  return chips.filter((chip) => chip !== null).sort((a, b) => a.base - b.base);
}

/** Null for a chip that goes while it is read. */
async function readChip(folder: string): Promise<Chip | null> {
  const [base, lines, label, names] = await Promise.all([
    textIn(join(folder, 'base')),
    textIn(join(folder, 'ngpio')),
    textIn(join(folder, 'label')),
    textIn(join(folder, 'device/of_node/gpio-line-names')),
  ]);
  if (base === null || lines === null || label === null) return null;
  return {
    base: Number(base),
    lines: Number(lines),
    label: label.trim(),
    // Device tree: each name ends in NUL, an empty one is a line without a name.
    names: names === null ? [] : names.split('\0').slice(0, -1),
  };
}

const textIn = (file: string): Promise<string | null> => readFile(file, 'utf8').catch(() => null);
