/** An INA219 as the bus sees it, after its data sheet (SBOS448G): registers high byte first, conversions that take their time. */
import type { Pace } from '../devices/bus/seam.ts';
import type { FakeChip } from './fake-i2c-bus.ts';

const [configuration, shunt, bus, power, current, calibration] = [0, 1, 2, 3, 4, 5];
const conversionMs = 68.7;

export class FakeIna219 implements FakeChip {
  readonly addresses: readonly number[];
  readonly #pace: Pace;
  readonly #shuntMilliohms: number;
  #registers = new Map<number, number>();
  #pointer = 0;
  #convertingSinceUpMs = 0;
  #milliamps = 0;
  #stalledUpMs: number | null = null;

  constructor(pace: Pace, shuntMilliohms: number, address = 0x40) {
    this.#pace = pace;
    this.#shuntMilliohms = shuntMilliohms;
    this.addresses = [address];
    this.reset();
  }

  /** What flows through the shunt from now on. */
  flow(milliamps: number): void {
    this.#milliamps = milliamps;
  }

  /** No conversion ends any more; what had ended stays ready until it is read. */
  stall(isStalled: boolean): void {
    this.#stalledUpMs = isStalled ? this.#pace.upMs() : null;
  }

  /** As its supply or its reset bit does it. */
  reset(): void {
    this.#registers = new Map([[configuration, 0x399f]]);
    this.#convertingSinceUpMs = this.#pace.upMs();
  }

  write(_address: number, [pointer = 0, high, low]: Uint8Array): void {
    this.#pointer = pointer;
    if (high === undefined || low === undefined) return;
    const value = (high << 8) | low;
    if (pointer === calibration) this.#registers.set(calibration, value & 0xfffe);
    if (pointer !== configuration) return;
    if ((value & 0x8000) !== 0) this.reset();
    else this.#registers.set(configuration, value);
    this.#convertingSinceUpMs = this.#pace.upMs();
  }

  read(_address: number, sizeBytes: number, named: number | null): Uint8Array {
    this.#pointer = named ?? this.#pointer;
    const value = this.#valueOf(this.#pointer) & 0xffff;
    return Uint8Array.of(value >> 8, value & 0xff).subarray(0, sizeBytes);
  }

  #valueOf(at: number): number {
    switch (at) {
      case shunt:
        return this.#shuntBits();
      case bus:
        // 12 V in steps of 4 mV from bit 3 on.
        return (3_000 << 3) | (this.#isReady() ? 0b10 : 0) | (this.#isOverflowing() ? 0b01 : 0);
      case power:
        this.#convertingSinceUpMs = this.#pace.upMs();
        return 0;
      case current:
        return Math.trunc(this.#currentBits());
      default:
        return this.#registers.get(at) ?? 0;
    }
  }

  /** 10 µV a bit, up to the end of the range that the gain gives. */
  #shuntBits(): number {
    const limit = 4_000 << (((this.#registers.get(configuration) ?? 0) >> 11) & 0b11);
    const bits = Math.round((this.#milliamps * this.#shuntMilliohms) / 10);
    return Math.max(-limit, Math.min(limit, bits));
  }

  #currentBits(): number {
    return (this.#shuntBits() * (this.#registers.get(calibration) ?? 0)) / 4_096;
  }

  #isOverflowing(): boolean {
    return Math.abs(this.#currentBits()) > 0x7fff;
  }

  #isReady(): boolean {
    return (this.#stalledUpMs ?? this.#pace.upMs()) - this.#convertingSinceUpMs >= conversionMs;
  }
}
