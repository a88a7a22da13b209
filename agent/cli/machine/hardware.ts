/** What the kernel shows of buses, ports, pins, sound, screens and clocks: read from /sys, /proc and /dev, no device is spoken to. */
import { join } from 'node:path';
import { namesIn, numberOf, textOf, type Roots } from './bounded.ts';

export type GpioChip = { readonly label: string; readonly lines: number; readonly names: readonly string[] };

export type SoundCard = {
  readonly id: string;
  readonly name: string;
  /** Something can be recorded with it. */
  readonly captures: boolean;
};

export type Hardware = {
  /** Their numbers. */
  readonly i2cBuses: readonly number[];
  /** Paths, those of /dev/serial/by-id first. */
  readonly serialPorts: readonly string[];
  /** Null: the kernel gives no GPIO through sysfs. */
  readonly gpioChips: readonly GpioChip[] | null;
  /** `id` as ALSA devices name it; null where the kernel has no sound at all. */
  readonly soundCards: readonly SoundCard[] | null;
  readonly connectors: readonly { readonly name: string; readonly connected: boolean }[];
  readonly rtcs: readonly string[];
  readonly bluetooth: readonly string[];
};

export async function probeHardware({ sys, proc, dev }: Roots): Promise<Hardware> {
  const [i2cBuses, serialPorts, gpioChips, soundCards, connectors, rtcs, bluetooth] = await Promise.all([
    i2cIn(dev),
    serialIn(dev),
    chipsIn(join(sys, 'class/gpio')),
    cardsIn(proc),
    connectorsIn(join(sys, 'class/drm')),
    namesIn(join(sys, 'class/rtc')),
    namesIn(join(sys, 'class/bluetooth')),
  ]);
  return { i2cBuses, serialPorts, gpioChips, soundCards, connectors, rtcs, bluetooth };
}

const i2cIn = async (dev: string): Promise<readonly number[]> =>
  (await namesIn(dev)).flatMap((name) => {
    const bus = /^i2c-(\d+)$/.exec(name)?.[1];
    return bus === undefined ? [] : [Number(bus)];
  });

async function serialIn(dev: string): Promise<readonly string[]> {
  const byId = join(dev, 'serial/by-id');
  const named = (await namesIn(byId)).map((name) => join(byId, name));
  const plain = (await namesIn(dev)).filter((name) => /^tty(USB|ACM|AMA)\d+$/.test(name));
  return [...named, ...plain.map((name) => join(dev, name))];
}

async function chipsIn(folder: string): Promise<readonly GpioChip[] | null> {
  const names = await namesIn(folder);
  if (names.length === 0) return null;
  const chips = await Promise.all(
    names.filter((name) => name.startsWith('gpiochip')).map((name) => chipIn(join(folder, name))),
  );
  return chips.filter((chip) => chip !== null);
}

async function chipIn(folder: string): Promise<GpioChip | null> {
  const [label, lines, names] = await Promise.all([
    textOf(join(folder, 'label')),
    numberOf(join(folder, 'ngpio')),
    textOf(join(folder, 'device/of_node/gpio-line-names')),
  ]);
  if (label === null || lines === null) return null;
  return { label, lines, names: names?.split('\0') ?? [] };
}

/** ` 0 [Loopback       ]: Loopback - Loopback`, then a line that says where it is. */
async function cardsIn(proc: string): Promise<Hardware['soundCards']> {
  const text = await textOf(join(proc, 'asound/cards'));
  if (text === null) return null;
  const devices = (await textOf(join(proc, 'asound/pcm'))) ?? '';
  return [...text.matchAll(/^\s*(\d+) \[(\S+)\s*\]: (.*)$/gm)].map(([, card = '', id = '', name = '']) => ({
    ...{ id, name },
    captures: hasCapture(devices, Number(card)),
  }));
}

/** `00-01: USB Audio : USB Audio : playback 1 : capture 1`, a line each device. */
function hasCapture(devices: string, card: number): boolean {
  return [...devices.matchAll(/^(\d+)-\d+:.* capture \d+/gm)].some(([, of]) => Number(of) === card);
}

async function connectorsIn(folder: string): Promise<Hardware['connectors']> {
  const names = (await namesIn(folder)).filter((name) => /^card\d+-/.test(name));
  const found = await Promise.all(
    names.map(async (name) => ({ name, status: await textOf(join(folder, name, 'status')) })),
  );
  return found.map(({ name, status }) => ({ name, connected: status === 'connected' }));
}
