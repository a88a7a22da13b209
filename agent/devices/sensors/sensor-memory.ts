/** What is kept of one sensor: pure; between the decoder, which reads one advertisement, and those who ask what is so now. */
import { readBthome } from './bthome.ts';
import type { BthomeRead, BthomeSender, BthomeValue } from './bthome.ts';
import type { SensorObserved, SensorWiring } from './seam.ts';

export type Advert = { readonly rssiDbm: number; readonly data: Uint8Array };

export type SensorMemory = Omit<SensorObserved, keyof SensorWiring> & {
  readonly counter: number | null;
  readonly isTriggered: boolean;
  /** Uptime at which each value was told last, lies among them. */
  readonly toldUpMs: Readonly<Record<string, number>>;
};

export const nothingKept: SensorMemory = {
  heardUpMs: null,
  rssiDbm: null,
  values: {},
  implausible: [],
  refused: null,
  doorOpenedUpMs: null,
  counter: null,
  isTriggered: false,
  toldUpMs: {},
};

export const senderOf = ({ address, bindKey }: SensorWiring): BthomeSender => ({
  address: Buffer.from(address.replaceAll(':', ''), 'hex'),
  key: bindKey === null ? null : Buffer.from(bindKey, 'hex'),
});

/** One advertisement more, heard at this uptime. */
export function hearAdvert(
  kept: SensorMemory,
  sender: BthomeSender,
  { rssiDbm, data }: Advert,
  upMs: number,
): SensorMemory {
  const read = readBthome(data, sender);
  if (!read.ok) return { ...kept, refused: { why: read.why, upMs } };
  switch (freshnessOf(kept, read.counter, upMs)) {
    case 'repeated':
      return kept;
    case 'replayed':
      return { ...kept, refused: { why: 'replayed', upMs } };
    case 'fresh':
      return {
        ...withValues(kept, read, upMs),
        ...{ heardUpMs: upMs, rssiDbm, counter: read.counter, isTriggered: read.isTriggered },
      };
  }
}

/** A sensor with a new battery counts from the beginning, and was away while it was changed: so Bluetooth-Devices/bthome-ble. */
const RESTART_BELOW = 100;
const RESTART_SILENCE_MS = 60_000;

/**
 * bthome.io/encryption: the counter must have increased. The same once more is how advertisements are: said several
 * times. After a start of the agent the first is believed, and all that come later must be newer.
 */
function freshnessOf(
  { counter: last, heardUpMs }: SensorMemory,
  counter: number | null,
  upMs: number,
): 'fresh' | 'repeated' | 'replayed' {
  if (counter === null || last === null || counter > last) return 'fresh';
  if (counter === last) return 'repeated';
  const wasAway = heardUpMs !== null && upMs - heardUpMs >= RESTART_SILENCE_MS;
  return counter < RESTART_BELOW && wasAway ? 'fresh' : 'replayed';
}

/** What can be where a loudspeaker hangs; what is not listed is on or off, or has no limits of its own. */
const plausible: Readonly<Record<string, readonly [least: number, most: number]>> = {
  temperature: [-30, 90],
  dewpoint: [-30, 90],
  humidity: [0, 100],
  moisture: [0, 100],
  battery: [0, 100],
  pressure: [800, 1100],
  voltage: [0, 500],
};

const isPlausible = ({ name, value }: BthomeValue): boolean => {
  const [least, most] = plausible[name] ?? [-Infinity, Infinity];
  return value >= least && value <= most;
};

/** What a sensor has not said again for so long is so no more, though it says other things. */
const HELD_MS = 86_400_000;

function withValues(
  kept: SensorMemory,
  { values }: Extract<BthomeRead, { ok: true }>,
  upMs: number,
): SensorMemory {
  const told = numbered(values);
  const isBad = told.map(({ key, ...value }) => ({ key, ...value, isBad: !isPlausible(value) }));
  const names = new Set(told.map(({ key }) => key));
  const held = Object.entries(kept.toldUpMs).filter(([key, at]) => !names.has(key) && upMs - at < HELD_MS);
  const toldUpMs = Object.fromEntries([...held, ...[...names].map((key) => [key, upMs] as const)]);
  const isHeld = (key: string) => !names.has(key) && key in toldUpMs;
  const stays = Object.entries(kept.values).filter(([key]) => isHeld(key));
  const good = isBad.filter((each) => !each.isBad).map(({ key, value }) => [key, value] as const);
  // A lie is told of until the same value is told and can be, and not for ever.
  const before = kept.implausible.filter((words) => isHeld(words.split(' ')[0] ?? ''));
  const lies = isBad.filter((each) => each.isBad).map(({ key, value }) => `${key} ${value}`);
  const next = Object.fromEntries([...stays, ...good]);
  const isOpening = isDoorOpen(next) && !isDoorOpen(kept.values);
  return {
    ...kept,
    toldUpMs,
    values: next,
    implausible: [...before, ...lies],
    doorOpenedUpMs: isOpening ? upMs : kept.doorOpenedUpMs,
  };
}

/** Of several of one kind the second is called -2: bthome.io/format, multiple measurements. */
function numbered(values: readonly BthomeValue[]): readonly (BthomeValue & { readonly key: string })[] {
  return values.map(({ name, value }, index) => {
    const nth = values.slice(0, index + 1).filter((each) => each.name === name).length;
    return { name, value, key: nth === 1 ? name : `${name}-${nth}` };
  });
}

const isDoorOpen = (values: SensorMemory['values']): boolean =>
  Object.entries(values).some(([key, value]) => /^(door|opening)-open(-\d+)?$/.test(key) && value === 1);
