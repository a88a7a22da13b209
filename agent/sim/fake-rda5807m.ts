/**
 * An RDA5807M byte by byte, as data sheet RDA5807FP Rev 1.2 has it and the drivers found it: two
 * addresses, registers behind 06 locked, a seek that every write with its bit begins again and that a look disturbs.
 */
import type { Pace } from '../devices/bus/seam.ts';
import type { FakeAir } from './fake-air.ts';
import type { FakeChip } from './fake-i2c-bus.ts';

const named = 0x11;
/** Rockbox found that a sequential read begins again after 3F, and not after 3A as the sheet says. */
const lastRegister = 0x3f;
const tuneMs = 40;
const seekStepMs = 20;
const spacings = [100, 200, 50, 25] as const;
const defaults: Readonly<Record<number, number>> = { 0: 0x5804, 4: 0x0200, 5: 0x888f, 7: 0x4202 };

export class FakeRda5807m implements FakeChip {
  readonly addresses = [0x10, named] as const;
  readonly #air: FakeAir;
  readonly #pace: Pace;
  #registers: number[] = [];
  #pointer = 0;
  #channel = 0;
  #isDone = false;
  #hasFailed = false;
  #doneUpMs = Infinity;
  #target = 0;
  #isSeeking = false;
  /** It never says that it is done. */
  isStalled = false;
  seeks = 0;

  constructor(air: FakeAir, pace: Pace) {
    this.#air = air;
    this.#pace = pace;
    this.reset();
  }

  /** As after a dip of the supply: silent, and all settings lost. */
  reset(): void {
    this.#registers = Array.from({ length: 16 }, (_, index) => defaults[index] ?? 0);
    [this.#isDone, this.#hasFailed, this.#isSeeking] = [false, false, false];
    [this.#channel, this.#doneUpMs] = [0, Infinity];
  }

  /** What somebody with an ear hears. */
  get heard(): { readonly frequencyKhz: number; readonly volume: number } | null {
    const control = this.#register(2);
    const isLoud = (control & 0xc001) === 0xc001;
    return isLoud ? { frequencyKhz: this.#frequencyOf(this.#channel), volume: this.#register(5) & 15 } : null;
  }

  write(address: number, bytes: Uint8Array): void {
    this.#advance();
    this.#pointer = address === named ? (bytes[0] ?? 0) : 2;
    for (let at = address === named ? 1 : 0; at + 1 < bytes.length; at += 2) {
      this.#set(this.#pointer++, ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0));
    }
  }

  read(address: number, sizeBytes: number, register: number | null): Uint8Array {
    this.#advance();
    if (this.#isSeeking) this.#target += 1;
    let at = address === named ? (register ?? this.#pointer) : 0x0a;
    const bytes: number[] = [];
    for (; bytes.length < sizeBytes; at = at === lastRegister ? 0 : at + 1) {
      const word = this.#register(at);
      bytes.push(word >> 8, word & 255);
    }
    return Uint8Array.from(bytes.slice(0, sizeBytes));
  }

  #set(register: number, word: number): void {
    if (register < 2 || register > 8) return;
    if (register > 6 && (this.#register(6) & 0x6000) !== 0x6000) return;
    if (register === 2 && (word & 2) !== 0) this.reset();
    this.#registers[register] = register === 2 ? word & ~2 : word;
    if (!this.#isOn) return;
    if (register === 3 && (word & 0x10) !== 0) this.#begin(word >> 6, tuneMs);
    if (register === 2 && (word & 0x0100) !== 0) this.#seek((word & 0x0200) !== 0);
  }

  #seek(isUp: boolean): void {
    this.seeks += 1;
    const stepKhz = this.#stepKhz;
    const found = this.#air.next({
      fromKhz: this.#frequencyOf(this.#channel),
      stepKhz: isUp ? stepKhz : -stepKhz,
      band: this.#bandKhz,
      leastDbuv: 30,
    });
    const channel = found === null ? this.#channel : (found.frequencyKhz - this.#bandKhz[0]) / stepKhz;
    this.#begin(channel, (found?.steps ?? 200) * seekStepMs);
    this.#isSeeking = true;
    this.#hasFailed = found === null;
  }

  #begin(channel: number, ms: number): void {
    this.#target = channel;
    this.#isDone = false;
    this.#hasFailed = false;
    this.#doneUpMs = this.isStalled ? Infinity : this.#pace.upMs() + ms;
  }

  #advance(): void {
    if (this.#pace.upMs() < this.#doneUpMs) return;
    this.#doneUpMs = Infinity;
    this.#channel = this.#target;
    this.#isDone = true;
    this.#isSeeking = false;
    this.#registers[2] = this.#register(2) & ~0x0100;
    this.#registers[3] = this.#register(3) & ~0x0010;
  }

  get #isOn(): boolean {
    return (this.#register(2) & 1) !== 0;
  }

  get #stepKhz(): number {
    return spacings[this.#register(3) & 3] ?? 100;
  }

  get #bandKhz(): readonly [number, number] {
    const low = (this.#register(7) & 0x0200) === 0 ? 50_000 : 65_000;
    const bands = [[87_000, 108_000] as const, [76_000, 91_000] as const, [76_000, 108_000] as const];
    return bands[(this.#register(3) >> 2) & 3] ?? [low, 76_000];
  }

  #frequencyOf(channel: number): number {
    return this.#bandKhz[0] + channel * this.#stepKhz;
  }

  #register(register: number): number {
    if (register < 0x0a || register > 0x0f) return this.#registers[register] ?? 0;
    if (!this.#isOn) return 0;
    const frequencyKhz = this.#frequencyOf(this.#channel);
    const rssi = this.#air.rssiDbuv(frequencyKhz);
    const rds = (this.#register(2) & 8) === 0 ? null : this.#air.group(frequencyKhz, this.#pace.upMs());
    const ready = this.#isDone && rds !== null ? rds.group : null;
    const [a = 0, b = 0] = ready?.errors ?? [];
    const done = (this.#isDone ? 0x4000 : 0) | (this.#hasFailed ? 0x2000 : 0);
    if (register === 0x0a)
      return (ready === null ? 0 : 0x8000) | done | (rssi > 30 ? 0x0400 : 0) | this.#channel;
    if (register === 0x0b) return (rssi << 9) | (rssi > 30 ? 0x0100 : 0) | 0x80 | (a << 2) | b;
    return ready?.words[register - 0x0c] ?? 0;
  }
}
