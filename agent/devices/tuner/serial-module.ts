/**
 * An FM receiver behind a serial line that takes AT commands (AT+FREQ in 10 kHz, AT+MUTE, AT+PWR, AT+VOL, AT+RSSI?,
 * AT+STEREO?, AT+SEEK). It tells no RDS. What is set is asked back: a module that restarted or lies is started again.
 */
import type { Pace } from '../bus/seam.ts';
import type { OpenPort, Port } from '../serial/seam.ts';
import { PortFault } from '../serial/seam.ts';
import { AtModule, ModuleFault, type ModuleLook } from './at-module.ts';
import { AtTalk, type AtTimes } from './at-talk.ts';
import type { RdsObserved, RdsSegment, Receiver, TunerObserved } from './seam.ts';

export type SerialModuleOptions = {
  readonly open: OpenPort;
  readonly pace: Pace;
  readonly times?: Partial<SerialModuleTimes>;
};

type SerialModuleTimes = AtTimes & {
  readonly seekMs: number;
  /** Strength and settings are asked for so often. */
  readonly checkMs: number;
  /** Between two attempts at a line or module that is not there. */
  readonly retryMs: number;
};

const usualTimes: SerialModuleTimes = {
  answerMs: 1_000,
  quietMs: 100,
  seekMs: 15_000,
  checkMs: 1_000,
  retryMs: 2_000,
};

type Fault = { readonly state: 'absent' | 'failed'; readonly words: string };
const noRds: RdsObserved = {
  groups: null,
  programme: null,
  text: null,
  pty: null,
  tp: null,
  ta: null,
  clock: null,
};

export class SerialModule implements Receiver {
  readonly #openPort: OpenPort;
  readonly #pace: Pace;
  readonly #times: SerialModuleTimes;
  #last: Promise<unknown> = Promise.resolve();
  #watch: { readonly over: AbortController; readonly done: Promise<void> } | null = null;
  #port: Port | null = null;
  #module: AtModule | null = null;
  #fault: Fault | null = null;
  /** Why this frequency cannot be had; no reason to start the module again. */
  #refusal: string | null = null;
  #state: 'idle' | 'tuning' | 'tuned' = 'idle';
  #frequencyKhz: number | null = null;
  #volume = 15;
  #muted = true;
  #seen: ModuleLook | null = null;

  constructor({ open, pace, times }: SerialModuleOptions) {
    this.#openPort = open;
    this.#pace = pace;
    this.#times = { ...usualTimes, ...times };
  }

  /** Resolves after the first attempt: a module that is not there is a failure in `observe`, and is tried again. */
  async open(): Promise<void> {
    if (this.#watch !== null) return;
    const over = new AbortController();
    await this.#inTurn(() => this.#start());
    this.#watch = { over, done: this.#watchUntil(over.signal) };
  }

  async tune(frequencyKhz: number): Promise<void> {
    this.#assertOpen();
    if (frequencyKhz < 50_000 || frequencyKhz > 108_000) throw new Error(`${frequencyKhz} kHz is outside FM`);
    await this.#inTurn(() => this.#tune(frequencyKhz));
  }

  async seek(direction: 'up' | 'down'): Promise<number | null> {
    this.#assertOpen();
    return this.#inTurn(async () => {
      const before = this.#frequencyKhz;
      if (before === null || this.#fault !== null) return null;
      this.#forget('tuning');
      const found = await this.#attempt((module) => module.seek(direction));
      await this.#tune(found ?? before);
      return this.observe().state === 'tuned' ? found : null;
    });
  }

  async mute(on: boolean): Promise<void> {
    this.#assertOpen();
    await this.#inTurn(() => this.#attempt((module) => this.#mute(module, on)));
  }

  async setVolume(level: number): Promise<void> {
    this.#assertOpen();
    this.#volume = Math.min(15, Math.max(0, Math.round(level)));
    await this.#inTurn(() => this.#attempt((module) => module.setVolume(this.#volume)));
  }

  observe(): TunerObserved {
    const isTuned = this.#fault === null && this.#refusal === null && this.#state === 'tuned';
    const state = this.#fault?.state ?? (this.#refusal === null ? this.#state : 'failed');
    return {
      state: this.#watch === null ? 'absent' : state,
      frequencyKhz: this.#frequencyKhz,
      rssiDbuv: isTuned ? (this.#seen?.rssiDbuv ?? null) : null,
      stereo: isTuned ? (this.#seen?.stereo ?? null) : null,
      pis: [],
      muted: this.#muted,
      failure: this.#fault?.words ?? this.#refusal,
    };
  }

  rds(): RdsObserved {
    return noRds;
  }

  takeSegments(): readonly RdsSegment[] {
    return [];
  }

  async close(): Promise<void> {
    const watch = this.#watch;
    if (watch === null) return;
    watch.over.abort();
    await watch.done;
    await this.#inTurn(async () => {
      await this.#attempt((module) => module.stop());
      await this.#letGo();
      this.#watch = null;
      this.#fault = null;
      this.#refusal = null;
      this.#muted = true;
      this.#frequencyKhz = null;
      this.#forget('idle');
    });
  }

  async #watchUntil(signal: AbortSignal): Promise<void> {
    for (;;) {
      await this.#pace.wait(this.#fault === null ? this.#times.checkMs : this.#times.retryMs, signal);
      if (signal.aborted) return;
      await this.#inTurn(async () => {
        if (this.#fault === null) await this.#attempt((module) => this.#check(module));
        else await this.#start();
      });
    }
  }

  /** From nothing, or after a fault: always muted, since what is on the frequency now was not yet looked at. */
  async #start(): Promise<void> {
    await this.#letGo();
    // The fault stands until the module has been spoken to from beginning to end.
    this.#fault = await faultIn(() => this.#greet());
    if (this.#frequencyKhz !== null) await this.#tune(this.#frequencyKhz);
  }

  async #greet(): Promise<void> {
    const port = await this.#openPort({
      onBytes: (bytes) => {
        talk.hear(bytes);
      },
      onGone: () => {
        this.#fault ??= { state: 'absent', words: 'the serial line was unplugged' };
      },
    });
    const talk = new AtTalk(port, this.#pace, this.#times, (line) => {
      if (line === '+READY') this.#fault ??= { state: 'failed', words: 'the module has restarted' };
    });
    this.#port = port;
    this.#module = new AtModule(talk, this.#times.seekMs);
    await this.#module.start(this.#volume);
    this.#muted = true;
  }

  async #tune(frequencyKhz: number): Promise<void> {
    this.#frequencyKhz = frequencyKhz;
    this.#refusal = null;
    this.#forget('tuning');
    await this.#attempt(async (module) => {
      try {
        await module.tune(frequencyKhz);
      } catch (cause) {
        if (!(cause instanceof ModuleFault && cause.isRefusal)) throw cause;
        this.#refusal = `${frequencyKhz} kHz: ${cause.message}`;
        this.#state = 'idle';
        // What it was tuned to before must not be heard in the place of what was asked for.
        return this.#mute(module, true);
      }
      this.#seen = await module.look();
      this.#state = 'tuned';
    });
  }

  async #mute(module: AtModule, on: boolean): Promise<void> {
    await module.mute(on);
    this.#muted = on;
  }

  async #check(module: AtModule): Promise<void> {
    const isTuned = this.#state === 'tuned';
    await module.check({ isMuted: this.#muted, frequencyKhz: isTuned ? this.#frequencyKhz : null });
    if (isTuned) this.#seen = await module.look();
  }

  #forget(state: 'idle' | 'tuning'): void {
    this.#state = state;
    this.#seen = null;
  }

  async #letGo(): Promise<void> {
    const port = this.#port;
    this.#port = null;
    this.#module = null;
    // What is wrong with a line that is given up was told before.
    if (port !== null) await faultIn(() => port.close());
  }

  /** Nothing is tried on a module that has failed: the watch starts it again first. The first fault stands. */
  async #attempt<T>(talk: (module: AtModule) => Promise<T>): Promise<T | null> {
    const module = this.#module;
    if (module === null || this.#fault !== null) return null;
    let result: T | null = null;
    const fault = await faultIn(async () => {
      result = await talk(module);
    });
    this.#fault ??= fault;
    return result;
  }

  #assertOpen(): void {
    if (this.#watch === null) throw new Error('the tuner was not opened');
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#last.then(work);
    this.#last = mine.catch(() => undefined);
    return mine;
  }
}

/** A fault of line or module; anything else is a bug of ours and goes up. */
async function faultIn(talk: () => Promise<void>): Promise<Fault | null> {
  try {
    await talk();
    return null;
  } catch (cause) {
    if (cause instanceof PortFault) return { state: 'absent', words: cause.message };
    if (cause instanceof ModuleFault) return { state: 'failed', words: cause.message };
    throw cause;
  }
}
