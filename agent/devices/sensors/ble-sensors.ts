/**
 * Sensors by Bluetooth: keeps a scan going, believes none of its lines unread, and remembers what each sensor said. A
 * scan that ends, hangs or talks nonsense is let go of and begun again, later each time; nothing of it waits or throws.
 */
import type { Pace } from '../bus/seam.ts';
import type { BthomeSender } from './bthome.ts';
import { ScanLines } from './scan-line.ts';
import type { ScanLine } from './scan-line.ts';
import { ALIVE_EVERY_MS } from './scan-process.ts';
import type { ScanEvents, StartScan } from './scan-process.ts';
import type { SensorObserved, Sensors, SensorsObserved, SensorWiring } from './seam.ts';
import { hearAdvert, nothingKept, senderOf } from './sensor-memory.ts';
import type { SensorMemory } from './sensor-memory.ts';

export type BleSensorsOptions = {
  readonly sensors: readonly SensorWiring[];
  readonly start: StartScan;
  readonly pace: Pace;
};

/** From the connection to the first word: Node, noble and a controller that has to be woken. */
const FIRST_WORD_MS = 60_000;
const HUNG_MS = 6 * ALIVE_EVERY_MS;
/** A scan says a few lines a second; more than so many between two looks is a scan gone mad. */
const LINES_MOST = 2_000;
const LOOK_MS = ALIVE_EVERY_MS;
const AGAIN_FIRST_MS = 1_000;
const AGAIN_MOST_MS = 120_000;
/** After so long a scan was a good one, and the next is begun at once. */
const GOOD_MS = 60_000;

type Kept = { readonly wiring: SensorWiring; readonly sender: BthomeSender; memory: SensorMemory };

export class BleSensors implements Sensors {
  readonly #kept: ReadonlyMap<string, Kept>;
  readonly #start: StartScan;
  readonly #pace: Pace;
  readonly #closed = new AbortController();
  #state: SensorsObserved['state'] = 'starting';
  #failure: string | null = null;
  #beganUpMs = 0;
  #running: Promise<void> = Promise.resolve();

  constructor({ sensors, start, pace }: BleSensorsOptions) {
    this.#kept = new Map(
      sensors.map((wiring) => [wiring.address, { wiring, sender: senderOf(wiring), memory: nothingKept }]),
    );
    this.#start = start;
    this.#pace = pace;
  }

  open(): Promise<void> {
    this.#beganUpMs = this.#pace.upMs();
    this.#running = this.#keepScanning();
    return Promise.resolve();
  }

  observe(): SensorsObserved {
    const sensors = [...this.#kept.values()].map(observed);
    return { state: this.#state, failure: this.#failure, beganUpMs: this.#beganUpMs, sensors };
  }

  async close(): Promise<void> {
    this.#closed.abort();
    await this.#running;
  }

  async #keepScanning(): Promise<void> {
    const { signal } = this.#closed;
    let againMs = AGAIN_FIRST_MS;
    while (!signal.aborted) {
      const beganUpMs = this.#pace.upMs();
      const why = await this.#scan();
      this.#state = 'away';
      this.#failure = why;
      if (this.#pace.upMs() - beganUpMs >= GOOD_MS) againMs = AGAIN_FIRST_MS;
      await this.#pace.wait(againMs, signal);
      againMs = Math.min(againMs * 2, AGAIN_MOST_MS);
    }
  }

  /** One scan, from its start to its end; why it ended. */
  async #scan(): Promise<string> {
    const over = new AbortController();
    const talk = { lines: new ScanLines(), aliveUpMs: null as number | null, count: 0 };
    const ended = Promise.withResolvers<string>();
    const end = (fault: string) => {
      ended.resolve(fault);
      over.abort();
    };
    const onText = (text: string) => {
      if (over.signal.aborted) return;
      for (const line of talk.lines.hear(text)) {
        talk.count += 1;
        if (line !== null && 'scan' in line) talk.aliveUpMs = this.#pace.upMs();
        const fault = talk.count > LINES_MOST ? 'the scan floods its line' : this.#take(line);
        if (fault !== null) {
          end(fault);
          return;
        }
      }
    };
    const stop = this.#begin({ onText, onEnd: end });
    const why = await Promise.race([ended.promise, this.#watch(talk, over.signal)]);
    end(why);
    stop();
    return why;
  }

  /** A program that cannot be started for want of memory is thrown over; the agent needs none. */
  #begin(events: ScanEvents): () => void {
    try {
      return this.#start([...this.#kept.keys()], events);
    } catch (cause) {
      events.onEnd(cause instanceof Error ? cause.message : String(cause));
      return () => undefined;
    }
  }

  /** Why this line is the last one; null where it is not. */
  #take(line: ScanLine | null): string | null {
    if (line === null) return 'the scan talks nonsense';
    if ('fault' in line) return line.fault;
    if ('scan' in line) {
      this.#state = 'scanning';
      this.#failure = null;
      return null;
    }
    const kept = this.#kept.get(line.address);
    if (kept === undefined) return null;
    const advert = { rssiDbm: line.rssiDbm, data: Buffer.from(line.data, 'hex') };
    kept.memory = hearAdvert(kept.memory, kept.sender, advert, this.#pace.upMs());
    return null;
  }

  /** Ends with why this scan is to be let go of. */
  async #watch(talk: { aliveUpMs: number | null; count: number }, over: AbortSignal): Promise<string> {
    const signal = AbortSignal.any([over, this.#closed.signal]);
    const beganUpMs = this.#pace.upMs();
    while (!signal.aborted) {
      talk.count = 0;
      await this.#pace.wait(LOOK_MS, signal);
      const nowUpMs = this.#pace.upMs();
      if (talk.aliveUpMs === null && nowUpMs - beganUpMs >= FIRST_WORD_MS) return 'the scan does not begin';
      if (talk.aliveUpMs !== null && nowUpMs - talk.aliveUpMs >= HUNG_MS) return 'the scan hangs';
    }
    return 'closed';
  }
}

const USUALLY_SILENT_AFTER_MS = 3_600_000;

function observed({ wiring: { name, where, silentAfterMs }, memory }: Kept): SensorObserved {
  const { counter: _counter, toldUpMs: _toldUpMs, isTriggered, ...kept } = memory;
  const usualMs = isTriggered ? null : USUALLY_SILENT_AFTER_MS;
  return { name, where, silentAfterMs: silentAfterMs === undefined ? usualMs : silentAfterMs, ...kept };
}
