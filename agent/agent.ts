/** The first of the agent's two loops: documents in force → resolve → observe → decide → perform → record. It never asks the cloud anything. */
import type { Fmplan } from '../shared/protocol/schema/documents.ts';
import type { Abilities, Intent, LocalTest } from '../shared/schedule/intent.ts';
import { resolve } from '../shared/schedule/resolve.ts';
import type { Situation } from '../shared/schedule/resolve.ts';
import type { RadioTime } from './clock/radio-time.ts';
import type { ClockReading } from './clock/seam.ts';
import type { TunerObserved } from './devices/tuner/seam.ts';
import { closeLeftOpen } from './left-open.ts';
import { OrderProgresses } from './order-progress.ts';
import { Performer } from './perform.ts';
import type { Devices } from './perform.ts';
import { crossOver } from './plan/cross-over.ts';
import { conclude, decide } from './plan/decide.ts';
import type { Ether } from './plan/ether.ts';
import { firstMemory } from './plan/recall.ts';
import { HORIZON_MS } from './plan/scene.ts';
import type { AmplifierSettings, Decision, Memory, Scene } from './plan/scene.ts';
import { IDLE_MS, Sleeper, waitMs } from './rhythm.ts';
import { Intents, soundingOf } from './situation.ts';
import type { MediaShelf, Store } from './store/store.ts';
import { inForce } from './verify/in-force.ts';
import type { InForce } from './verify/in-force.ts';
import { Wall } from './wall.ts';

/** Hears the station that the receiver is on, at each tick. */
export type Ears = {
  turn(look: {
    readonly fmplan: Fmplan | null;
    readonly observed: TunerObserved;
    readonly reading: ClockReading;
  }): Ether;
  /** What stations tell while the box knows no time. */
  radioTime(): RadioTime | null;
};

/** What somebody at the box wants at this moment. */
export type Technician = {
  readonly localTest: () => LocalTest | null;
  /** To be listened to by numbers, muted. */
  readonly wishedKhz: () => number | null;
};

export type AgentParts = {
  readonly store: Store;
  readonly shelf: MediaShelf;
  readonly readClock: () => ClockReading;
  readonly devices: Devices;
  readonly abilities: Abilities;
  readonly settings: AmplifierSettings;
  readonly builtin: (name: string) => string;
  readonly technician: Technician;
  /** What the receiver hears beyond its own state; null on a box without one. */
  readonly listening: Ears | null;
  /** Uptime since which the cloud could not be reached at all; null while it can. */
  readonly unreachedSinceUpMs: () => number | null;
  /** Between the steps of a fade, milliseconds; tests need not wait. */
  readonly wait?: (durationMs: number) => Promise<unknown>;
  readonly log: (line: string) => void;
};

/** All that status, `why` and health look at: one tick as it was. */
export type TickView = {
  /** Of the box's own clock; what is played by stands in the scene. */
  readonly reading: ClockReading;
  readonly inForce: InForce;
  readonly situation: Situation;
  readonly intent: Intent;
  readonly scene: Scene;
  readonly memory: Memory;
};

/** So long may sound go on of which no tick can decide any more. */
const UNDECIDED_MOST_MS = 5000;

/** How far back the records say what was heard of windows that may still be open. */
const PAST_MS = 26 * 3_600_000;

const NO_PAST = { records: [], orders: [], knowsTime: false, zone: 'Asia/Ho_Chi_Minh' } as const;

export class Agent {
  readonly #parts: AgentParts;
  readonly #progresses: OrderProgresses;
  readonly #performer: Performer;
  readonly wall: Wall;
  #memory: Memory;
  #view: TickView | null = null;
  /** Uptime of the first of the ticks in a row that could not decide; null where the last one could. */
  #undecidedSinceUpMs: number | null = null;
  #isSilenced = false;
  readonly #intents = new Intents();
  readonly #sleeper = new Sleeper();

  constructor(parts: AgentParts) {
    this.#parts = parts;
    this.#progresses = new OrderProgresses(parts.store);
    this.wall = new Wall({
      readClock: parts.readClock,
      floor: () => parts.store.state().floor,
      radioTime: () => parts.listening?.radioTime() ?? null,
    });
    this.#performer = new Performer({
      ...parts,
      progresses: this.#progresses,
      upMs: () => parts.readClock().upMs,
      upOf: (atMs) => upOf(this.wall.read(), atMs),
      done: () => {
        this.wake();
      },
    });
    this.#memory = firstMemory({ ...NO_PAST, nowMs: 0, upMs: 0 });
  }

  /** Closes what a kill left open, and remembers what was heard before it. */
  boot(): void {
    const { store, readClock, log } = this.#parts;
    const reading = readClock();
    closeLeftOpen(store, reading, log);
    const { state, nowMs, upMs } = reading;
    const records = store.recordsSince(nowMs - PAST_MS);
    const past = { ...NO_PAST, records, orders: store.orderProgress(), knowsTime: state !== 'FLOOR' };
    this.#memory = firstMemory({ ...past, nowMs, upMs });
  }

  view(): TickView | null {
    return this.#view;
  }

  /** Ticks at once: a document was accepted, a device has finished. */
  wake(): void {
    this.#sleeper.wake();
  }

  /** `goodTick` is called at the end of each turn that could decide: what feeds the watchdog. */
  async run(signal: AbortSignal, goodTick: () => void): Promise<void> {
    while (!signal.aborted) {
      const inMs = this.#tickSafely();
      if (this.#undecidedSinceUpMs === null) goodTick();
      await this.#sleeper.sleep(inMs, signal);
    }
    this.#conclude('STOPPED');
    await this.#performer.settled();
  }

  /** Whether the last tick could not decide: a bug, and a condition; the next tick tries anew. */
  isUndecided(): boolean {
    return this.#undecidedSinceUpMs !== null;
  }

  #tickSafely(): number {
    try {
      const wait = this.tick();
      this.#undecidedSinceUpMs = null;
      this.#isSilenced = false;
      return wait;
    } catch (cause) {
      this.#parts.log(`tick: ${cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)}`);
      this.#undecided();
      return IDLE_MS;
    }
  }

  /** What nobody decides about, nobody can halt either: it falls silent, and goes on once a tick can decide again. */
  #undecided(): void {
    const { upMs } = this.#parts.readClock();
    this.#undecidedSinceUpMs ??= upMs;
    if (this.#isSilenced || upMs - this.#undecidedSinceUpMs < UNDECIDED_MOST_MS) return;
    this.#isSilenced = true;
    this.#conclude('UNDECIDED');
  }

  #conclude(reason: string): void {
    if (this.#view !== null) this.#end(conclude(this.#view.scene, this.#memory, reason));
  }

  #end({ actions, memory }: Decision<Memory>): void {
    this.#memory = memory;
    this.#performer.perform(actions);
  }

  /** One turn; the milliseconds until the next. */
  tick(): number {
    const { store, readClock } = this.#parts;
    const reading = readClock();
    const force = inForce(store.state(), clockOf(reading), this.wall.withoutTime(reading));
    const wall = this.wall.allow(reading, force.byRadio);
    if (this.#view !== null) this.#end(crossOver(this.#view.scene, this.#memory, wall, NO_PAST.zone));
    const localTest = this.#parts.technician.localTest();
    const { situation, intent } = this.#intentAt(wall, force, localTest);
    const scene = this.#observe({ reading, wall }, force, situation, intent);
    const { actions, memory } = decide(scene, this.#memory);
    this.#memory = memory;
    this.#performer.perform(actions);
    this.#view = { reading, inForce: force, situation, intent, scene, memory };
    return waitMs(scene, memory);
  }

  #intentAt(
    { nowMs }: ClockReading,
    force: InForce,
    localTest: LocalTest | null,
  ): { situation: Situation; intent: Intent } {
    const { store, shelf, abilities } = this.#parts;
    const digests = force.orders.map(({ digest }) => digest);
    return this.#intents.at(Math.floor(nowMs / 1000), store.state(), {
      ...{ inForce: force, abilities, localTest },
      progress: this.#progresses.of(digests, nowMs),
      has: (sha256) => shelf.has(sha256),
      sounding: soundingOf(this.#memory),
    });
  }

  #observe(
    { reading, wall }: { readonly reading: ClockReading; readonly wall: ClockReading },
    { device, fmplan }: InForce,
    situation: Situation,
    intent: Intent,
  ): Scene {
    const { devices, settings, shelf, listening, unreachedSinceUpMs, technician } = this.#parts;
    const tuner = devices.tuner?.observe() ?? null;
    const { until } = intent.sound;
    const isNear = until !== null && until * 1000 - wall.nowMs <= Math.max(HORIZON_MS, settings.dwellMs);
    return {
      reading: wall,
      intent,
      ahead: isNear ? resolve(situation, until) : null,
      volumeMax: device?.volumeMax ?? 0,
      has: (sha256) => shelf.has(sha256),
      faults: this.#performer.takeFaults(),
      player: devices.player?.observe() ?? null,
      screen: devices.screen?.observe() ?? null,
      amplifier: devices.amplifier?.observe() ?? null,
      tuner,
      source: devices.source?.observe() ?? null,
      inputs: devices.inputs?.observe() ?? null,
      current: devices.current?.observe() ?? null,
      fmplan,
      ether: tuner === null ? null : (listening?.turn({ fmplan, observed: tuner, reading }) ?? null),
      unreachedSinceUpMs: unreachedSinceUpMs(),
      test: situation.localTest,
      wishedKhz: technician.wishedKhz(),
      settings,
    };
  }
}

function clockOf({ state, nowMs, u }: ClockReading) {
  return { state, now: Math.floor(nowMs / 1000), u };
}

function upOf({ nowMs, upMs }: ClockReading, atMs: number): number {
  return upMs + (atMs - nowMs);
}
