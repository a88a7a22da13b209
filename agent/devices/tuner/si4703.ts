/**
 * Si4703: 76–108 MHz with RDS. Registers and bits as Linux (drivers/media/radio/si470x), Rockbox (si4700.c) and
 * mathertel/Radio agree on, with pages 16 and 25 of data sheet Si4702/03-C19 Rev 1.1; power-up (AN230) and the SNR of a
 * seek as mathertel/Radio has them, the level of a seek as Linux.
 * Its RST line must have been released with SDIO low, or it does not speak I2C: that is the board's business.
 *
 * | register | bits used |
 * |---|---|
 * | 00 | 15:12 part 1, 11:0 maker 242 |
 * | 01 | 9:6 device: 1000 Si4703 before power-up, 1001 after, 000x Si4702 without RDS |
 * | 02 | 14 not muted, 11 RDS with error bits, 9 seek up, 8 seek, 6 off, 0 on |
 * | 03 | 15 tune, 9:0 channel |
 * | 04 | 12 RDS, 11 de-emphasis 50 µs |
 * | 05 | 15:8 seek threshold, 7:6 band (01: 76–108 MHz), 5:4 spacing, 3:0 volume |
 * | 06 | 7:4 and 3:0 seek by SNR and by impulses |
 * | 07 | 15 oscillator; the rest as AN230 has it |
 * | 0A | 15 group ready (40 ms), 14 done, 13 seek failed, 10:9 errors of block A, 8 stereo, 7:0 RSSI in dBµV |
 * | 0B | 15:14, 13:12, 11:10 errors of blocks B, C, D; 9:0 channel |
 * | 0C–0F | blocks A–D |
 */
import type { Bus, Pace } from '../bus/seam.ts';
import { ChipFault, awaitDone, bytesOf, errorsOf, hex, mhz, seekWaits, tuneWaits, wordAt } from './chip.ts';
import type { Chip, ChipKind, Look } from './chip.ts';

const address = 0x10;
/** A read begins with register 0A, goes on after 0F with 00 and takes 32 bytes for all. */
const places = { status: 0, channel: 1, blockA: 2, deviceId: 6, chipId: 7, power: 8 } as const;
const on = 0x0001;
const off = 0x0041;
const running = 0x0800 | on;
const unmuted = 0x4000;
const seekUp = 0x0300;
const seekDown = 0x0100;
const tuneBit = 0x8000;
const settings04 = 0x1800;
const wideBand = 0x1f40;
const settings06 = 0x0033;
const oscillator = 0x8100;
const [oscillatorMs, powerUpMs] = [500, 110];
const [baseKhz, endKhz] = [76_000, 108_000];
const spacings = [
  { bits: 0x10, khz: 100 },
  { bits: 0x20, khz: 50 },
] as const;

type Place = { readonly spacing: (typeof spacings)[number]; readonly channel: number };

function placeOf(frequencyKhz: number): Place | null {
  const spacing = spacings.find(({ khz }) => frequencyKhz % khz === 0);
  if (spacing === undefined || frequencyKhz < baseKhz || frequencyKhz > endKhz) return null;
  return { spacing, channel: (frequencyKhz - baseKhz) / spacing.khz };
}

export const si4703: ChipKind = {
  name: 'Si4703',
  refuses: (khz) => (placeOf(khz) === null ? `an Si4703 has no channel at ${mhz(khz)}` : null),
  lookMs: 35,
  make: (bus, pace) => new Si4703(bus, pace),
};

class Si4703 implements Chip {
  readonly #bus: Bus;
  readonly #pace: Pace;
  #power = running;
  #volume = 15;
  #place: Place | null = null;

  constructor(bus: Bus, pace: Pace) {
    this.#bus = bus;
    this.#pace = pace;
  }

  async start(): Promise<void> {
    const found = await this.#read(32);
    identify(found);
    this.#power = running;
    this.#place = null;
    // Left running by whoever was here before us: it is only enabled from off.
    if ((wordAt(found, places.power) & on) !== 0) await this.#bus.write(address, bytesOf([off]));
    await this.#bus.write(address, bytesOf([0, 0, 0, 0, 0, oscillator]));
    await this.#pace.wait(oscillatorMs);
    await this.#bus.write(address, bytesOf([on]));
    await this.#pace.wait(powerUpMs);
    await this.#writeAll(running, 0);
  }

  async tune(frequencyKhz: number): Promise<void> {
    const place = placeOf(frequencyKhz);
    if (place === null) throw new ChipFault(`no channel at ${mhz(frequencyKhz)}`);
    this.#place = place;
    await this.#writeAll(this.#power, tuneBit | place.channel);
    const isDone = async (): Promise<boolean> => {
      const bytes = await this.#read(4);
      return isComplete(bytes) && channelIn(bytes) === place.channel;
    };
    await awaitDone(this.#pace, tuneWaits, isDone, 'tuning');
    await this.#writeAll(this.#power, place.channel);
    await this.#awaitCleared();
  }

  /** The seek bit goes out once and is never kept: any later write would begin another seek. */
  async seek(direction: 'up' | 'down'): Promise<number | null> {
    const place = this.#place;
    if (place === null) throw new ChipFault('cannot seek before it was tuned');
    await this.#writeAll(this.#power | (direction === 'up' ? seekUp : seekDown), place.channel);
    let bytes = new Uint8Array(4);
    const isDone = async (): Promise<boolean> => {
      bytes = Uint8Array.from(await this.#read(4));
      return isComplete(bytes);
    };
    await awaitDone(this.#pace, seekWaits, isDone, 'seeking');
    await this.#writeAll(this.#power, place.channel);
    await this.#awaitCleared();
    const hasFailed = (wordAt(bytes, places.status) & 0x2000) !== 0;
    return hasFailed ? null : baseKhz + channelIn(bytes) * place.spacing.khz;
  }

  async mute(mute: boolean): Promise<void> {
    const power = mute ? this.#power & ~unmuted : this.#power | unmuted;
    await this.#bus.write(address, bytesOf([power]));
    this.#power = power;
  }

  async setVolume(level: number): Promise<void> {
    this.#volume = level;
    await this.#writeAll(this.#power, this.#place?.channel ?? 0);
  }

  async look(): Promise<Look> {
    const bytes = await this.#read(12);
    const [status, channel] = [wordAt(bytes, places.status), wordAt(bytes, places.channel)];
    if (channelIn(bytes) !== this.#place?.channel) throw new ChipFault('the chip has left its frequency');
    const block = (index: number, bits: number) => ({
      word: wordAt(bytes, places.blockA + index),
      errors: errorsOf(bits),
    });
    const group = [
      block(0, status >> 9),
      block(1, channel >> 14),
      block(2, channel >> 12),
      block(3, channel >> 10),
    ] as const;
    return {
      rssiDbuv: status & 255,
      stereo: (status & 0x0100) !== 0,
      group: (status & 0x8000) === 0 ? null : group,
    };
  }

  async check(): Promise<void> {
    const power = wordAt(await this.#read(32), places.power);
    if (power !== this.#power) {
      throw new ChipFault(`the chip has lost its settings (${hex(power)}): a dip of its supply?`);
    }
  }

  async stop(): Promise<void> {
    await this.#bus.write(address, bytesOf([off]));
  }

  /** The next tune or seek may not begin before the chip has taken "done" back. */
  #awaitCleared(): Promise<void> {
    const waits = { firstMs: 5, againMs: 20, limitMs: 1_000 };
    return awaitDone(this.#pace, waits, async () => !isComplete(await this.#read(2)), 'the last command');
  }

  #writeAll(power: number, channel: number): Promise<void> {
    const settings05 = wideBand | (this.#place?.spacing.bits ?? 0x10) | this.#volume;
    return this.#bus.write(
      address,
      bytesOf([power, channel, settings04, settings05, settings06, oscillator]),
    );
  }

  #read(sizeBytes: number): Promise<Uint8Array> {
    return this.#bus.read(address, sizeBytes);
  }
}

/** At 0x10 an RDA5807M answers too. */
function identify(bytes: Uint8Array): void {
  const [id, chip] = [wordAt(bytes, places.deviceId), wordAt(bytes, places.chipId)];
  if (id !== 0x1242) throw new ChipFault(`the chip at 0x10 is no Si4703: it says ${hex(id)}`);
  if ((chip & 0x0200) === 0) throw new ChipFault('the chip at 0x10 is an Si4702: it has no RDS');
}

const isComplete = (bytes: Uint8Array): boolean => (wordAt(bytes, places.status) & 0x4000) !== 0;
const channelIn = (bytes: Uint8Array): number => wordAt(bytes, places.channel) & 0x03ff;
