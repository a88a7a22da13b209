/** A technician's tests, one at a time: begun over the local socket, decided like all else by the tick, ended by their time at the latest. */
import type { PlayRecord } from '../shared/records/record.ts';
import type { LocalTest, TestWork } from '../shared/schedule/intent.ts';
import type { Technician, TickView } from './agent.ts';
import type { ClockReading } from './clock/seam.ts';
import { ALOUD_SECONDS_MOST } from './local/trial-protocol.ts';
import type { TrialAsked, TrialBegun, TrialSeen } from './local/trial-protocol.ts';
import type { Devices } from './perform.ts';
import { layersOf, refusalOf } from './trial-allowed.ts';
import { TrialWatch } from './trial-watch.ts';

export type TrialParts = {
  readonly dev: string;
  readonly devices: Devices;
  readonly readClock: () => ClockReading;
  readonly view: () => TickView | null;
  /** Newest first. */
  readonly records: (limit: number) => readonly PlayRecord[];
  readonly wake: () => void;
  /** The amplifier is never on longer than this without proven sound, not even for a technician. */
  readonly maxUnprovenMs: number;
  readonly log: (line: string) => void;
};

type Run = {
  readonly asked: TrialAsked;
  readonly test: LocalTest;
  readonly endsUpMs: number;
  readonly watch: TrialWatch;
};

/** A test ends with a whole second of the wall clock, and a tick later. */
const ROUNDING_MS = 1500;
/** By then the tick has ended it; if the wall clock was set back, this does. */
const TICK_MS = 500;

/** So often the devices are looked at while a test is under way: the tick alone would not see how quick a relay is. */
const LOOK_MS = 20;

export class Trials implements Technician {
  readonly #parts: TrialParts;
  #run: Run | null = null;
  #isOver = true;
  #timer: NodeJS.Timeout | null = null;

  constructor(parts: TrialParts) {
    this.#parts = parts;
  }

  begin(asked: TrialAsked): TrialBegun {
    const { view, devices, readClock, log } = this.#parts;
    const now = view();
    if (now === null) return { ok: false, why: null };
    const why = refusalOf(asked, now, devices, this.#timer !== null);
    if (why !== null) return { ok: false, why };
    const reading = readClock();
    const lengthMs = this.#lengthMs(asked);
    const test = this.#testOf(asked, reading, lengthMs, now);
    const wantsAmplifier = () => view()?.memory.amplifier.on === true;
    const watch = new TrialWatch({ ...this.#parts, wantsAmplifier, test, asked, beganUpMs: reading.upMs });
    this.#run = { asked, test, endsUpMs: endOf(test, reading), watch };
    this.#isOver = false;
    log(`a technician's test begins: ${test.id}`);
    this.#timer = setInterval(() => {
      this.look();
    }, LOOK_MS);
    this.#parts.wake();
    return { ok: true, id: test.id };
  }

  /** Ends it early; one that is over, or another, is nobody's concern. */
  cancel(id: string): void {
    if (this.#run?.test.id === id) this.#end();
  }

  /** Of the last test; null for any other. */
  seen(id: string): TrialSeen | null {
    return this.#run?.test.id === id ? this.#run.watch.seen() : null;
  }

  localTest(): LocalTest | null {
    return this.#run?.asked.ask === 'test' && !this.#hasEnded() ? this.#run.test : null;
  }

  wishedKhz(): number | null {
    if (this.#run === null || this.#hasEnded()) return null;
    const { work, layers } = this.#run.test;
    return work.kind === 'tuner' && layers.length === 0 ? work.frequencyKhz : null;
  }

  /** Also by uptime: a head that sets the clock back makes no test longer. */
  #hasEnded(): boolean {
    return this.#isOver || (this.#run !== null && this.#parts.readClock().upMs >= this.#run.endsUpMs);
  }

  /** One look at the devices; ends what is over. The timer calls it. */
  look(): void {
    const run = this.#run;
    const view = this.#parts.view();
    if (run === null || view === null) return;
    if (!this.#isOver && (this.#hasEnded() || isOutranked(run, view))) this.#end();
    run.watch.look();
    if (run.watch.isSettled()) this.#stopLooking();
  }

  #end(): void {
    if (this.#run === null || this.#isOver) return;
    this.#isOver = true;
    this.#run.watch.ended(Math.min(this.#parts.readClock().upMs, this.#run.endsUpMs - TICK_MS));
    this.#parts.log(`a technician's test is over: ${this.#run.test.id}`);
    this.#parts.wake();
  }

  #stopLooking(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }

  /** The agent goes. */
  close(): void {
    this.#end();
    this.#stopLooking();
  }

  #lengthMs(asked: TrialAsked): number {
    const askedMs = asked.seconds * 1000;
    if (asked.ask === 'tune') return askedMs;
    if (asked.work === 'relay')
      return Math.min(askedMs, Math.max(0, this.#parts.maxUnprovenMs - ROUNDING_MS));
    const isAloud = asked.work === 'tuner' && asked.aloud;
    return isAloud ? Math.min(askedMs, ALOUD_SECONDS_MOST * 1000) : askedMs;
  }

  #testOf(asked: TrialAsked, { nowMs }: ClockReading, lengthMs: number, view: TickView): LocalTest {
    const at = new Date(nowMs).toISOString();
    return {
      id: `${asked.ask === 'tune' ? 'tune' : asked.work}-${at}`,
      work: workOf(asked, this.#parts.dev, nowMs, view),
      layers: layersOf(asked),
      begunAt: Math.floor(nowMs / 1000),
      endsAt: Math.ceil((nowMs + lengthMs) / 1000),
      now: asked.ask === 'test' && asked.now,
    };
  }
}

const endOf = ({ endsAt }: LocalTest, { nowMs, upMs }: ClockReading): number =>
  upMs + (endsAt * 1000 - nowMs) + TICK_MS;

/** Something stronger has what it needs: it does not come back afterwards. */
function isOutranked({ test, asked }: Run, { intent, memory }: TickView): boolean {
  if (test.layers.some((layer) => intent[layer].winner?.kind === 'order')) return true;
  const isRelayed = memory.sound.current?.stretch.content.kind === 'tuner';
  return isRelayed && layersOf(asked).length === 0;
}

const wall = new Intl.DateTimeFormat('sv-SE', {
  ...{ timeZone: 'Asia/Ho_Chi_Minh', dateStyle: 'short', timeStyle: 'medium' },
});

function workOf(asked: TrialAsked, dev: string, nowMs: number, { scene }: TickView): TestWork {
  const frequencyKhz = asked.frequencyKhz ?? scene.tuner?.frequencyKhz ?? 0;
  if (asked.ask === 'tune') return { kind: 'tuner', frequencyKhz, aloud: false };
  switch (asked.work) {
    case 'tuner':
      return { kind: 'tuner', frequencyKhz, aloud: asked.aloud };
    case 'screen':
      return { kind: 'screen', caption: `${dev} · ${wall.format(nowMs)}` };
    case 'speaker':
    case 'sound':
    case 'relay':
      return { kind: asked.work };
  }
}
