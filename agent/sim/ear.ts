/** Hears a stream of samples and keeps only what matters of it: when it sounded, how loud, and at which pitch. */
import type { Readable } from 'node:stream';

export type Sounding = {
  /** CLOCK_MONOTONIC of its first and last loud sample; the last is null while it still sounds. */
  readonly fromUpMs: number;
  readonly toUpMs: number | null;
  /** Exact to the sample, whatever the clock says. */
  readonly lengthMs: number;
  /** Rising zero crossings a second in its first 100 ms. */
  readonly startHz: number;
  /** Highest sample, of 32,768. */
  readonly peak: number;
};

type Burst = { first: number; last: number; crossings: number; peak: number };

const startSampleMs = 100;
/** Older bursts are forgotten: an ear may listen for weeks. */
const keep = 10_000;

export class Ear {
  readonly #perMs: number;
  readonly #threshold: number;
  readonly #silence: number;
  readonly #bursts: Burst[] = [];
  #heard = 0;
  #previous = 0;
  #rest: Buffer = Buffer.alloc(0);
  /** Uptime of sample 0 by the block that was delayed least. */
  #zeroUpMs = Infinity;

  /** Mono 16 bit. Samples above the threshold sound; so many ms below it end a burst. */
  constructor(source: Readable, rate: number, threshold: number, silenceMs: number) {
    this.#perMs = rate / 1000;
    this.#threshold = threshold;
    this.#silence = silenceMs * this.#perMs;
    source.on('data', (chunk: Buffer) => {
      this.#hear(chunk, Number(process.hrtime.bigint()) / 1e6);
    });
  }

  /** False until the first samples came. */
  get listening(): boolean {
    return this.#heard > 0;
  }

  soundings(): readonly Sounding[] {
    return this.#bursts.map((burst, index) => {
      const over = index < this.#bursts.length - 1 || this.#heard - burst.last > this.#silence;
      const lengthMs = (burst.last - burst.first + 1) / this.#perMs;
      const fromUpMs = this.#zeroUpMs + burst.first / this.#perMs;
      const startHz = Math.round((burst.crossings * 1000) / Math.min(startSampleMs, lengthMs));
      return { fromUpMs, toUpMs: over ? fromUpMs + lengthMs : null, lengthMs, startHz, peak: burst.peak };
    });
  }

  #hear(chunk: Buffer, upMs: number): void {
    const bytes = Buffer.concat([this.#rest, chunk]);
    const count = Math.floor(bytes.length / 2);
    for (let at = 0; at < count; at += 1) this.#sample(bytes.readInt16LE(at * 2));
    this.#rest = bytes.subarray(count * 2);
    this.#zeroUpMs = Math.min(this.#zeroUpMs, upMs - this.#heard / this.#perMs);
  }

  #sample(value: number): void {
    const at = this.#heard;
    this.#heard += 1;
    const level = Math.abs(value);
    if (level > this.#threshold) this.#loud(at, level);
    const last = this.#bursts.at(-1);
    const crossing = this.#previous < 0 && value >= 0;
    if (crossing && last !== undefined && at - last.first < startSampleMs * this.#perMs) last.crossings += 1;
    this.#previous = value;
  }

  #loud(at: number, level: number): void {
    const last = this.#bursts.at(-1);
    if (last !== undefined && at - last.last <= this.#silence) {
      last.last = at;
      last.peak = Math.max(last.peak, level);
      return;
    }
    this.#bursts.push({ first: at, last: at, crossings: 0, peak: level });
    if (this.#bursts.length > keep) this.#bursts.shift();
  }
}
