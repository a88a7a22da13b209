/**
 * RDA5807M: 50–108 MHz with RDS. Registers and bits as data sheet RDA5807FP Rev 1.2 (2012) has them, read in a
 * transcript, and as pu2clr/RDA5807, mathertel/Radio and vmilea/pico_rda5807 agree on; timings, which the sheet lacks,
 * from Rockbox (rda5802.c) and pico_rda5807.
 *
 * | register | bits used |
 * |---|---|
 * | 00 | 15:8 chip id 58 |
 * | 02 | 15 audio out (not Hi-Z), 14 not muted, 9 seek up, 8 seek, 7 stop at the band's end, 3 RDS, 1 reset, 0 on |
 * | 03 | 15:6 channel, 4 tune, 3:2 band, 1:0 spacing |
 * | 04 | 11 de-emphasis 50 µs, 9 soft mute |
 * | 05 | 11:8 seek threshold, 7:6 antenna input (10: FMIN), 3:0 volume |
 * | 06 | 14:13 = 11: what lies behind this register may be written |
 * | 07 | 14:10 soft blend threshold, 9 band 3 is 65–76 MHz (else from 50), 1 soft blend |
 * | 0A | 15 group ready, 14 done, 13 seek failed, 10 stereo, 9:0 channel |
 * | 0B | 15:9 RSSI, 3:2 and 1:0 errors of blocks A and B; those of C and D are not told |
 * | 0C–0F | blocks A–D |
 */
import type { Bus, Pace } from '../bus/seam.ts';
import { ChipFault, awaitDone, bytesOf, errorsOf, hex, mhz, seekWaits, tuneWaits, wordAt } from './chip.ts';
import type { Chip, ChipKind, Look } from './chip.ts';

/** At 10 a write begins with register 02 and a read with 0A; at 11 the register is named first. */
const addresses = { sequential: 0x10, named: 0x11 } as const;
const reset = 0x0002;
const on = 0x0001;
const running = 0x8000 | 0x0008 | on;
const unmuted = 0x4000;
const seekUp = 0x0300;
const seekDown = 0x0100;
const settings04 = 0x0a00;
const settings05 = 0x0880;
const openBehind = 0x6000;
const settings07 = 0x4002;
const from65 = 0x0200;
const tuneBit = 0x0010;

/** Bases of the channel numbers. That 50 MHz is the base without `from65` is from pico_rda5807; the sheets only give 65. */
const bands = [
  { number: 0, baseKhz: 87_000, endKhz: 108_000, reg07: settings07 | from65 },
  { number: 1, baseKhz: 76_000, endKhz: 87_000, reg07: settings07 | from65 },
  { number: 3, baseKhz: 65_000, endKhz: 76_000, reg07: settings07 | from65 },
  { number: 3, baseKhz: 50_000, endKhz: 65_000, reg07: settings07 },
] as const;
type Band = (typeof bands)[number];
const spacings = [
  { number: 0, khz: 100 },
  { number: 2, khz: 50 },
  { number: 3, khz: 25 },
] as const;
type Place = { readonly band: Band; readonly spacing: (typeof spacings)[number]; readonly channel: number };

function placeOf(frequencyKhz: number): Place | null {
  const band = bands.find(({ baseKhz, endKhz }) => frequencyKhz >= baseKhz && frequencyKhz <= endKhz);
  const spacing = spacings.find(({ khz }) => frequencyKhz % khz === 0);
  if (band === undefined || spacing === undefined) return null;
  return { band, spacing, channel: (frequencyKhz - band.baseKhz) / spacing.khz };
}

export const rda5807m: ChipKind = {
  name: 'RDA5807M',
  refuses: (khz) => (placeOf(khz) === null ? `an RDA5807M has no channel at ${mhz(khz)}` : null),
  lookMs: 35,
  make: (bus, pace) => new Rda5807m(bus, pace),
};

class Rda5807m implements Chip {
  readonly #bus: Bus;
  readonly #pace: Pace;
  #control = running;
  #volume = 15;
  #place: Place | null = null;

  constructor(bus: Bus, pace: Pace) {
    this.#bus = bus;
    this.#pace = pace;
  }

  async start(): Promise<void> {
    const id = wordAt(await this.#bus.readAt(addresses.named, 0x00, 2), 0);
    if (id >> 8 !== 0x58) throw new ChipFault(`the chip at 0x11 is no RDA5807M: it says ${hex(id)}`);
    await this.#write(0x02, reset | on);
    await this.#pace.wait(10);
    this.#control = running;
    this.#place = null;
    await this.#bus.write(
      addresses.sequential,
      bytesOf([running, 0, settings04, this.#setting05(), openBehind]),
    );
    await this.#write(0x07, settings07 | from65);
    await this.#pace.wait(100);
  }

  async tune(frequencyKhz: number): Promise<void> {
    const place = placeOf(frequencyKhz);
    if (place === null) throw new ChipFault(`no channel at ${mhz(frequencyKhz)}`);
    this.#place = place;
    await this.#write(0x07, place.band.reg07);
    await this.#write(0x03, registerOf(place) | tuneBit);
    const isDone = async (): Promise<boolean> => {
      const status = await this.#status();
      return (status & 0x4000) !== 0 && (status & 0x03ff) === place.channel;
    };
    await awaitDone(this.#pace, tuneWaits, isDone, 'tuning');
  }

  /** The seek bit goes out once and is never kept: any later write would begin another seek. */
  async seek(direction: 'up' | 'down'): Promise<number | null> {
    const place = this.#place;
    if (place === null) throw new ChipFault('cannot seek before it was tuned');
    await this.#write(0x02, this.#control | (direction === 'up' ? seekUp : seekDown));
    let status = 0;
    const isDone = async (): Promise<boolean> => {
      status = await this.#status();
      return (status & 0x4000) !== 0;
    };
    await awaitDone(this.#pace, seekWaits, isDone, 'seeking');
    await this.#write(0x02, this.#control);
    const hasFailed = (status & 0x2000) !== 0;
    return hasFailed ? null : place.band.baseKhz + (status & 0x03ff) * place.spacing.khz;
  }

  async mute(mute: boolean): Promise<void> {
    const control = mute ? this.#control & ~unmuted : this.#control | unmuted;
    await this.#write(0x02, control);
    this.#control = control;
  }

  async setVolume(level: number): Promise<void> {
    this.#volume = level;
    await this.#write(0x05, this.#setting05());
  }

  async look(): Promise<Look> {
    const bytes = await this.#bus.read(addresses.sequential, 12);
    const [status, quality] = [wordAt(bytes, 0), wordAt(bytes, 1)];
    if ((status & 0x03ff) !== this.#place?.channel) throw new ChipFault('the chip has left its frequency');
    const block = (index: number, errors: 0 | 1 | 2 | 3 | null) => ({
      word: wordAt(bytes, 2 + index),
      errors,
    });
    const group = [
      block(0, errorsOf(quality >> 2)),
      block(1, errorsOf(quality)),
      block(2, null),
      block(3, null),
    ] as const;
    return {
      // The sheet says no more than that it is logarithmic; drivers and listeners read it as dBµV.
      rssiDbuv: quality >> 9,
      stereo: (status & 0x0400) !== 0,
      group: (status & 0x8000) === 0 ? null : group,
    };
  }

  async check(): Promise<void> {
    const control = wordAt(await this.#bus.readAt(addresses.named, 0x02, 2), 0);
    const kept = running | unmuted;
    if ((control & kept) !== (this.#control & kept)) {
      throw new ChipFault(`the chip has lost its settings (${hex(control)}): a dip of its supply?`);
    }
  }

  async stop(): Promise<void> {
    await this.#write(0x02, 0);
  }

  #setting05(): number {
    return settings05 | this.#volume;
  }

  async #status(): Promise<number> {
    return wordAt(await this.#bus.read(addresses.sequential, 2), 0);
  }

  #write(register: number, word: number): Promise<void> {
    return this.#bus.write(addresses.named, Uint8Array.of(register, ...bytesOf([word])));
  }
}

const registerOf = ({ band, spacing, channel }: Place): number =>
  (channel << 6) | (band.number << 2) | spacing.number;
