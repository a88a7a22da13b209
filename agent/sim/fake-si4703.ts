/**
 * An Si4703 byte by byte, as data sheet Si4702/03-C19 and its drivers have it: an oscillator that wants half a second, a
 * power-up of 110 ms, "done" that must be taken back before the next command, and a seek that a look disturbs.
 */
import type { Pace } from '../devices/bus/seam.ts';
import type { FakeAir } from './fake-air.ts';
import type { FakeChip } from './fake-i2c-bus.ts';

const [oscillatorMs, powerUpMs, tuneMs, seekStepMs, groupStandsMs] = [500, 110, 60, 40, 40];
const spacings = [200, 100, 50] as const;
const baseKhz = 76_000;

export class FakeSi4703 implements FakeChip {
  readonly addresses = [0x10] as const;
  readonly #air: FakeAir;
  readonly #pace: Pace;
  readonly #rdsModel: boolean;
  #registers: number[] = [];
  #oscillatorUpMs = Infinity;
  #readyUpMs = Infinity;
  #channel = 0;
  #target = 0;
  #isDone = false;
  #hasFailed = false;
  #isSeeking = false;
  #doneUpMs = Infinity;
  isStalled = false;
  seeks = 0;

  /** Without RDS it is an Si4702. */
  constructor(air: FakeAir, pace: Pace, rdsModel = true) {
    this.#air = air;
    this.#pace = pace;
    this.#rdsModel = rdsModel;
    this.reset();
  }

  /** As after a dip of the supply: off, and all settings lost. */
  reset(): void {
    this.#registers = Array.from({ length: 16 }, (_, index) => (index === 7 ? 0x0100 : 0));
    [this.#oscillatorUpMs, this.#readyUpMs, this.#doneUpMs] = [Infinity, Infinity, Infinity];
    [this.#isDone, this.#hasFailed, this.#isSeeking, this.#channel] = [false, false, false, 0];
  }

  get heard(): { readonly frequencyKhz: number; readonly volume: number } | null {
    const isLoud = this.#isReady && ((this.#registers[2] ?? 0) & 0x4000) !== 0;
    return isLoud
      ? { frequencyKhz: this.#frequencyOf(this.#channel), volume: (this.#registers[5] ?? 0) & 15 }
      : null;
  }

  write(_: number, bytes: Uint8Array): void {
    this.#advance();
    for (let at = 0; at + 1 < bytes.length; at += 2) {
      this.#set(2 + at / 2, ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0));
    }
  }

  read(_: number, sizeBytes: number): Uint8Array {
    this.#advance();
    if (this.#isSeeking) this.#target += 1;
    const bytes: number[] = [];
    for (let at = 0; bytes.length < sizeBytes; at++) {
      const word = this.#register((0x0a + at) & 15);
      bytes.push(word >> 8, word & 255);
    }
    return Uint8Array.from(bytes.slice(0, sizeBytes));
  }

  #set(register: number, word: number): void {
    if (register > 7) return;
    const before = this.#registers[register] ?? 0;
    this.#registers[register] = word;
    if (register === 7 && ((word ^ before) & 0x8000) !== 0) {
      this.#oscillatorUpMs = (word & 0x8000) === 0 ? Infinity : this.#pace.upMs();
    }
    if (register === 2) this.#power(word, before);
    if (!this.#isReady) return;
    const isAsked = (register === 3 && (word & 0x8000) !== 0) || (register === 2 && (word & 0x0100) !== 0);
    if (isAsked && !this.#isDone) this.#begin(register === 2, (word & 0x0200) !== 0);
    if (((this.#registers[3] ?? 0) & 0x8000) === 0 && ((this.#registers[2] ?? 0) & 0x0100) === 0) {
      [this.#isDone, this.#hasFailed, this.#doneUpMs, this.#isSeeking] = [false, false, Infinity, false];
    }
  }

  #power(word: number, before: number): void {
    if ((word & 0x41) === 0x41) this.reset();
    else if ((word & ~before & 1) !== 0) {
      const isRunning = this.#pace.upMs() - this.#oscillatorUpMs >= oscillatorMs;
      this.#readyUpMs = isRunning ? this.#pace.upMs() + powerUpMs : Infinity;
    } else if ((before & ~word & 1) !== 0) {
      // The sheet knows no other way off than both bits: what this does is nobody's promise.
      [this.#readyUpMs, this.#oscillatorUpMs] = [Infinity, Infinity];
    }
  }

  #begin(isSeek: boolean, isUp: boolean): void {
    if (!isSeek) {
      this.#start((this.#registers[3] ?? 0) & 0x03ff, tuneMs);
      return;
    }
    this.seeks += 1;
    const stepKhz = this.#stepKhz;
    const found = this.#air.next({
      fromKhz: this.#frequencyOf(this.#channel),
      stepKhz: isUp ? stepKhz : -stepKhz,
      band: [baseKhz, 108_000],
      leastDbuv: (this.#registers[5] ?? 0) >> 8,
    });
    const channel = found === null ? this.#channel : (found.frequencyKhz - baseKhz) / stepKhz;
    this.#start(channel, (found?.steps ?? 320) * seekStepMs);
    this.#isSeeking = true;
    this.#hasFailed = found === null;
  }

  #start(channel: number, ms: number): void {
    this.#target = channel;
    this.#doneUpMs = this.isStalled ? Infinity : this.#pace.upMs() + ms;
  }

  #advance(): void {
    if (this.#pace.upMs() < this.#doneUpMs) return;
    [this.#channel, this.#isDone, this.#isSeeking, this.#doneUpMs] = [this.#target, true, false, Infinity];
  }

  get #isReady(): boolean {
    return this.#pace.upMs() >= this.#readyUpMs;
  }

  get #stepKhz(): number {
    return spacings[((this.#registers[5] ?? 0) >> 4) & 3] ?? 50;
  }

  #frequencyOf(channel: number): number {
    return baseKhz + channel * this.#stepKhz;
  }

  #register(register: number): number {
    if (register === 0) return 0x1242;
    if (register === 1) return (this.#isReady ? 0x1053 : 0x1000) | (this.#rdsModel ? 0x0200 : 0);
    if (register < 0x0a) return this.#registers[register] ?? 0;
    if (!this.#isReady) return 0;
    const frequencyKhz = this.#frequencyOf(this.#channel);
    const rssi = Math.min(75, this.#air.rssiDbuv(frequencyKhz));
    const rds =
      ((this.#registers[4] ?? 0) & 0x1000) === 0 ? null : this.#air.group(frequencyKhz, this.#pace.upMs());
    const isVerbose = ((this.#registers[2] ?? 0) & 0x0800) !== 0;
    const [a = 0, b = 0, c = 0, d = 0] = isVerbose ? (rds?.group.errors ?? []) : [];
    const ready = rds !== null && rds.ageMs < groupStandsMs ? 0x8000 : 0;
    const done = (this.#isDone ? 0x4000 : 0) | (this.#hasFailed ? 0x2000 : 0);
    if (register === 0x0a) return ready | done | (a << 9) | (rssi > 30 ? 0x0100 : 0) | rssi;
    if (register === 0x0b) return (b << 14) | (c << 12) | (d << 10) | this.#channel;
    return rds?.group.words[register - 0x0c] ?? 0;
  }
}
