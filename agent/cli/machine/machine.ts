/** How the machine under the agent does: power, heat, card, memory, clock chip, as the kernel tells it. Null: it does not. */
import { join } from 'node:path';
import { namesIn, numberOf, textOf, type Roots } from './bounded.ts';

export type Machine = {
  readonly underVoltage: boolean | null;
  readonly hottestC: number | null;
  readonly throttled: boolean | null;
  /** What the card says of its own wear: 10 is all of its life; worst of what it tells. */
  readonly cardWear: number | null;
  /** Errors that ext4 has counted, over all its partitions. */
  readonly diskErrors: number | null;
  readonly memoryFreeBytes: number | null;
  /** Seconds by which the clock chip is ahead of the system, of several the nearest; null without a chip. */
  readonly rtcAheadS: number | null;
};

export async function probeMachine({ sys, proc }: Roots, nowMs: () => number): Promise<Machine> {
  const [underVoltage, hottestC, throttled, cardWear, diskErrors, memoryFreeBytes, rtcAheadS] =
    await Promise.all([
      lowVoltage(join(sys, 'class/hwmon')),
      hottest(join(sys, 'class/thermal')),
      isThrottled(join(sys, 'class/thermal')),
      wearOf(join(sys, 'class/block')),
      errorsOf(join(sys, 'fs/ext4')),
      memoryOf(join(proc, 'meminfo')),
      aheadOf(join(sys, 'class/rtc'), nowMs),
    ]);
  return { underVoltage, hottestC, throttled, cardWear, diskErrors, memoryFreeBytes, rtcAheadS };
}

/** field.md §2: from hwmon `rpi_volt`, not from vcgencmd's sticky bits. */
async function lowVoltage(folder: string): Promise<boolean | null> {
  for (const name of await namesIn(folder)) {
    if ((await textOf(join(folder, name, 'name'))) !== 'rpi_volt') continue;
    const alarm = await numberOf(join(folder, name, 'in0_lcrit_alarm'));
    const other = alarm ?? (await numberOf(join(folder, name, 'in1_lcrit_alarm')));
    return other === null ? null : other !== 0;
  }
  return null;
}

async function hottest(folder: string): Promise<number | null> {
  const zones = (await namesIn(folder)).filter((name) => name.startsWith('thermal_zone'));
  const read = await Promise.all(zones.map((zone) => numberOf(join(folder, zone, 'temp'))));
  const known = read.filter((milli) => milli !== null);
  return known.length === 0 ? null : Math.max(...known) / 1000;
}

/** A processor that a cooling device holds back; a fan that turns is no harm. */
async function isThrottled(folder: string): Promise<boolean | null> {
  const devices = (await namesIn(folder)).filter((name) => name.startsWith('cooling_device'));
  const held = await Promise.all(
    devices.map(async (name) => {
      const type = await textOf(join(folder, name, 'type'));
      const state = await numberOf(join(folder, name, 'cur_state'));
      return type === null || state === null || !/cpu|processor/i.test(type) ? null : state > 0;
    }),
  );
  const known = held.filter((each) => each !== null);
  return known.length === 0 ? null : known.includes(true);
}

/** eMMC and some cards: `life_time` "0x01 0x02" in tenths, `pre_eol_info` 2 warning, 3 urgent. */
async function wearOf(folder: string): Promise<number | null> {
  const cards = (await namesIn(folder)).filter((name) => /^mmcblk\d+$/.test(name));
  const told = await Promise.all(
    cards.flatMap((name) => [
      textOf(join(folder, name, 'device/life_time')).then((text) => (text ?? '').split(/\s+/).map(Number)),
      textOf(join(folder, name, 'device/pre_eol_info')).then((text) => (Number(text ?? 0) >= 2 ? [10] : [])),
    ]),
  );
  const known = told.flat().filter((tenths) => tenths > 0);
  return known.length === 0 ? null : Math.max(...known);
}

async function errorsOf(folder: string): Promise<number | null> {
  const partitions = await namesIn(folder);
  const counts = await Promise.all(partitions.map((name) => numberOf(join(folder, name, 'errors_count'))));
  const known = counts.filter((count) => count !== null);
  return known.length === 0 ? null : known.reduce((sum, count) => sum + count, 0);
}

async function memoryOf(file: string): Promise<number | null> {
  const kib = /^MemAvailable:\s+(\d+) kB$/m.exec((await textOf(file)) ?? '')?.[1];
  return kib === undefined ? null : Number(kib) * 1024;
}

/** A Raspberry Pi 5 has a chip of its own, mostly without a battery, beside the one that was fitted. */
async function aheadOf(folder: string, nowMs: () => number): Promise<number | null> {
  const chips = (await namesIn(folder)).filter((name) => /^rtc\d+$/.test(name));
  const read = await Promise.all(chips.map((name) => numberOf(join(folder, name, 'since_epoch'))));
  const ahead = read
    .filter((seconds) => seconds !== null)
    .map((seconds) => seconds - Math.floor(nowMs() / 1000));
  return ahead.toSorted((one, other) => Math.abs(one) - Math.abs(other))[0] ?? null;
}
