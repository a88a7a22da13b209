/** A player without sound on a virtual uptime: behaves as the seam says, refuses what it forbids, and fails on request. */
import type { Uptime } from '../clock/seam.ts';
import type {
  Outcome,
  Playback,
  PlaybackObserved,
  Player,
  PlayerFailure,
  PlayerObserved,
  Track,
} from '../devices/player/seam.ts';
import { hasLine, SimLine } from './sim-line.ts';
import { lengthOfList, spotAfter } from './track-line.ts';

/** What somebody beside the loudspeaker would have heard. `toUpMs` is null while it sounds. */
export type Sounded = {
  readonly key: string;
  readonly uri: string;
  readonly volume: number;
  readonly fromUpMs: number;
  readonly toUpMs: number | null;
};

type Take = {
  readonly playback: Playback;
  /** When its first sample is due; null while it is cued. */
  fromUpMs: number | null;
  /** When it was cut, hung or lost; null while it may go on. */
  cutUpMs: number | null;
  failure: PlayerFailure | null;
  stopped: boolean;
};

const ok: Outcome = { ok: true };
/** As the real one: so long until a player that does not answer is killed, and until the next one answers. */
const noticeMs = 3_000;
const restartMs = 300;

export class SimPlayer implements Player {
  readonly #uptime: Uptime;
  readonly #broken = new Map<string, PlayerFailure>();
  readonly #cutShort = new Map<string, number>();
  readonly #takes: Take[] = [];
  #joining: { readonly playback: Playback; readonly atUpMs: number } | null = null;
  #failNext: PlayerFailure | null = null;
  #unplugged = false;
  readonly line: SimLine;
  #open = false;
  /** The process is gone, or hangs and will be, until here. */
  #awayFromUpMs = Infinity;
  #awayUntilUpMs = -Infinity;

  /** `hasLine`: this box has a line input. */
  constructor(uptime: Uptime, wiring: { readonly hasLine: boolean } = { hasLine: false }) {
    this.#uptime = uptime;
    this.line = new SimLine(wiring.hasLine);
  }

  open(): Promise<void> {
    this.#open = true;
    return Promise.resolve();
  }

  cue(playback: Playback): Promise<Outcome> {
    this.#settle();
    const refused = this.#refusal(playback);
    this.#cut();
    this.#takes.push({
      playback,
      fromUpMs: null,
      cutUpMs: null,
      failure: this.#failureIn(playback),
      stopped: false,
    });
    return Promise.resolve(refused === null ? ok : this.#fail(refused));
  }

  release(atUpMs: number): Promise<Outcome> {
    this.#settle();
    const take = this.#takes.at(-1);
    if (this.#state() !== 'cued' || take === undefined) {
      return Promise.resolve({ ok: false, failure: { code: 'not-cued', detail: 'nothing is cued' } });
    }
    take.fromUpMs = Math.max(atUpMs, this.#uptime.upMs());
    return Promise.resolve(ok);
  }

  /** Virtual time cannot wait inside a call: it is armed at once, and the old playback is heard until its instant. */
  replace(playback: Playback, atUpMs: number | null): Promise<Outcome> {
    this.#settle();
    const refused = this.#refusal(playback);
    this.#joining = { playback, atUpMs: Math.max(atUpMs ?? 0, this.#uptime.upMs()) };
    this.#settle();
    return Promise.resolve(refused === null ? ok : this.#fail(refused));
  }

  stop(_fadeMs: number): Promise<void> {
    this.#settle();
    this.#cut();
    const take = this.#takes.at(-1);
    if (take !== undefined && !this.#isOver(take)) take.stopped = true;
    return Promise.resolve();
  }

  observe(): PlayerObserved {
    this.#settle();
    const take = this.#takes.at(-1);
    const before = this.#takes.at(-2);
    const state = this.#state();
    const upMs = this.#uptime.upMs();
    const moving = state === 'playing' && take?.cutUpMs === null && (take.fromUpMs ?? Infinity) < upMs;
    return {
      state,
      playback: take === undefined ? null : this.#numbers(take),
      before: before === undefined ? null : this.#numbers(before),
      moving,
      output: moving ? 'sim/null' : null,
      line: this.line.state(state === 'playing' ? (take?.playback ?? null) : null),
    };
  }

  close(): Promise<void> {
    this.#settle();
    this.#cut();
    this.#open = false;
    return Promise.resolve();
  }

  /** All that was heard so far, oldest first. */
  heard(): readonly Sounded[] {
    this.#settle();
    const upMs = this.#uptime.upMs();
    return this.#takes.flatMap((take) => {
      const { playback, fromUpMs } = take;
      const playedMs = this.#playedMs(take);
      if (fromUpMs === null || playedMs === 0) return [];
      const going = take === this.#takes.at(-1) && this.#state() === 'playing' && fromUpMs + playedMs >= upMs;
      const { trackIndex } = spotAfter(playback, 0, this.#lengthOf);
      const uri = playback.tracks[trackIndex]?.uri ?? '';
      const toUpMs = going ? null : fromUpMs + playedMs;
      return [{ key: playback.key, uri, volume: playback.volume, fromUpMs, toUpMs }];
    });
  }

  /** The next cue or join fails so. */
  failNext(failure: PlayerFailure): void {
    this.#failNext = failure;
  }

  /** This file or stream always fails so. */
  breakTrack(uri: string, failure: PlayerFailure): void {
    this.#broken.set(uri, failure);
  }

  /** This file ends after so many ms, whatever was signed. */
  cutTrackShort(uri: string, lengthMs: number): void {
    this.#cutShort.set(uri, lengthMs);
  }

  /** No sound device from now on. */
  unplug(): void {
    this.#settle();
    this.#unplugged = true;
    this.#lose({ code: 'no-output', detail: 'the sound device is gone' });
  }

  plug(): void {
    this.#unplugged = false;
  }

  /** The line input is gone from now on. */
  unplugLine(): void {
    this.#settle();
    this.line.unplug();
    const playback = this.#takes.at(-1)?.playback;
    if (playback !== undefined && hasLine(playback))
      this.#lose({ code: 'no-input', detail: 'the line input is gone' });
  }

  /** The process dies now and is started again. */
  kill(): void {
    this.#settle();
    this.#goAway(this.#uptime.upMs(), { code: 'died', detail: 'mpv ended by SIGKILL' });
  }

  /** The process stops answering now; it is noticed, killed and started again. */
  hang(): void {
    this.#settle();
    this.#goAway(this.#uptime.upMs() + noticeMs, { code: 'hung', detail: `no answer after ${noticeMs} ms` });
  }

  #goAway(fromUpMs: number, failure: PlayerFailure): void {
    this.#lose(failure);
    this.#joining = null;
    this.#awayFromUpMs = fromUpMs;
    this.#awayUntilUpMs = fromUpMs + restartMs;
  }

  #lose(failure: PlayerFailure): void {
    const take = this.#takes.at(-1);
    if (take === undefined || this.#isOver(take)) return;
    take.cutUpMs = this.#uptime.upMs();
    take.failure ??= failure;
  }

  #state(): PlayerObserved['state'] {
    const upMs = this.#uptime.upMs();
    const take = this.#takes.at(-1);
    const away = upMs >= this.#awayFromUpMs && upMs < this.#awayUntilUpMs;
    if (!this.#open || away) return 'absent';
    if (take === undefined || take.stopped) return 'idle';
    const lost = take.cutUpMs !== null;
    if (lost && (take.failure?.code === 'died' || take.failure?.code === 'hung')) {
      return upMs < this.#awayFromUpMs ? 'playing' : 'idle';
    }
    if (lost || this.#isOver(take)) return this.#failureOf(take) === null ? 'ended' : 'failed';
    return take.fromUpMs === null || take.fromUpMs > upMs ? 'cued' : 'playing';
  }

  #refusal(playback: Playback): PlayerFailure | null {
    if (!this.#open) throw new Error('the player was not opened');
    if (playback.tracks[playback.startIndex] === undefined)
      throw new Error(`no track ${playback.startIndex}`);
    if (this.#state() === 'absent') return { code: 'died', detail: 'there is no player process just now' };
    if (this.#unplugged) return { code: 'no-output', detail: 'no sound output opens' };
    const failure = this.#failNext ?? this.line.refusal(playback);
    this.#failNext = null;
    return failure ?? (lengthOfList(playback, this.#lengthOf) === 0 ? this.#failureIn(playback) : null);
  }

  #fail(failure: PlayerFailure): Outcome {
    const take = this.#takes.at(-1);
    if (take !== undefined) {
      take.failure = failure;
      take.cutUpMs = this.#uptime.upMs();
    }
    return { ok: false, failure };
  }

  #failureIn({ tracks }: Playback): PlayerFailure | null {
    const broken = tracks.find((track) => this.#broken.has(track.uri));
    return broken === undefined ? null : (this.#broken.get(broken.uri) ?? null);
  }

  #settle(): void {
    const joining = this.#joining;
    if (joining === null || joining.atUpMs > this.#uptime.upMs()) return;
    this.#cut(joining.atUpMs);
    const { playback, atUpMs } = joining;
    const failure = this.#failureIn(playback);
    this.#takes.push({ playback, fromUpMs: atUpMs, cutUpMs: null, failure, stopped: false });
  }

  #cut(atUpMs = this.#uptime.upMs()): void {
    this.#joining = null;
    const take = this.#takes.at(-1);
    if (take?.cutUpMs === null) take.cutUpMs = atUpMs;
  }

  readonly #lengthOf = (track: Track): number => {
    if (this.#broken.has(track.uri)) return 0;
    return this.#cutShort.get(track.uri) ?? track.durationMs ?? Infinity;
  };

  #isOver(take: Take): boolean {
    const upMs = Math.min(this.#uptime.upMs(), take.cutUpMs ?? Infinity);
    return take.fromUpMs !== null && upMs - take.fromUpMs >= lengthOfList(take.playback, this.#lengthOf);
  }

  #playedMs({ playback, fromUpMs, cutUpMs }: Take): number {
    if (fromUpMs === null) return 0;
    const untilUpMs = Math.min(this.#uptime.upMs(), cutUpMs ?? Infinity);
    return Math.max(0, Math.min(untilUpMs - fromUpMs, lengthOfList(playback, this.#lengthOf)));
  }

  #numbers(take: Take): PlaybackObserved {
    const { playback, fromUpMs } = take;
    const playedMs = this.#playedMs(take);
    const { trackIndex, pass, positionMs } = spotAfter(playback, playedMs, this.#lengthOf);
    return {
      key: playback.key,
      playedMs,
      trackIndex,
      pass,
      positionMs,
      startedUpMs: playedMs > 0 ? fromUpMs : null,
      peakDbfs: playedMs > 0 ? this.line.levelOf(playback) : null,
      failure: this.#failureOf(take),
    };
  }

  /** What went wrong, or that a file was shorter than signed, which shows at its end. */
  #failureOf(take: Take): PlayerFailure | null {
    const short = take.playback.tracks.find(({ uri }) => this.#cutShort.has(uri));
    if (take.failure !== null || short === undefined || !this.#isOver(take)) return take.failure;
    return { code: 'truncated', detail: short.uri };
  }
}
