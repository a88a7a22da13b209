/**
 * TEA5767: 76–108 MHz, without RDS and volume. Five bytes out, five in, as Linux (drivers/media/tuners/tea5767.c),
 * Rockbox (tea5767.c) and mathertel/Radio agree on, with page 16 of data sheet TEA5767HN Rev 04 (2006).
 *
 * | byte | written | read |
 * |---|---|---|
 * | 1 | 7 muted, 6 search, 5:0 divider high | 7 ready, 6 band limit, 5:0 divider high |
 * | 2 | divider low | divider low |
 * | 3 | 7 search up, 6:5 stop level (10: mid), 4 oscillator above | 7 stereo, 6:0 IF counter |
 * | 4 | 6 standby, 5 band from 76 MHz, 4 crystal of 32,768 Hz, 3 soft mute, 1 stereo noise cancelling | 7:4 level, 3:1 chip id 0 |
 * | 5 | 6 de-emphasis 75 µs, 7 reference of 6.5 MHz | 0 |
 */
import type { Bus, Pace } from '../bus/seam.ts';
import { ChipFault, awaitDone, mhz, seekWaits, tuneWaits } from './chip.ts';
import type { Chip, ChipKind, Look } from './chip.ts';

const address = 0x60;
const muted = 0x80;
const search = 0x40;
const upward = 0x80;
const midLevel = 0x40;
const oscillatorAbove = 0x10;
const standby = 0x40;
const lowBand = 0x20;
const crystal = 0x10;
const softMuteAndNoise = 0x0a;
const [crystalHz, intermediateHz] = [32_768, 225_000];
const [startKhz, usualStartKhz, endKhz] = [76_000, 87_500, 108_000];
const stepKhz = 100;

/** Oscillator above the station: 4 · (f + 225 kHz) / 32,768 Hz, to the nearest. */
const dividerOf = (frequencyKhz: number): number =>
  Math.round((4 * (frequencyKhz * 1000 + intermediateHz)) / crystalHz);
const frequencyOf = (divider: number): number =>
  Math.round(((divider * crystalHz) / 4 - intermediateHz) / 1000 / stepKhz) * stepKhz;
const dividerIn = (bytes: Uint8Array): number => (((bytes[0] ?? 0) & 0x3f) << 8) | (bytes[1] ?? 0);

export const tea5767: ChipKind = {
  name: 'TEA5767',
  refuses: (khz) => (khz < startKhz || khz > endKhz ? `a TEA5767 does not reach ${mhz(khz)}` : null),
  lookMs: 500,
  make: (bus, pace) => new Tea5767(bus, pace),
};

class Tea5767 implements Chip {
  readonly #bus: Bus;
  readonly #pace: Pace;
  #frequencyKhz = usualStartKhz;
  /** After a search it stands where it found the station, and not where the divider was set. */
  #divider = 0;
  #mute = muted;

  constructor(bus: Bus, pace: Pace) {
    this.#bus = bus;
    this.#pace = pace;
  }

  async start(): Promise<void> {
    identify(await this.#read());
    this.#mute = muted;
    this.#frequencyKhz = usualStartKhz;
    await this.#write(0, 0, 0);
  }

  async tune(frequencyKhz: number): Promise<void> {
    this.#frequencyKhz = frequencyKhz;
    await this.#write(0, 0, 0);
    const isDone = async (): Promise<boolean> => {
      const bytes = await this.#read();
      return ((bytes[0] ?? 0) & 0x80) !== 0 && dividerIn(bytes) === this.#divider;
    };
    await awaitDone(this.#pace, tuneWaits, isDone, 'tuning');
  }

  /** The search begins where the divider stands: one step beyond the present station. */
  async seek(direction: 'up' | 'down'): Promise<number | null> {
    this.#frequencyKhz += direction === 'up' ? stepKhz : -stepKhz;
    await this.#write(search, direction === 'up' ? upward : 0, 0);
    let bytes = new Uint8Array(5);
    const isDone = async (): Promise<boolean> => {
      bytes = Uint8Array.from(await this.#read());
      return ((bytes[0] ?? 0) & 0x80) !== 0;
    };
    await awaitDone(this.#pace, seekWaits, isDone, 'seeking');
    const isAtLimit = ((bytes[0] ?? 0) & 0x40) !== 0;
    return isAtLimit ? null : frequencyOf(dividerIn(bytes));
  }

  async mute(mute: boolean): Promise<void> {
    this.#mute = mute ? muted : 0;
    await this.#write(0, 0, 0);
  }

  setVolume(): Promise<void> {
    return Promise.resolve();
  }

  async look(): Promise<Look> {
    const bytes = await this.#read();
    if (dividerIn(bytes) !== this.#divider) throw new ChipFault('the chip has left its frequency');
    return {
      // The sheet gives the level 16 steps without a unit; Rockbox reads them as 10 + 3 dBµV each.
      rssiDbuv: 10 + 3 * ((bytes[3] ?? 0) >> 4),
      stereo: ((bytes[2] ?? 0) & 0x80) !== 0,
      group: null,
    };
  }

  /** It cannot be asked for more than its divider, which every look compares. */
  async check(): Promise<void> {
    identify(await this.#read());
  }

  async stop(): Promise<void> {
    this.#mute = muted;
    await this.#write(0, 0, standby);
  }

  async #write(first: number, third: number, fourth: number): Promise<void> {
    this.#divider = dividerOf(this.#frequencyKhz);
    const band = this.#frequencyKhz < usualStartKhz ? lowBand : 0;
    await this.#bus.write(
      address,
      Uint8Array.of(
        this.#mute | first | (this.#divider >> 8),
        this.#divider & 255,
        third | midLevel | oscillatorAbove,
        fourth | band | crystal | softMuteAndNoise,
        0,
      ),
    );
  }

  #read(): Promise<Uint8Array> {
    return this.#bus.read(address, 5);
  }
}

/** Linux tells it from others by the same signs: id 0, last byte 0, and not five times the same byte. */
function identify(bytes: Uint8Array): void {
  const [first = 0, , , fourth = 0, fifth = 0] = bytes;
  const isUniform = bytes.every((byte) => byte === first);
  if (isUniform || (fourth & 0x0f) !== 0 || fifth !== 0) {
    const said = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
    throw new ChipFault(`the chip at 0x60 is no TEA5767: it says ${said}`);
  }
}
