/** The box's one configuration file: strict, read once, every fault told at once, and passed on by parameter. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { faultAt, faultsIn } from '../shared/messages/faults.ts';
import { say, text, type Text } from '../shared/messages/text.ts';
import { province } from '../shared/protocol/schema/primitives.ts';
import { waitsSchema } from './sync/waits.ts';
import { captureOf, pin, relay, source } from './wires.ts';

const place = z.string().min(1).max(4096);
const durationMs = (byDefault: number) => z.int().min(0).max(600_000).default(byDefault);
const url = (...protocols: readonly string[]) =>
  z.url({ protocol: new RegExp(`^(${protocols.join('|')})$`), hostname: /^\S+$/ });
/** Added to the environment of mpv: PULSE_SERVER, DISPLAY, XDG_RUNTIME_DIR. */
const environment = z.record(z.string().regex(/^[A-Z][A-Z0-9_]{0,63}$/), z.string().max(4096)).default({});

const cloud = z.strictObject({
  /** Without a path. */
  url: url('https', 'http'),
  /** The same cloud without TLS, for a box that does not know the time (protocol C4); null where there is none. */
  plainUrl: url('http').nullable().default(null),
  /** Null: no push channel, the box asks. */
  brokerUrl: url('mqtt', 'mqtts').nullable(),
});

const sound = z.strictObject({
  /** mpv's `--ao`; null lets mpv choose. */
  ao: z.string().min(1).nullable().default(null),
  /** mpv's `--audio-device`; null is the default of the output. */
  device: z.string().min(1).nullable().default(null),
  /** The constant delays of this output, measured by scripts/bench-start.ts and taken off each start. */
  startLatencyMs: durationMs(2),
  joinLatencyMs: durationMs(12),
  environment,
});

const screen = z.strictObject({
  /** mpv's `--vo`. */
  vo: z.string().min(1),
  /** Where the board stands, as people call it; shown when there is nothing to announce. */
  place: z.string().max(80).default(''),
  /** Further flags of mpv, e.g. `--drm-mode=1920x1080@60`. */
  args: z
    .array(z.string().regex(/^--[a-z0-9-]+(=.*)?$/))
    .max(32)
    .default([]),
  environment,
});

/** The chip measures up to 320 mV over its shunt. */
const SHUNT_MOST_MICROVOLTS = 320_000;

const current = z
  .strictObject({
    i2cBus: z.int().min(0).max(255).default(1),
    /** 64 (0x40) to 79 (0x4f), by the chip's two address pins. */
    address: z.int().min(0x40).max(0x4f).default(0x40),
    shuntMilliohms: z.int().min(1).max(10_000),
    /** The most that the amplifier ever draws. */
    maxMilliamps: z.int().min(1).max(100_000),
    /** A little under what the amplifier draws when it is on and nothing sounds: with less it has no power. */
    quietMilliamps: z.int().min(1).max(100_000),
  })
  .refine(({ shuntMilliohms, maxMilliamps }) => shuntMilliohms * maxMilliamps <= SHUNT_MOST_MICROVOLTS, {
    path: ['maxMilliamps'],
    error: 'shuntMilliohms × maxMilliamps ≤ 320000 (320 mV)',
  });

const amplifier = z.strictObject({
  relay,
  /** An INA219 in its supply; null: there is none. */
  current: current.nullable().default(null),
  /** On so long before sound, so that no syllable is lost. */
  leadMs: durationMs(1500),
  /** Off so long after. */
  holdMs: durationMs(3000),
  /** Shortest time between two switchings. */
  dwellMs: durationMs(2000),
  /** Never on longer than this while no sound is proven. */
  maxUnprovenMs: durationMs(15_000),
});

/** A contact is on at level 1, or at level 0 where `activeLow`. One that does not stand still for so long has not moved. */
const contact = z
  .strictObject({ pin, activeLow: z.boolean(), debounceMs: z.int().min(1).max(5_000).default(50) })
  .nullable()
  .default(null);

const inputs = z.strictObject({
  /** On: the door of the cabinet is open. */
  door: contact,
  /** On: the mains are there. */
  mains: contact,
  /** On: ordinary sound is to be silent (docs/decisions/0010-local-mute.md). */
  mute: contact,
});

/** A BTHome v2 sensor, which speaks by Bluetooth and listens to nobody. */
const sensor = z.strictObject({
  name: z.string().min(1).max(40),
  /** As it is printed on the sensor: A4:C1:38:00:00:01. */
  address: z
    .string()
    .regex(/^([0-9a-fA-F]{2}:){5}[0-9a-fA-F]{2}$/)
    .toLowerCase(),
  /** Of one that encrypts; null: whoever uses its address is believed. */
  bindKey: z
    .string()
    .regex(/^[0-9a-fA-F]{32}$/)
    .nullable()
    .default(null),
  /** Only what is in the cabinet tells of its door, heat and damp. */
  where: z.enum(['cabinet', 'outside']).default('cabinet'),
  /**
   * Not heard for so long, it is told of: by default an hour, and never once it has said that it speaks only when
   * something happens. Null: never, as for a button.
   */
  silentAfterMin: z.int().min(1).max(10_080).nullable().optional(),
});

const sensors = z
  .array(sensor)
  .min(1)
  .max(16)
  .refine((all) => new Set(all.map(({ address }) => address)).size === all.length, {
    error: 'address: 2 ×',
  });

const i2cBus = z.int().min(0).max(255).default(1);

const tuner = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('rda5807m'), i2cBus, source }),
  z.strictObject({ kind: z.literal('si4703'), i2cBus, source }),
  z.strictObject({ kind: z.literal('tea5767'), i2cBus, source }),
  z.strictObject({
    kind: z.literal('serial'),
    /** /dev/ttyUSB0, or better a name that stays: /dev/serial/by-id/… */
    path: place,
    baudRate: z.int().min(1200).max(921_600),
    source,
  }),
  /** A simulated receiver: what is on the air is configuration too. */
  z.strictObject({
    kind: z.literal('sim'),
    source: source.default('sim'),
    stations: z
      .array(
        z.strictObject({
          frequencyKhz: z.int().min(50_000).max(108_000),
          rssiDbuv: z.int().min(0).max(127),
          /** Null: a station without RDS. */
          pi: z
            .string()
            .regex(/^[0-9a-f]{4}$/)
            .nullable(),
        }),
      )
      .max(32)
      .default([]),
  }),
]);

export const configSchema = z.strictObject({
  prov: province,
  /** The envelope of trust/1, from the trust ceremony. */
  trustFile: place,
  /** Holds the database. */
  stateFolder: place,
  /** Second copy of the floors; on another partition where there is one (protocol D3). */
  copyFolder: place,
  keyFolder: place,
  mediaFolder: place,
  /** Sockets; emptied by a restart of the machine. */
  runtimeFolder: place,
  /** Where systemd starts the players as a user of their own (systemd/loa-player-*); null: they are the agent's children. */
  playerFolder: place.nullable().default(null),
  /** Where `loa` reaches the agent; by default `loa.sock` in the runtime folder. */
  localSocket: place.optional(),
  mediaQuotaBytes: z.int().min(50_000_000).default(8_000_000_000),
  /** Left free on the disk, so that the store can always write. */
  reserveBytes: z.int().min(10_000_000).default(200_000_000),
  cloud,
  /** Null: a board without a loudspeaker. */
  sound: sound.nullable(),
  /** Null: a loudspeaker without a board. */
  screen: screen.nullable(),
  /** Null: nothing to switch, the amplifier is always on. */
  amplifier: amplifier.nullable().default(null),
  tuner: tuner.nullable().default(null),
  /** Lit: well; blinking: go and look; dark: the agent does not run. Null: there is none. */
  statusLed: z.strictObject({ pin, activeLow: z.boolean() }).nullable().default(null),
  /** Null: no contacts. */
  inputs: inputs.nullable().default(null),
  /** Null: no Bluetooth. */
  sensors: sensors.nullable().default(null),
  /** Where systemd starts the Bluetooth scan as a user of its own (systemd/loa-ble*); null: it is the agent's child. */
  bleSocket: place.nullable().default(null),
  /** Where systemd starts what sets the machine's clock and its clock chip (systemd/loa-clock*); null: they are left alone. */
  clockSocket: place.nullable().default(null),
  waits: waitsSchema.prefault({}),
});

export type Config = Omit<z.output<typeof configSchema>, 'localSocket'> & { readonly localSocket: string };
export type ConfigRead =
  { readonly ok: true; readonly config: Config } | { readonly ok: false; readonly faults: readonly Text[] };

/** Paths in the file are relative to its own folder. */
export function readConfig(file: string): ConfigRead {
  const bytes = readText(file);
  if (bytes === null)
    return faults(
      text(
        say`${file}: không có tệp này hoặc không có quyền đọc`,
        say`${file}: there is no such file, or no right to read it`,
      ),
    );
  let value: unknown;
  try {
    value = JSON.parse(bytes);
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    const { message } = cause;
    return faults(text(say`${file}: không phải JSON (${message})`, say`${file}: is not JSON (${message})`));
  }
  return checkConfig(value, path.dirname(path.resolve(file)));
}

export function checkConfig(value: unknown, folder: string): ConfigRead {
  const read = configSchema.safeParse(value);
  if (!read.success) return faults(...faultsIn(read.error.issues, configSchema, value));
  const { data } = read;
  if (data.sound === null && data.screen === null) {
    return faults(
      faultAt(
        ['sound'],
        text(
          'loa và bảng không thể cùng là null',
          'and screen cannot both be null: there would be nothing to do',
        ),
      ),
    );
  }
  if (data.sound === null && captureOf(data) !== null) {
    return faults(
      faultAt(
        ['tuner', 'source', 'capture'],
        text(
          'cần có sound: chính trình phát phát ngõ vào này',
          'wants sound: it is the player that plays this input',
        ),
      ),
    );
  }
  return { ok: true, config: absolute(data, folder) };
}

const faults = (...found: readonly Text[]): ConfigRead => ({ ok: false, faults: found });

function readText(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause) return null;
    throw cause;
  }
}

function absolute(read: z.output<typeof configSchema>, folder: string): Config {
  const at = (place: string): string => path.resolve(folder, place);
  const runtimeFolder = at(read.runtimeFolder);
  return {
    ...read,
    trustFile: at(read.trustFile),
    stateFolder: at(read.stateFolder),
    copyFolder: at(read.copyFolder),
    keyFolder: at(read.keyFolder),
    mediaFolder: at(read.mediaFolder),
    runtimeFolder,
    playerFolder: read.playerFolder === null ? null : at(read.playerFolder),
    bleSocket: read.bleSocket === null ? null : at(read.bleSocket),
    clockSocket: read.clockSocket === null ? null : at(read.clockSocket),
    localSocket: read.localSocket === undefined ? path.join(runtimeFolder, 'loa.sock') : at(read.localSocket),
  };
}
