/** Watches the box: gathers one tick's facts, keeps the conditions, and says all of it as the status that people and cloud read. */
import { statfsSync } from 'node:fs';
import { staleIn } from '../shared/protocol/accept.ts';
import type { Condition } from '../shared/health/condition.ts';
import type { BoxStatus } from '../shared/wire/status.ts';
import type { Agent, TickView } from './agent.ts';
import type { BoxClock } from './clock/clock.ts';
import type { KernelRtc } from './clock/kernel-rtc.ts';
import type { ClockReading } from './clock/seam.ts';
import type { ConsoleLog } from './console-log.ts';
import type { Inputs } from './devices/inputs/seam.ts';
import type { Sensors } from './devices/sensors/seam.ts';
import type { Facts } from './health/facts.ts';
import { firstHealth, watch } from './health/watch.ts';
import type { HealthMemory } from './health/watch.ts';
import { comingUp, layersNow } from './status.ts';
import type { MediaShelf, Store } from './store/store.ts';
import type { SyncLoop } from './sync/loop.ts';
import { wantedMedia } from './sync/wanted.ts';
import { VERSION } from './version.ts';

export type ReportParts = {
  readonly agent: Agent;
  readonly store: Store;
  readonly shelf: MediaShelf;
  readonly clock: BoxClock;
  /** Null where the clocks of the machine are left alone. */
  readonly rtc: Pick<KernelRtc, 'failure'> | null;
  readonly sync: SyncLoop;
  readonly inputs: Inputs | null;
  readonly sensors: Sensors | null;
  /** What the current of the amplifier is judged by; null where nothing measures it. */
  readonly currentLimits: { readonly quietMilliamps: number; readonly maxMilliamps: number } | null;
  readonly bootId: string;
  readonly stateFolder: string;
  readonly hasBroker: boolean;
  /** After so long without the cloud, people are told. */
  readonly silentAfterMs: number;
  readonly console: Pick<ConsoleLog, 'isRecent'>;
  readonly log: (line: string) => void;
};

const DAY_MS = 86_400_000;
const REASONS_MS = 10_000;

export class Report {
  readonly #parts: ReportParts;
  readonly #bootedAtMs: number;
  #health: HealthMemory;
  #doorOpenedUpMs: number | null = null;
  readonly #toldFaults = new Map<string, string | null>();
  #reasons: { readonly readUpMs: number; readonly all: readonly string[] } = { readUpMs: -Infinity, all: [] };

  constructor(parts: ReportParts) {
    this.#parts = parts;
    this.#bootedAtMs = parts.clock.read().nowMs;
    this.#health = firstHealth(parts.store.rejects());
  }

  conditions(): readonly Condition[] {
    return this.#health.shown;
  }

  look(): void {
    const view = this.#parts.agent.view();
    this.#takeEvents();
    if (view === null) return;
    this.#tellFault('inputs', view.scene.inputs?.failure ?? null);
    this.#tellFault('sensors', this.#parts.sensors?.observe().failure ?? null);
    this.#tellFault('clocks of the machine', this.#parts.rtc?.failure() ?? null);
    this.#tellFault('current', view.scene.current?.failure ?? null);
    const { memory, came, went } = watch(this.#facts(view), this.#health);
    this.#health = memory;
    if (came.length > 0) this.#parts.log(`conditions: ${came.join(', ')}`);
    if (went.length > 0) this.#parts.log(`no longer: ${went.join(', ')}`);
  }

  /** Null before the first tick. */
  status(): BoxStatus | null {
    const { agent, store, shelf, sync, bootId } = this.#parts;
    const view = agent.view();
    if (view === null) return null;
    const state = store.state();
    const { reading } = view;
    return {
      v: 1,
      dev: state.dev,
      area: view.inForce.device?.area ?? null,
      agentVersion: VERSION,
      bootId,
      atMs: Math.floor(reading.nowMs),
      upMs: Math.floor(reading.upMs),
      clock: { state: reading.state, u: reading.u, ...this.#settled(), ...radioOf(view) },
      held: this.#held(),
      stale: [...staleIn(state)],
      rejects: store.rejects(),
      now: layersNow(view),
      next: comingUp(view.situation, view.intent),
      conditions: [...this.#health.shown],
      amplifierOn: view.scene.amplifier?.on ?? null,
      media: { ...this.#media(), usedBytes: shelf.usedBytes() },
      unsentRecords: store.unsent(),
      link: sync.link(),
    };
  }

  /** As long as people are told that somebody did: from what to what. */
  #settled(): Pick<BoxStatus['clock'], 'settled'> {
    const settled = this.#parts.clock.lastSync()?.settled;
    const isShown = this.#health.shown.some(({ code }) => code === 'TIME_SETTLED');
    return isShown && settled !== undefined ? { settled } : {};
  }

  #facts(view: TickView): Facts {
    const { store, sync, clock, rtc, hasBroker, silentAfterMs, currentLimits: limits } = this.#parts;
    const { scene, memory, intent, reading } = view;
    const { amplifier } = scene;
    return {
      reading,
      isDisputed: clock.disputed() !== null,
      isUnset: rtc !== null && rtc.failure() !== null,
      settledAtMs: clock.lastSync()?.settled?.toAtMs ?? null,
      state: store.state(),
      stale: staleIn(store.state()),
      passedOver: intent.passedOver,
      link: { ...sync.link(), hasBroker, silentAfterMs, bootedAtMs: this.#bootedAtMs },
      media: { missing: this.#media().missing, noSpace: sync.lastReport()?.noSpace ?? false },
      unsentRecords: store.unsent(),
      freeBytes: freeBytes(this.#parts.stateFolder),
      storeFaults: store.faults(),
      reasons: this.#reasonsOfDay(reading),
      rejects: store.rejects(),
      player: scene.player,
      amplifier: amplifier === null ? null : { ...amplifier, wanted: memory.amplifier.on },
      tuner: scene.tuner,
      beats: scene.ether?.beats ?? null,
      isBeatSilent: scene.ether?.isBeatSilent === true,
      isByRadio: scene.reading.byRadio === true,
      screen: scene.screen,
      current: scene.current === null || limits === null ? null : { ...scene.current, ...limits },
      inputs: scene.inputs === null ? null : { ...scene.inputs, ...this.#cabinet(view) },
      sensors: this.#parts.sensors?.observe() ?? null,
      isUndecided: this.#parts.agent.isUndecided(),
      isConsoleRecent: this.#parts.console.isRecent(),
    };
  }

  /** What the contacts did between two looks: the log keeps each, and the last opening stays a condition. */
  #takeEvents(): void {
    for (const { what, upMs } of this.#parts.inputs?.takeEvents() ?? []) {
      // An age, and no instant: a box that does not know the time must not name one.
      const ageS = (this.#parts.clock.read().upMs - upMs) / 1000;
      this.#parts.log(`inputs: ${what} ${ageS.toFixed(1)} s ago`);
      if (what === 'door-opened') this.#doorOpenedUpMs = upMs;
    }
  }

  /** Once for each change: the condition says that, the log says why. */
  #tellFault(name: string, failure: string | null): void {
    if ((this.#toldFaults.get(name) ?? null) === failure) return;
    this.#toldFaults.set(name, failure);
    this.#parts.log(`${name}: ${failure ?? 'well again'}`);
  }

  #cabinet({ memory: { sound } }: TickView): { doorOpenedUpMs: number | null; isMuteSpent: boolean } {
    const isMuteSpent = sound.mute.sinceUpMs !== null && !sound.mute.silences;
    return { doorOpenedUpMs: this.#doorOpenedUpMs, isMuteSpent };
  }

  /** A day of records is not read anew each second. */
  #reasonsOfDay({ nowMs, upMs }: ClockReading): readonly string[] {
    if (upMs - this.#reasons.readUpMs >= REASONS_MS) {
      const records = this.#parts.store.recordsSince(nowMs - DAY_MS);
      this.#reasons = { readUpMs: upMs, all: records.flatMap(({ reason }) => reason ?? []) };
    }
    return this.#reasons.all;
  }

  #held(): BoxStatus['held'] {
    const { trust, docs } = this.#parts.store.state();
    const held = [trust, ...docs.values()].map(
      ({ document: { id, epoch, ver } }) => [id, { epoch, ver }] as const,
    );
    return Object.fromEntries(held);
  }

  #media(): { readonly wanted: number; readonly missing: number } {
    const { store, shelf, clock } = this.#parts;
    const wanted = wantedMedia(store.state(), clock.clock().now);
    return { wanted: wanted.length, missing: wanted.filter(({ sha256 }) => !shelf.has(sha256)).length };
  }
}

/** Whole seconds: a station is no surer, and a status is said again when it changes. */
function radioOf({ reading, inForce, scene }: TickView): Pick<BoxStatus['clock'], 'radio'> {
  const use = inForce.device?.clockless ?? 'silent';
  if (reading.state !== 'FLOOR' || use === 'silent') return {};
  const { nowMs, upMs, byRadio } = scene.reading;
  return { radio: { use, bootAtMs: byRadio === true ? Math.round((nowMs - upMs) / 1000) * 1000 : null } };
}

/** Null where the file system does not tell. */
function freeBytes(folder: string): number | null {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause) return null;
    throw cause;
  }
}
