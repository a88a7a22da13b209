/** The second of the agent's two loops: turns of sync, woken by time or by a push, one after the other, and whatever the cloud does, never a throw. */
import { areaOf } from '../../shared/protocol/addressed.ts';
import type { BoxLink } from '../../shared/wire/status.ts';
import { boxSubscriptions } from '../../shared/wire/topics.ts';
import type { Broker } from './broker.ts';
import { pushOf } from './pushes.ts';
import { syncOnce } from './sync-once.ts';
import { Timetable } from './timetable.ts';
import type { Due } from './timetable.ts';
import { SyncMemory } from './turn.ts';
import type { SyncDeps, SyncReport, Version } from './turn.ts';
import { between } from './waits.ts';
import type { Random } from './waits.ts';
import { inWords } from './words.ts';

export type LoopDeps = SyncDeps & {
  /** Null on a box that has none: then it asks. */
  readonly broker: Broker | null;
  readonly random: Random;
};

export class SyncLoop {
  readonly #deps: LoopDeps;
  readonly #memory: SyncMemory;
  readonly #timetable: Timetable;
  #timer: NodeJS.Timeout | undefined;
  #turn: Promise<void> | null = null;
  #hurry = new AbortController();
  #stopped = false;
  #nudged = new Map<string, Version>();
  /** There was a time in which orders may have passed us by. */
  #ordersMissed = true;
  #topics = '';
  #lastReport: SyncReport | null = null;
  #lastContactAtMs: number | null = null;
  #lastHeadAtMs: number | null = null;
  #unreachedSinceUpMs: number | null = null;
  #turnTrouble: string | null = null;
  #brokerTrouble: string | null = null;

  constructor(deps: LoopDeps) {
    this.#deps = deps;
    this.#memory = new SyncMemory(deps.waits);
    this.#timetable = new Timetable(deps.waits, deps.random);
  }

  /** Nothing, once it was stopped. */
  start(): void {
    if (this.#stopped) return;
    this.#deps.broker?.open(this.#subscriptions(), {
      subscribed: () => {
        this.#onSubscribed();
      },
      message: (topic, payload) => this.#onMessage(topic, payload),
      lost: (why) => {
        this.#brokerTrouble = `broker: ${why}`;
      },
    });
    this.#schedule();
  }

  /** Nothing of it runs any more when this resolves. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    this.#hurry.abort();
    this.#deps.cloud.close();
    await this.#turn;
    await this.#deps.broker?.close();
  }

  /** Somebody stands in front of the box and does not want to wait. */
  now(): void {
    this.#timetable.documentsBy(this.#upMs());
    this.#schedule();
  }

  /** Puts a status up, at once or when there is a line again; false where it is too long to be said. */
  say(status: Uint8Array): boolean {
    return this.#deps.broker?.say(status) ?? true;
  }

  link(): BoxLink {
    return {
      brokerConnected: this.#deps.broker?.connected() ?? false,
      lastContactAtMs: this.#lastContactAtMs,
      lastHeadAtMs: this.#lastHeadAtMs,
      lastError: this.#turnTrouble ?? this.#brokerTrouble,
    };
  }

  /** Uptime since which nothing that was tried had an answer (protocol §7, network down); null while the cloud is there, or was not asked. */
  unreachedSinceUpMs(): number | null {
    return this.#deps.broker?.connected() === true ? null : this.#unreachedSinceUpMs;
  }

  /** What came of the last turn; null before the first. */
  lastReport(): SyncReport | null {
    return this.#lastReport;
  }

  #schedule(): void {
    if (this.#stopped) return;
    clearTimeout(this.#timer);
    const waitMs = Math.min(Math.max(0, this.#timetable.nextAt() - this.#upMs()), 2 ** 31 - 1);
    this.#timer = setTimeout(() => {
      this.#onTime();
    }, waitMs);
  }

  /** Invariant: no turn begins before the last one has ended; a download gives way to what is due. */
  #onTime(): void {
    if (this.#turn !== null) {
      this.#hurry.abort();
      return;
    }
    this.#turn = this.#runTurn().finally(() => {
      this.#turn = null;
      this.#schedule();
    });
    this.#schedule();
  }

  async #runTurn(): Promise<void> {
    const due = this.#timetable.take(this.#upMs(), this.#nudged.size > 0);
    const orders = due.documents || this.#ordersMissed || this.#deps.broker?.connected() !== true;
    // Before the turn: a connection that comes and goes during it sets this again.
    this.#ordersMissed = false;
    const report = await this.#attempt(due, orders);
    if (orders && report?.ordersHeard !== true) this.#ordersMissed = true;
    this.#timetable.done(due, report, this.#upMs());
    this.#follow();
  }

  async #attempt(due: Due, orders: boolean): Promise<SyncReport | null> {
    this.#hurry = new AbortController();
    const nudged = this.#nudged;
    if (due.documents) this.#nudged = new Map();
    try {
      const errand = { documents: due.documents, orders, nudged, hurry: this.#hurry.signal };
      const report = await syncOnce(this.#deps, this.#memory, errand);
      this.#note(report);
      return report;
    } catch (cause) {
      // The disk, or a fault of ours: this loop goes on, and says so.
      this.#turnTrouble = `sync: ${inWords(cause)}`;
      return null;
    }
  }

  #note(report: SyncReport): void {
    this.#lastReport = report;
    if (report.asked > 0) this.#turnTrouble = report.trouble;
    if (report.answered || this.#deps.broker?.connected() === true) this.#unreachedSinceUpMs = null;
    else if (report.asked > 0) this.#unreachedSinceUpMs ??= this.#upMs();
    if (report.reached) this.#lastContactAtMs = this.#nowMs();
    if (report.headAccepted) this.#lastHeadAtMs = this.#nowMs();
  }

  /** The device document may have brought another area. */
  #follow(): void {
    const before = this.#topics;
    const topics = this.#subscriptions();
    if (this.#topics !== before) this.#deps.broker?.follow(topics);
  }

  #subscriptions(): readonly string[] {
    const state = this.#deps.store.state();
    const topics = boxSubscriptions(this.#deps.prov, state.dev, areaOf(state));
    this.#topics = topics.join('\n');
    return topics;
  }

  #onSubscribed(): void {
    this.#brokerTrouble = null;
    this.#unreachedSinceUpMs = null;
    this.#lastContactAtMs = this.#nowMs();
    this.#ordersMissed = true;
    this.#timetable.smallBy(this.#upMs());
    // The broker is back, so the cloud may be.
    if (this.#turnTrouble !== null) this.#timetable.documentsBy(this.#upMs());
    this.#schedule();
  }

  async #onMessage(topic: string, payload: Uint8Array): Promise<void> {
    try {
      const state = this.#deps.store.state();
      const push = pushOf(topic, payload, state, areaOf(state));
      if (push.kind === 'order') await this.#onOrder(payload);
      if (push.kind === 'nudge') {
        this.#nudged.set(push.id, push.version);
        this.#timetable.nudgedAt(this.#upMs());
      }
      if (push.kind !== 'nothing') this.#schedule();
    } catch (cause) {
      this.#brokerTrouble = `order: ${inWords(cause)}`;
    }
  }

  async #onOrder(bytes: Uint8Array): Promise<void> {
    const { admit, broker, waits, random } = this.#deps;
    const { code, retryAfterTrust } = await admit(bytes, 'mqtt');
    if (retryAfterTrust) this.#timetable.trustMissedAt(this.#upMs());
    // Its media, before any other.
    if (code === 'ACCEPTED') this.#timetable.smallBy(this.#upMs());
    // Left alone, it counts as away: orders are asked for over HTTP meanwhile.
    if (code === 'BACKOFF') broker?.leaveAlone(between(random, waits.floodedMs, waits.floodedMostMs));
  }

  /** Whole milliseconds, as a status says them. */
  #nowMs(): number {
    return Math.floor(this.#deps.clock.read().nowMs);
  }

  #upMs(): number {
    return this.#deps.clock.read().upMs;
  }
}
