/** A TEA5767 byte by byte, as data sheet TEA5767HN Rev 04 and its drivers have it: five bytes out, five in, no RDS, no volume. */
import type { Pace } from '../devices/bus/seam.ts';
import type { FakeAir } from './fake-air.ts';
import type { FakeChip } from './fake-i2c-bus.ts';

const [tuneMs, searchStepMs, stepKhz] = [30, 10, 100];
const [crystalHz, intermediateHz] = [32_768, 225_000];

export class FakeTea5767 implements FakeChip {
  readonly addresses = [0x60] as const;
  readonly #air: FakeAir;
  readonly #pace: Pace;
  #written: Uint8Array = new Uint8Array(5);
  #divider = 0;
  #target = 0;
  #isAtLimit = false;
  #doneUpMs = Infinity;
  isStalled = false;
  seeks = 0;

  constructor(air: FakeAir, pace: Pace) {
    this.#air = air;
    this.#pace = pace;
    this.reset();
  }

  /** As after a dip of the supply: muted, and tuned to nothing. */
  reset(): void {
    this.#written = Uint8Array.of(0x80, 0, 0, 0, 0);
    [this.#divider, this.#target, this.#isAtLimit, this.#doneUpMs] = [0, 0, false, Infinity];
  }

  get heard(): { readonly frequencyKhz: number } | null {
    const [first = 0, , , fourth = 0] = this.#written;
    const isSilent = (first & 0x80) !== 0 || (fourth & 0x40) !== 0;
    return isSilent ? null : { frequencyKhz: this.#frequencyKhz };
  }

  write(_: number, bytes: Uint8Array): void {
    this.#written = Uint8Array.from(bytes);
    const [first = 0, second = 0, third = 0] = bytes;
    this.#isAtLimit = false;
    this.#divider = ((first & 0x3f) << 8) | second;
    this.#target = this.#divider;
    let ms = tuneMs;
    if ((first & 0x40) !== 0) {
      this.seeks += 1;
      const found = this.#search((third & 0x80) !== 0);
      this.#isAtLimit = found === null;
      if (found !== null) this.#target = dividerOf(found.frequencyKhz, this.#isAbove);
      ms = (found?.steps ?? 200) * searchStepMs;
    }
    this.#doneUpMs = this.isStalled ? Infinity : this.#pace.upMs() + ms;
  }

  read(_: number, sizeBytes: number): Uint8Array {
    const isReady = this.#pace.upMs() >= this.#doneUpMs;
    if (isReady) this.#divider = this.#target;
    const rssi = this.#air.rssiDbuv(this.#frequencyKhz);
    const level = Math.min(15, Math.max(0, Math.round((rssi - 10) / 3)));
    const first = (isReady ? 0x80 : 0) | (isReady && this.#isAtLimit ? 0x40 : 0) | (this.#divider >> 8);
    const third = (rssi > 30 ? 0x80 : 0) | 0x36;
    return Uint8Array.of(first, this.#divider & 255, third, level << 4, 0).subarray(0, sizeBytes);
  }

  #search(isUp: boolean): { readonly frequencyKhz: number; readonly steps: number } | null {
    const fromKhz = Math.round(this.#frequencyKhz / stepKhz) * stepKhz - (isUp ? stepKhz : -stepKhz);
    const band = [76_000, 108_000] as const;
    const found = this.#air.next({ fromKhz, stepKhz: isUp ? stepKhz : -stepKhz, band, leastDbuv: 31 });
    const isBeyond = found !== null && (isUp ? found.frequencyKhz < fromKhz : found.frequencyKhz > fromKhz);
    return isBeyond ? null : found;
  }

  get #isAbove(): boolean {
    return ((this.#written[2] ?? 0) & 0x10) !== 0;
  }

  get #frequencyKhz(): number {
    const hz = (this.#divider * crystalHz) / 4 + (this.#isAbove ? -intermediateHz : intermediateHz);
    return Math.round(hz / 1000 / stepKhz) * stepKhz;
  }
}

const dividerOf = (frequencyKhz: number, isAbove: boolean): number =>
  Math.round((4 * (frequencyKhz * 1000 + (isAbove ? intermediateHz : -intermediateHz))) / crystalHz);
