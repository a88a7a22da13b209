/** The `Player` seam over one warm mpv: cues, releases and joins on the instant, and reports only what the audio clock proves. */
import { setTimeout as sleep } from 'node:timers/promises';
import { uptimeMs, waitUntil } from '../mpv/uptime.ts';
import type { LineIn } from '../mpv/line-in.ts';
import { MpvDeck } from '../mpv/mpv-deck.ts';
import { isLine, Rendition } from '../mpv/rendition.ts';
import { soundSurface } from './mpv-sound.ts';
import type {
  LineState,
  Outcome,
  Playback,
  Player,
  PlayerFailure,
  PlayerObserved,
  PlayerState,
} from './seam.ts';

export type MpvPlayerOptions = {
  /** A folder of this user's own; the socket lies in a private one below it. */
  readonly runtimeFolder: string;
  /** Where mpv runs apart from this process; see MpvOptions. */
  readonly playerFolder?: string | null;
  /** mpv's `--ao`, e.g. `pulse` or `alsa`; null lets mpv choose. */
  readonly ao: string | null;
  /** mpv's `--audio-device`, e.g. `pulse/box1`; null is the output's default. */
  readonly device: string | null;
  /** The input that `LINE_IN` is; default null: there is none. */
  readonly line?: LineIn | null;
  /** More for mpv, e.g. `--pulse-buffer=50`. */
  readonly flags?: readonly string[];
  /** From letting a cued file go to its first sample at the output; see scripts/bench-start.ts. */
  readonly startLatencyMs?: number;
  /** From asking for a file in place of another to its first sample at the output. */
  readonly joinLatencyMs?: number;
  /** From asking for the line input to its first sample at the output; see scripts/bench-line.ts. */
  readonly lineLatencyMs?: number;
  /** How long a file or stream may take to load. Default 5,000 and 20,000. */
  readonly loadTimeoutMs?: number;
  readonly streamTimeoutMs?: number;
  readonly requestTimeoutMs?: number;
  /** Added to mpv's environment, e.g. PULSE_SERVER. */
  readonly env?: Readonly<Record<string, string>>;
};

/** Measured by scripts/bench-start.ts through a PulseAudio null sink; a sound card adds its own, which is configuration. */
const measured = { startLatencyMs: 0, joinLatencyMs: 2, lineLatencyMs: 205 };
const fadeStepMs = 15;

const ok: Outcome = { ok: true };
const failed = (code: PlayerFailure['code'], detail: string): Outcome => ({
  ok: false,
  failure: { code, detail },
});

export class MpvPlayer implements Player {
  readonly #options: MpvPlayerOptions;
  readonly #deck: MpvDeck;
  /** Aborted by whatever comes next: a release or a join that has not happened by then never does. */
  #pending = new AbortController();

  constructor(options: MpvPlayerOptions) {
    this.#options = options;
    const { ao, device, line = null, flags = [] } = options;
    const { loadTimeoutMs = 5_000, streamTimeoutMs = 20_000 } = options;
    this.#deck = new MpvDeck({
      ...options,
      name: 'sound',
      surface: soundSurface({ ao, device, line, flags }),
      loadTimeoutMs,
      streamTimeoutMs,
      onLost: () => {
        this.#disarm();
      },
    });
  }

  /** Process id of the mpv behind it, for tests; null while there is none. */
  get pid(): number | null {
    return this.#deck.mpv.pid;
  }

  open(): Promise<void> {
    return this.#deck.open();
  }

  async cue(playback: Playback): Promise<Outcome> {
    const signal = this.#disarm();
    await this.#deck.mpv.request(['set_property', 'pause', true]);
    // Loaded now, it would take the place of what came meanwhile, and sound at once where that has lifted the pause.
    if (signal.aborted) return failed('superseded', 'another command came before this was loaded');
    return this.#deck.load(new Rendition(playback, 'cued'), []);
  }

  release(atUpMs: number): Promise<Outcome> {
    const { rendition, alive } = this.#deck;
    if (!alive || rendition?.phase !== 'cued') return Promise.resolve(failed('not-cued', 'nothing is cued'));
    const signal = this.#disarm();
    const dueUpMs = atUpMs - (this.#options.startLatencyMs ?? measured.startLatencyMs);
    void waitUntil(dueUpMs, signal).then((due) => {
      if (!due) return;
      rendition.phase = 'playing';
      void this.#deck.mpv.request(['set_property', 'pause', false]);
    });
    return Promise.resolve(ok);
  }

  async replace(playback: Playback, atUpMs: number | null): Promise<Outcome> {
    const signal = this.#disarm();
    const { joinLatencyMs, lineLatencyMs } = { ...measured, ...this.#options };
    const latencyMs = playback.tracks.some(isLine) ? lineLatencyMs : joinLatencyMs;
    if (atUpMs !== null && !(await waitUntil(atUpMs - latencyMs, signal))) {
      return failed('superseded', 'another command came before this join');
    }
    return this.#deck.load(new Rendition(playback, 'playing'), [['set_property', 'pause', false]]);
  }

  async stop(fadeMs: number): Promise<void> {
    const signal = this.#disarm();
    await this.#fade(fadeMs, signal);
    await this.#deck.read();
    if (signal.aborted) return;
    this.#deck.supersede();
    const { rendition } = this.#deck;
    if (rendition?.over === false) rendition.phase = 'stopped';
    await this.#deck.mpv.request(['stop']);
  }

  observe(): PlayerObserved {
    const { rendition, before, alive, output } = this.#deck;
    return {
      state: this.#state(),
      playback: rendition?.observe() ?? null,
      before: before?.observe() ?? null,
      moving: alive && rendition?.phase === 'playing' && rendition.heard.isMoving(uptimeMs()),
      output,
      line: this.#lineState(),
    };
  }

  async close(): Promise<void> {
    this.#disarm();
    this.#deck.supersede();
    await this.#deck.close();
  }

  #state(): PlayerState {
    const { rendition, alive } = this.#deck;
    if (!alive) return 'absent';
    const phase = rendition?.phase ?? 'stopped';
    return phase === 'stopped' ? 'idle' : phase;
  }

  #lineState(): LineState {
    if ((this.#options.line ?? null) === null) return 'none';
    return this.#deck.alive && this.#deck.rendition?.hasLineOpen === true ? 'open' : 'closed';
  }

  #disarm(): AbortSignal {
    this.#pending.abort();
    this.#pending = new AbortController();
    return this.#pending.signal;
  }

  async #fade(fadeMs: number, signal: AbortSignal): Promise<void> {
    const { rendition } = this.#deck;
    if (rendition?.phase !== 'playing') return;
    const steps = Math.floor(fadeMs / fadeStepMs);
    for (let step = 1; step <= steps && !signal.aborted; step += 1) {
      await this.#deck.mpv.request([
        'set_property',
        'volume',
        rendition.playback.volume * (1 - step / steps),
      ]);
      await sleep(fadeStepMs);
    }
  }
}
