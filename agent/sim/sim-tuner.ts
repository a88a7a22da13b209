/** An FM receiver over simulated air: hears the stations that it is given, with their PI and strength, and fails on request. */
import type { Uptime } from '../clock/seam.ts';
import type { RdsObserved, RdsSegment, Receiver, TunerObserved } from '../devices/tuner/seam.ts';

export type SimStation = {
  readonly frequencyKhz: number;
  readonly rssiDbuv: number;
  /** Null: a station without RDS. */
  readonly pi: string | null;
};

export type TunerEvent = { readonly upMs: number; readonly what: string };

const tuneMs = 60;
/** RDS carries 11.4 groups a second; a programme identification in each. */
const groupMs = 1_000 / 11.4;
const noiseDbuv = 5;

export class SimTuner implements Receiver {
  readonly #uptime: Uptime;
  readonly #stations = new Map<number, SimStation>();
  readonly history: TunerEvent[] = [];
  #open = false;
  #unplugged = false;
  #muted = true;
  #frequencyKhz: number | null = null;
  #tunedUpMs = 0;
  #hungSinceUpMs: number | null = null;
  #failure: string | null = null;
  #failNext: string | null = null;
  #segments: RdsSegment[] = [];
  #clock: RdsObserved['clock'] = null;
  #flags: Pick<RdsObserved, 'pty' | 'tp' | 'ta'> = { pty: null, tp: null, ta: null };

  constructor(uptime: Uptime, stations: readonly SimStation[]) {
    this.#uptime = uptime;
    for (const station of stations) this.air(station);
  }

  open(): Promise<void> {
    this.#open = true;
    this.#note('open');
    return Promise.resolve();
  }

  tune(frequencyKhz: number): Promise<void> {
    if (!this.#open) throw new Error('the tuner was not opened');
    if (frequencyKhz < 50_000 || frequencyKhz > 108_000) throw new Error(`${frequencyKhz} kHz is outside FM`);
    this.#note(`tune ${frequencyKhz}`);
    this.#frequencyKhz = frequencyKhz;
    this.#tunedUpMs = this.#uptime.upMs() + tuneMs;
    this.#failure = this.#failNext;
    this.#failNext = null;
    this.#clock = null;
    return Promise.resolve();
  }

  mute(on: boolean): Promise<void> {
    if (!this.#open) throw new Error('the tuner was not opened');
    this.#note(on ? 'mute' : 'unmute');
    this.#muted = on;
    return Promise.resolve();
  }

  /** To the next station of its air, round the band; null where there is none. */
  async seek(direction: 'up' | 'down'): Promise<number | null> {
    const here = this.#frequencyKhz;
    const others = [...this.#stations.keys()].filter((each) => each !== here).sort((a, b) => a - b);
    if (direction === 'down') others.reverse();
    const isAhead = (each: number) => here === null || (direction === 'up' ? each > here : each < here);
    const found = others.find(isAhead) ?? others[0] ?? null;
    if (found !== null) await this.tune(found);
    return found;
  }

  setVolume(level: number): Promise<void> {
    this.#note(`volume ${level}`);
    return Promise.resolve();
  }

  rds(): RdsObserved {
    const station = this.#frequencyKhz === null ? undefined : this.#stations.get(this.#frequencyKhz);
    const upMs = this.#uptime.upMs();
    const isHeard = station?.pi != null && this.#state(upMs) === 'tuned';
    const groups = isHeard ? Math.floor((upMs - this.#tunedUpMs) / groupMs) : 0;
    return { groups, programme: null, text: null, ...this.#flags, clock: this.#clock };
  }

  takeSegments(): readonly RdsSegment[] {
    const segments = this.#segments;
    this.#segments = [];
    return segments;
  }

  /** The station says this in its groups 6A: heard only where the receiver is on it. */
  say(frequencyKhz: number, segments: readonly RdsSegment[]): void {
    if (frequencyKhz === this.#frequencyKhz && this.#state(this.#uptime.upMs()) === 'tuned')
      this.#segments.push(...segments);
  }

  /** The station sends its time, in a group 4A: heard only where the receiver is on it. */
  tellTime(frequencyKhz: number, utcS: number, offsetMin = 420): void {
    const upMs = this.#uptime.upMs();
    if (frequencyKhz === this.#frequencyKhz && this.#state(upMs) === 'tuned')
      this.#clock = { utcS, offsetMin, upMs };
  }

  /** Every station says so from now on: PTY 31 is an alarm, TA traffic news. */
  flag(flags: Pick<RdsObserved, 'pty' | 'tp' | 'ta'>): void {
    this.#flags = flags;
  }

  observe(): TunerObserved {
    const upMs = this.#hungSinceUpMs ?? this.#uptime.upMs();
    const state = this.#state(upMs);
    const tuned = state === 'tuned';
    const station = this.#frequencyKhz === null ? undefined : this.#stations.get(this.#frequencyKhz);
    const groups = tuned ? Math.floor((upMs - this.#tunedUpMs) / groupMs) : 0;
    const pi = station?.pi ?? null;
    return {
      state,
      frequencyKhz: this.#frequencyKhz,
      rssiDbuv: tuned ? (station?.rssiDbuv ?? noiseDbuv) : null,
      stereo: tuned ? station !== undefined : null,
      pis: pi === null ? [] : Array.from({ length: Math.min(5, groups) }, () => pi),
      muted: this.#muted,
      failure: this.#unplugged ? 'the chip does not answer' : this.#failure,
    };
  }

  close(): Promise<void> {
    this.#open = false;
    this.#muted = true;
    this.#note('close');
    return Promise.resolve();
  }

  /** Puts a station on the air, or changes the one on this frequency: a hijack is another PI or a jump in strength. */
  air(station: SimStation): void {
    this.#stations.set(station.frequencyKhz, station);
  }

  /** Takes a station off the air. */
  silence(frequencyKhz: number): void {
    this.#stations.delete(frequencyKhz);
  }

  /** The receiver slips by so much, as a chip does whose crystal is bad. */
  drift(byKhz: number): void {
    if (this.#frequencyKhz !== null) this.#frequencyKhz += byKhz;
  }

  failNext(failure: string): void {
    this.#failNext = failure;
  }

  /** What it says no longer changes. */
  hang(): void {
    this.#hungSinceUpMs = this.#uptime.upMs();
  }

  unplug(): void {
    this.#unplugged = true;
  }

  plug(): void {
    this.#unplugged = false;
    this.#hungSinceUpMs = null;
  }

  #state(upMs: number): TunerObserved['state'] {
    if (!this.#open || this.#unplugged) return 'absent';
    if (this.#failure !== null) return 'failed';
    if (this.#frequencyKhz === null) return 'idle';
    return upMs < this.#tunedUpMs ? 'tuning' : 'tuned';
  }

  #note(what: string): void {
    this.history.push({ upMs: this.#uptime.upMs(), what });
  }
}
