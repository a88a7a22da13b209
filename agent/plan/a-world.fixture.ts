/** A virtual box for tests of `decide`: real `resolve`, a player that follows the seam's contract, and time that jumps. */
import type { PlayRecord, UnchainedRecord } from '../../shared/records/record.ts';
import type { ActiveOrder, LocalTest } from '../../shared/schedule/intent.ts';
import { resolve } from '../../shared/schedule/resolve.ts';
import { boxWith, planWith } from '../../shared/schedule/a-schedule.fixture.ts';
import type { Item } from '../../shared/protocol/schema/item.ts';
import type { PlayerFailure, PlayerObserved } from '../devices/player/seam.ts';
import type { TunerObserved } from '../devices/tuner/seam.ts';
import { decide } from './decide.ts';
import { firstMemory } from './recall.ts';
import type { Action, Memory, Scene } from './scene.ts';
import { HORIZON_MS } from './scene.ts';
import { passMs } from './stretch.ts';
import type { Stretch } from './stretch.ts';

const SETTINGS = { leadMs: 1500, holdMs: 2000, dwellMs: 5000, maxUnprovenMs: 10_000 };

/** What came out of the loudspeaker: `from` is the place in the list, all in milliseconds. */
export type Sound = { readonly what: string; readonly atMs: number; readonly fromMs: number; endMs: number };

export class World {
  items: Item[] = [];
  orders: ActiveOrder[] = [];
  missing = new Set<string>();
  volumeMax = 100;
  test: LocalTest | null = null;
  wishedKhz: number | null = null;
  tuner: TunerObserved | null = null;
  /** While set, whatever is loaded fails like this. */
  failing: PlayerFailure['code'] | null = null;
  /** The audio clock is read now and then: it need not show the last moments. */
  unseenMs = 0;
  /** The audio clock stands still: a dead card that takes what it is given. */
  stuck = false;
  /** Null: nothing measures it. */
  drawsMilliamps: number | null = null;
  /** The mute button in the cabinet; null: it cannot be read. */
  mutePressed: boolean | null = false;

  readonly sounds: Sound[] = [];
  readonly records: PlayRecord[] = [];
  readonly amplifier: { readonly atMs: number; readonly on: boolean }[] = [];
  readonly volumes: number[] = [];
  readonly begun = new Map<string, UnchainedRecord>();

  nowMs: number;
  /** How far the box's own clock is before the true time. */
  aheadMs = 0;
  hasPlayer = true;
  #memory: Memory;
  #amplifierOn = false;
  #playing: { stretch: Stretch; atMs: number; sound: Sound | null; failure: PlayerFailure | null } | null =
    null;
  #faults = new Map<string, string>();

  constructor(at: string) {
    this.nowMs = Date.parse(at);
    this.#memory = this.#boot();
  }

  /** Runs until this instant, ticking as the agent does. */
  until(at: string): this {
    const endMs = Date.parse(at);
    while (this.nowMs < endMs) {
      // The agent ticks again at once when an order has come further.
      while (this.#tick().some(({ kind }) => kind === 'order-progress'));
      this.nowMs = Math.min(endMs, this.#next());
      this.#play();
    }
    return this;
  }

  /** kill -9 and a start `afterMs` later: the sound stops, the records stay. */
  kill(afterMs: number): this {
    this.#stop();
    for (const record of this.begun.values()) this.#keep({ ...record, endCause: 'power' });
    this.begun.clear();
    this.#amplifierOn = false;
    this.nowMs += afterMs;
    this.#memory = this.#boot();
    return this;
  }

  /** The player process dies and is back at once, with nothing loaded. */
  killPlayer(): this {
    this.#play();
    if (this.#playing !== null) this.#playing.failure = { code: 'died', detail: 'SIGKILL' };
    return this;
  }

  get #wallMs(): number {
    return this.nowMs + this.aheadMs;
  }

  #boot(): Memory {
    const orders = this.orders.map(({ digest, heard }) => ({
      digest,
      heard,
      playsHeard: this.playsHeard.get(digest) ?? 0,
    }));
    const { records, nowMs } = this;
    return firstMemory({ records, orders, nowMs, upMs: nowMs, knowsTime: true, zone: 'Asia/Ho_Chi_Minh' });
  }

  readonly playsHeard = new Map<string, number>();
  readonly #toned = new Set<string>();

  #tick(): readonly Action[] {
    const decision = decide(this.#scene(), this.#memory);
    this.#faults = new Map();
    this.#memory = decision.memory;
    for (const action of decision.actions) this.#perform(action);
    return decision.actions;
  }

  #scene(): Scene {
    const situation = {
      plans: [planWith({ items: this.items })],
      box: boxWith({}),
      orders: this.orders.map((order) => this.#withTone(order)),
      localTest: this.test,
    };
    const intent = resolve(situation, Math.floor(this.#wallMs / 1000));
    const { until } = intent.sound;
    const isNear = until !== null && until * 1000 - this.#wallMs <= 5000;
    return {
      reading: { state: 'SYNCED', nowMs: this.#wallMs, u: 2, upMs: this.nowMs },
      intent,
      ahead: isNear ? resolve(situation, until) : null,
      volumeMax: this.volumeMax,
      has: (sha256) => !this.missing.has(sha256),
      faults: this.#faults,
      player: this.hasPlayer ? this.#observed() : null,
      screen: null,
      amplifier: { on: this.#amplifierOn, failure: null },
      tuner: this.tuner,
      test: this.test,
      wishedKhz: this.wishedKhz,
      source: null,
      current: this.drawsMilliamps === null ? null : { milliamps: this.drawsMilliamps, failure: null },
      inputs: { door: null, mains: null, mute: this.mutePressed, failure: null },
      ether: null,
      fmplan: null,
      unreachedSinceUpMs: null,
      settings: SETTINGS,
    };
  }

  #withTone(order: ActiveOrder): ActiveOrder {
    const media = order.play.media;
    const isHere = this.#toned.has(order.digest) && media !== null && !this.missing.has(media.sha256);
    const current = this.#memory.sound.current?.stretch.candidate;
    const sounding =
      current?.kind === 'order' && current.order.digest === order.digest ? current.repetition : null;
    return { ...order, heard: isHere ? order.heard - 1 : order.heard, sounding };
  }

  #observed(): PlayerObserved {
    const output = 'virtual';
    const line = 'none';
    const playing = this.#playing;
    if (playing === null) return { state: 'idle', playback: null, before: null, moving: false, output, line };
    const { stretch, atMs, sound, failure } = playing;
    const playedMs = sound === null || this.stuck ? 0 : Math.max(0, sound.endMs - sound.atMs - this.unseenMs);
    const isOver = sound !== null && sound.endMs - sound.atMs >= this.#lengthMs(stretch);
    const state = failure !== null ? 'idle' : isOver ? 'ended' : this.nowMs < atMs ? 'cued' : 'playing';
    const numbers = {
      trackIndex: 0,
      pass: 0,
      positionMs: 0,
      startedUpMs: sound?.atMs ?? null,
      peakDbfs: -12,
    };
    const playback = { ...numbers, key: stretch.key, playedMs, failure };
    return { state, playback, before: null, moving: state === 'playing' && !this.stuck, output, line };
  }

  #lengthMs({ content, fromMs }: Stretch): number {
    const one = passMs(content);
    if (content.kind === 'tuner' || one === null || content.passes === 'fill') return Infinity;
    return one * content.passes - fromMs;
  }

  #perform(action: Action): void {
    switch (action.kind) {
      case 'cue':
      case 'replace':
        this.#load(
          action.stretch,
          action.kind === 'cue' ? action.stretch.releaseAtMs - this.aheadMs : this.nowMs,
        );
        return;
      case 'stop':
        this.#stop();
        return;
      case 'amplifier':
        this.#amplifierOn = action.on;
        this.amplifier.push({ atMs: this.nowMs, on: action.on });
        return;
      case 'begin':
        if (this.begun.has(action.key)) throw new Error(`${action.key} begun twice`);
        this.begun.set(action.key, action.record);
        return;
      case 'end':
        this.begun.delete(action.key);
        this.#keep(action.record);
        return;
      case 'forget':
        this.begun.delete(action.key);
        return;
      case 'order-progress':
        this.#progress(action);
        return;
      case 'prepare':
      case 'tune':
      case 'source':
      case 'mute-tuner':
      case 'let-through':
      case 'open-line':
      case 'close-line':
      case 'show':
      case 'ticker':
        return;
    }
  }

  #progress({ digest, heard, playsHeard, toned }: Extract<Action, { kind: 'order-progress' }>): void {
    this.playsHeard.set(digest, playsHeard);
    if (toned) this.#toned.add(digest);
    else this.#toned.delete(digest);
    this.orders = this.orders.map((order) => (order.digest === digest ? { ...order, heard } : order));
  }

  #keep(record: UnchainedRecord): void {
    this.records.push({ ...record, seq: this.records.length + 1 });
  }

  #load(stretch: Stretch, atMs: number): void {
    this.#stop();
    this.volumes.push(stretch.volume);
    if (this.failing !== null) this.#faults.set(stretch.key, this.failing);
    else this.#playing = { stretch, atMs: Math.max(atMs, this.nowMs), sound: null, failure: null };
  }

  #stop(): void {
    this.#play();
    this.#playing = null;
  }

  /** Brings the sound up to now. */
  #play(): void {
    const playing = this.#playing;
    if (playing === null || playing.failure !== null || this.nowMs <= playing.atMs) return;
    const { stretch, atMs } = playing;
    if (playing.sound === null) {
      playing.sound = { what: whatOf(stretch), atMs, fromMs: stretch.fromMs, endMs: atMs };
      this.sounds.push(playing.sound);
    }
    playing.sound.endMs = Math.min(this.nowMs, atMs + this.#lengthMs(stretch));
  }

  #next(): number {
    const steps = [this.nowMs + 250, (Math.floor(this.nowMs / 1000) + 1) * 1000];
    const release = this.#playing?.atMs;
    if (release !== undefined && release > this.nowMs) steps.push(release, release - SETTINGS.leadMs);
    return Math.min(...steps.filter((each) => each > this.nowMs), this.nowMs + HORIZON_MS);
  }
}

function whatOf({ candidate, content }: Stretch): string {
  const isTone = content.kind === 'list' && content.pieces[0].uri === 'builtin:attention';
  if (isTone) return 'tone';
  return candidate.kind === 'item'
    ? candidate.item.id
    : candidate.kind === 'order'
      ? candidate.order.digest
      : 'test';
}
