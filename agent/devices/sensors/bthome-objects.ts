/**
 * The public table of BTHome v2 objects: what each id means, how many bytes it has, and by what they are multiplied.
 * Source: https://bthome.io/format (home-assistant/bthome.io, src/format.html), and where that page is older than its
 * reference decoder (0x5f to 0x64), Bluetooth-Devices/bthome-ble, src/bthome_ble/const.py.
 */

export type BthomeObject = {
  readonly name: string;
  /** Null: the next byte says how many. */
  readonly sizeBytes: number | null;
  readonly signed: boolean;
  readonly factor: number;
};

type Row = readonly [id: number, name: string, sizeBytes: number, factor?: number];

const unsigned: readonly Row[] = [
  [0x00, 'packet', 1],
  [0x01, 'battery', 1],
  [0x03, 'humidity', 2, 0.01],
  [0x04, 'pressure', 3, 0.01],
  [0x05, 'illuminance', 3, 0.01],
  [0x06, 'mass-kg', 2, 0.01],
  [0x07, 'mass-lb', 2, 0.01],
  [0x09, 'count', 1],
  [0x0a, 'energy', 3, 0.001],
  [0x0b, 'power', 3, 0.01],
  [0x0c, 'voltage', 2, 0.001],
  [0x0d, 'pm2.5', 2],
  [0x0e, 'pm10', 2],
  [0x12, 'co2', 2],
  [0x13, 'tvoc', 2],
  [0x14, 'moisture', 2, 0.01],
  [0x2e, 'humidity', 1],
  [0x2f, 'moisture', 1],
  [0x3a, 'button', 1],
  [0x3c, 'dimmer', 2],
  [0x3d, 'count', 2],
  [0x3e, 'count', 4],
  [0x40, 'distance-mm', 2],
  [0x41, 'distance-m', 2, 0.1],
  [0x42, 'duration', 3, 0.001],
  [0x43, 'current', 2, 0.001],
  [0x44, 'speed', 2, 0.01],
  [0x46, 'uv-index', 1, 0.1],
  [0x47, 'volume', 2, 0.1],
  [0x48, 'volume-ml', 2],
  [0x49, 'volume-flow', 2, 0.001],
  [0x4a, 'voltage', 2, 0.1],
  [0x4b, 'gas-volume', 3, 0.001],
  [0x4c, 'gas-volume', 4, 0.001],
  [0x4d, 'energy', 4, 0.001],
  [0x4e, 'volume', 4, 0.001],
  [0x4f, 'water', 4, 0.001],
  [0x50, 'timestamp', 4],
  [0x51, 'acceleration', 2, 0.001],
  [0x52, 'gyroscope', 2, 0.001],
  [0x55, 'volume-storage', 4, 0.001],
  [0x56, 'conductivity', 2],
  [0x5e, 'direction', 2, 0.01],
  [0x5f, 'precipitation', 2, 0.1],
  [0x60, 'channel', 1],
  [0x61, 'rotational-speed', 2],
  [0x64, 'light-level', 1],
  [0xf0, 'device-type', 2],
  [0xf1, 'firmware', 4],
  [0xf2, 'firmware', 3],
];

const signed: readonly Row[] = [
  [0x02, 'temperature', 2, 0.01],
  [0x08, 'dewpoint', 2, 0.01],
  [0x3f, 'rotation', 2, 0.1],
  [0x45, 'temperature', 2, 0.1],
  [0x57, 'temperature', 1],
  [0x58, 'temperature', 1, 0.35],
  [0x59, 'count', 1],
  [0x5a, 'count', 2],
  [0x5b, 'count', 4],
  [0x5c, 'power', 4, 0.01],
  [0x5d, 'current', 2, 0.001],
  [0x62, 'speed', 4, 0.000001],
  [0x63, 'acceleration', 4, 0.000001],
];

/** One byte each: 1 for on, 0 for off. */
const binary: readonly (readonly [id: number, name: string])[] = [
  [0x0f, 'generic-on'],
  [0x10, 'power-on'],
  [0x11, 'opening-open'],
  [0x15, 'battery-low'],
  [0x16, 'battery-charging'],
  [0x17, 'carbon-monoxide'],
  [0x18, 'cold'],
  [0x19, 'connected'],
  [0x1a, 'door-open'],
  [0x1b, 'garage-door-open'],
  [0x1c, 'gas'],
  [0x1d, 'hot'],
  [0x1e, 'light'],
  [0x1f, 'unlocked'],
  [0x20, 'wet'],
  [0x21, 'motion'],
  [0x22, 'moving'],
  [0x23, 'occupied'],
  [0x24, 'plugged'],
  [0x25, 'present'],
  [0x26, 'problem'],
  [0x27, 'running'],
  [0x28, 'unsafe'],
  [0x29, 'smoke'],
  [0x2a, 'sound'],
  [0x2b, 'tampered'],
  [0x2c, 'vibration'],
  [0x2d, 'window-open'],
];

const numbers = (rows: readonly Row[], isSigned: boolean) =>
  rows.map(
    ([id, name, sizeBytes, factor = 1]) => [id, { name, sizeBytes, signed: isSigned, factor }] as const,
  );

export const bthomeObjects: ReadonlyMap<number, BthomeObject> = new Map<number, BthomeObject>([
  ...numbers(unsigned, false),
  ...numbers(signed, true),
  ...numbers(
    binary.map(([id, name]) => [id, name, 1] as const),
    false,
  ),
  [0x53, { name: 'text', sizeBytes: null, signed: false, factor: 1 }],
  [0x54, { name: 'raw', sizeBytes: null, signed: false, factor: 1 }],
]);
