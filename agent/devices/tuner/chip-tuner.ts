/**
 * The FM receiver on I2C: one chip, whichever kind, opened, watched, and started again when it was gone. All that is
 * asked of it is done one after the other; the watch looks at it in between and never while it tunes or seeks.
 */
import type { Bus, Pace } from '../bus/seam.ts';
import { BusFault } from '../bus/seam.ts';
import { ChipFault } from './chip.ts';
import type { Chip, ChipKind, Look } from './chip.ts';
import { RecentGroups } from './recent-groups.ts';
import type { RdsObserved, RdsSegment, Receiver, TunerObserved } from './seam.ts';

/** Our settings are read back this often: the longest that a dip of the supply goes unnoticed. */
const checkMs = 1_000;
/** Between two attempts at a chip that does not answer or is another. */
const retryMs = 2_000;

type Parts = {
  readonly kind: ChipKind;
  readonly openBus: () => Promise<Bus>;
  readonly pace: Pace;
};
type Fault = {
  readonly state: 'absent' | 'failed';
  readonly words: string;
  /** Not before this the chip is started again. */
  readonly retryUpMs: number;
};

export class ChipTuner implements Receiver {
  readonly #kind: ChipKind;
  readonly #openBus: () => Promise<Bus>;
  readonly #pace: Pace;
  #last: Promise<unknown> = Promise.resolve();
  #watch: { readonly over: AbortController; readonly done: Promise<void> } | null = null;
  #bus: Bus | null = null;
  #chip: Chip | null = null;
  #fault: Fault | null = null;
  /** Why this frequency cannot be had; no reason to start the chip again. */
  #refusal: string | null = null;
  #state: 'idle' | 'tuning' | 'tuned' = 'idle';
  #frequencyKhz: number | null = null;
  #volume: number | null = null;
  #muted = true;
  #seen: Look | null = null;
  readonly #groups = new RecentGroups();

  constructor({ kind, openBus, pace }: Parts) {
    this.#kind = kind;
    this.#openBus = openBus;
    this.#pace = pace;
  }

  /** Resolves after the first attempt: a chip that is not there is a failure in `observe`, and is tried again. */
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
      if (before === null || this.#state !== 'tuned') return null;
      this.#forget('tuning');
      let found: number | null = null;
      await this.#attempt(async (chip) => {
        found = await chip.seek(direction);
        this.#frequencyKhz = found ?? before;
        await this.#tuneChip(chip, this.#frequencyKhz);
      });
      return found;
    });
  }

  async mute(on: boolean): Promise<void> {
    this.#assertOpen();
    await this.#inTurn(async () => {
      const chip = this.#chip;
      // Muting is tried on a failed chip too; sound is only let through on a sound one.
      if (chip === null || (!on && this.#fault !== null)) return;
      await this.#guarded(async () => {
        await chip.mute(on);
        this.#muted = on;
      });
    });
  }

  async setVolume(level: number): Promise<void> {
    this.#assertOpen();
    this.#volume = Math.min(15, Math.max(0, Math.round(level)));
    await this.#inTurn(() => this.#attempt((chip) => chip.setVolume(this.#volume ?? 0)));
  }

  observe(): TunerObserved {
    const tuned = this.#fault === null && this.#state === 'tuned';
    return {
      state: this.#watch === null ? 'absent' : (this.#fault?.state ?? this.#sound()),
      frequencyKhz: this.#frequencyKhz,
      rssiDbuv: tuned ? (this.#seen?.rssiDbuv ?? null) : null,
      stereo: tuned ? (this.#seen?.stereo ?? null) : null,
      pis: tuned ? this.#groups.pis(this.#pace.upMs()) : [],
      muted: this.#muted,
      failure: this.#fault?.words ?? this.#refusal,
    };
  }

  rds(): RdsObserved {
    return this.#groups.rds();
  }

  takeSegments(): readonly RdsSegment[] {
    return this.#groups.takeSegments();
  }

  async close(): Promise<void> {
    const watch = this.#watch;
    if (watch === null) return;
    watch.over.abort();
    await watch.done;
    await this.#inTurn(async () => {
      const chip = this.#chip;
      if (chip !== null) await this.#guarded(() => chip.stop());
      await this.#guarded(() => this.#letGo());
      this.#watch = null;
      this.#fault = null;
      this.#refusal = null;
      this.#muted = true;
      this.#frequencyKhz = null;
      this.#forget('idle');
    });
  }

  async #watchUntil(signal: AbortSignal): Promise<void> {
    let checkedUpMs = this.#pace.upMs();
    for (;;) {
      await this.#pace.wait(this.#kind.lookMs, signal);
      if (signal.aborted) return;
      const upMs = this.#pace.upMs();
      if (this.#fault !== null) {
        if (upMs >= this.#fault.retryUpMs) await this.#inTurn(() => this.#start());
        continue;
      }
      const isCheckDue = upMs - checkedUpMs >= checkMs;
      if (isCheckDue) checkedUpMs = upMs;
      if (isCheckDue || this.#state === 'tuned') await this.#inTurn(() => this.#look(isCheckDue));
    }
  }

  async #look(isCheckDue: boolean): Promise<void> {
    await this.#attempt(async (chip) => {
      if (isCheckDue) await chip.check();
      if (this.#state !== 'tuned') return;
      this.#seen = await chip.look();
      this.#groups.hear(this.#seen.group, this.#pace.upMs());
    });
  }

  /** From nothing, or after a fault: always muted, since what is on the frequency now was not yet looked at. */
  async #start(): Promise<void> {
    this.#forget('idle');
    await this.#guarded(async () => {
      await this.#letGo();
      this.#bus = await this.#openBus();
      const chip = this.#kind.make(this.#bus, this.#pace);
      await chip.start();
      this.#chip = chip;
      this.#muted = true;
      if (this.#volume !== null) await chip.setVolume(this.#volume);
      if (this.#frequencyKhz !== null && this.#refusal === null) {
        await this.#tuneChip(chip, this.#frequencyKhz);
      }
      this.#fault = null;
    });
    if (this.#fault !== null) this.#fault = { ...this.#fault, retryUpMs: this.#pace.upMs() + retryMs };
  }

  async #tune(frequencyKhz: number): Promise<void> {
    this.#frequencyKhz = frequencyKhz;
    this.#refusal = this.#kind.refuses(frequencyKhz);
    this.#forget('idle');
    await this.#attempt(async (chip) => {
      if (this.#refusal === null) return this.#tuneChip(chip, frequencyKhz);
      // What it was tuned to before must not be heard in the place of what was asked for.
      await chip.mute(true);
      this.#muted = true;
    });
  }

  async #tuneChip(chip: Chip, frequencyKhz: number): Promise<void> {
    this.#state = 'tuning';
    await chip.tune(frequencyKhz);
    this.#seen = await chip.look();
    this.#state = 'tuned';
  }

  /** What a chip without a fault is in. */
  #sound(): TunerObserved['state'] {
    return this.#refusal === null ? this.#state : 'failed';
  }

  #forget(state: 'idle' | 'tuning'): void {
    this.#state = state;
    this.#seen = null;
    this.#groups.clear();
  }

  /** A bus with a hanging transfer is kept, and its fault told: a second one beside it would hang as well. */
  async #letGo(): Promise<void> {
    this.#chip = null;
    await this.#bus?.close();
    this.#bus = null;
  }

  /** Nothing is tried on a chip that has failed: the watch starts it again first. */
  async #attempt(talk: (chip: Chip) => Promise<void>): Promise<void> {
    const chip = this.#chip;
    if (chip !== null && this.#fault === null) await this.#guarded(() => talk(chip));
  }

  async #guarded(talk: () => Promise<void>): Promise<void> {
    try {
      await talk();
    } catch (cause) {
      this.#note(cause);
    }
  }

  /** A fault of bus or chip is told; anything else is a bug of ours and goes up. */
  #note(cause: unknown): void {
    const isBus = cause instanceof BusFault;
    if (!isBus && !(cause instanceof ChipFault)) throw cause;
    // Who mutes a failed chip in vain, at each look, must not put its next start off for ever.
    const retryUpMs = this.#fault?.retryUpMs ?? this.#pace.upMs() + retryMs;
    this.#fault = { state: isBus ? 'absent' : 'failed', words: cause.message, retryUpMs };
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
