/** Keeps one mpv alive: starts it, restarts it when it dies or hangs, and passes commands while it answers. */
import type { MpvAnswer, MpvCommand, MpvEvent, MpvWire } from './mpv-wire.ts';
import { connectMpv } from './mpv-wire.ts';
import type { MpvProcess } from './mpv-process.ts';
import { startMpv } from './mpv-process.ts';

export type MpvOptions = {
  /** Which of this box's players it is: `sound` or `screen`. */
  readonly name: string;
  readonly runtimeFolder: string;
  /** Of an installed box, where mpv runs as a user of its own. Default null: as a child of this process. */
  readonly playerFolder?: string | null;
  readonly flags: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /**
   * How long nothing at all may be heard of mpv while an answer is due, before it counts as hung and is killed.
   * Default 3,000: less, and a machine that is busy with something else breaks off what sounds.
   */
  readonly requestTimeoutMs?: number;
  /** How often an answer is asked for when nothing else is asked. Default 1,000. */
  readonly heartbeatMs?: number;
};

export type MpvDown = { readonly code: 'hung' | 'died'; readonly detail: string };

export type MpvListener = {
  /** A fresh mpv answers: nothing that an earlier one knew is left. */
  readonly up: () => void;
  readonly down: (why: MpvDown) => void;
  readonly event: (event: MpvEvent) => void;
};

const startTimeoutMs = 20_000;
const firstPauseMs = 50;
const longestPauseMs = 10_000;
/** A process that lived this long starts the back-off anew. */
const soundLifeMs = 30_000;

const gone: MpvAnswer = { ok: false, why: 'closed', detail: 'mpv is not running' };

export class Mpv {
  readonly #options: MpvOptions;
  readonly #listener: MpvListener;
  #process: MpvProcess | null = null;
  #wire: MpvWire | null = null;
  #hung: string | null = null;
  #closing = false;
  #pauseMs = firstPauseMs;
  #upSince = 0;
  #restart: NodeJS.Timeout | undefined;
  #heartbeat: NodeJS.Timeout | undefined;

  constructor(options: MpvOptions, listener: MpvListener) {
    this.#options = options;
    this.#listener = listener;
  }

  get pid(): number | null {
    return this.#process?.pid ?? null;
  }

  /** Throws where mpv cannot be started now, and goes on trying; later ends are mended without a word. */
  async open(): Promise<void> {
    const beatMs = this.#options.heartbeatMs ?? 1_000;
    this.#heartbeat = setInterval(() => void this.request(['get_property', 'pid']), beatMs);
    try {
      await this.#start();
    } catch (error) {
      this.#startLater();
      throw error;
    }
  }

  /** An mpv that does not answer in time, or has closed its socket, is killed; the next one comes up by itself. */
  async request(command: MpvCommand): Promise<MpvAnswer> {
    const wire = this.#wire;
    const asked = this.#process;
    if (wire === null) return gone;
    const answer = await wire.request(command);
    if (!answer.ok && answer.why !== 'refused' && asked === this.#process) {
      if (answer.why === 'hung') this.#hung = answer.detail;
      asked?.kill();
    }
    return answer;
  }

  async close(): Promise<void> {
    this.#closing = true;
    clearTimeout(this.#restart);
    clearInterval(this.#heartbeat);
    this.#wire?.close();
    this.#wire = null;
    this.#process?.kill();
    await this.#process?.exited;
  }

  async #start(): Promise<void> {
    const {
      name,
      runtimeFolder,
      flags,
      playerFolder = null,
      env = {},
      requestTimeoutMs = 3_000,
    } = this.#options;
    const process = await startMpv({ name, runtimeFolder, playerFolder, flags, env, startTimeoutMs });
    this.#process = process;
    const onEvent = (event: MpvEvent): void => {
      if (this.#process === process) this.#listener.event(event);
    };
    const wire = await connectMpv({ socketPath: process.socketPath, requestTimeoutMs, onEvent });
    if (wire === null || this.#closing) {
      process.kill();
      throw new Error(`mpv does not answer on its socket: ${await process.exited}`);
    }
    this.#wire = wire;
    this.#hung = null;
    this.#upSince = performance.now();
    void process.exited.then((detail) => {
      this.#ended(detail);
    });
    this.#listener.up();
  }

  #ended(detail: string): void {
    this.#wire?.close();
    this.#wire = null;
    this.#process = null;
    if (this.#closing) return;
    if (performance.now() - this.#upSince > soundLifeMs) this.#pauseMs = firstPauseMs;
    this.#listener.down(
      this.#hung === null ? { code: 'died', detail } : { code: 'hung', detail: this.#hung },
    );
    this.#startLater();
  }

  #startLater(): void {
    if (this.#closing) return;
    this.#restart = setTimeout(() => {
      this.#start().catch((error: unknown) => {
        this.#process = null;
        this.#listener.down({ code: 'died', detail: error instanceof Error ? error.message : String(error) });
        this.#startLater();
      });
    }, this.#pauseMs);
    this.#pauseMs = Math.min(this.#pauseMs * 2, longestPauseMs);
  }
}
