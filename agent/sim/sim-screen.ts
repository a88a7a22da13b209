/** A board without a picture on a virtual uptime: keeps what it was told to show, and fails on request. */
import { createHash } from 'node:crypto';
import type { Uptime } from '../clock/seam.ts';
import type { Outcome, PlayerFailure } from '../devices/player/seam.ts';
import type { Screen, Screenshot, ScreenObserved, View } from '../devices/screen/seam.ts';
import { lengthOfList } from './track-line.ts';

/** What somebody in front of the board would have seen; `toUpMs` is null while it shows. */
export type Seen = {
  readonly key: string;
  readonly view: View;
  readonly fromUpMs: number;
  toUpMs: number | null;
};

const ok: Outcome = { ok: true };
const restartMs = 300;

export class SimScreen implements Screen {
  readonly #uptime: Uptime;
  readonly seen: Seen[] = [];
  readonly tickers: { readonly upMs: number; readonly text: string | null }[] = [];
  #open = false;
  #unplugged = false;
  #failNext: PlayerFailure | null = null;
  #failure: PlayerFailure | null = null;
  #ticker: string | null = null;
  #absentUntilUpMs = -Infinity;

  constructor(uptime: Uptime) {
    this.#uptime = uptime;
  }

  open(): Promise<void> {
    this.#open = true;
    return Promise.resolve();
  }

  show(key: string, view: View): Promise<Outcome> {
    const refused = this.#refusal();
    if (refused !== null) return Promise.resolve({ ok: false, failure: refused });
    this.#end();
    this.#failure = null;
    this.seen.push({ key, view, fromUpMs: this.#uptime.upMs(), toUpMs: null });
    return Promise.resolve(ok);
  }

  ticker(text: string | null): Promise<Outcome> {
    const refused = this.#refusal();
    if (refused !== null) return Promise.resolve({ ok: false, failure: refused });
    this.#ticker = text;
    this.tickers.push({ upMs: this.#uptime.upMs(), text });
    return Promise.resolve(ok);
  }

  /** There is no picture, so there is no file of one; its hash stands in `observe`. */
  screenshot(): Promise<Screenshot | null> {
    return Promise.resolve(null);
  }

  observe(): ScreenObserved {
    const now = this.#showing();
    const shownMs = now === undefined ? 0 : this.#shownMs(now);
    return {
      state: this.#state(),
      key: now?.key ?? null,
      ticker: this.#ticker,
      shownMs,
      screenshotSha256: now === undefined ? null : hashOf(JSON.stringify(now.view)),
      output: this.#state() === 'absent' ? null : 'sim',
      failure: this.#failure,
    };
  }

  close(): Promise<void> {
    this.#end();
    this.#open = false;
    return Promise.resolve();
  }

  failNext(failure: PlayerFailure): void {
    this.#failNext = failure;
  }

  /** The process dies now; the next one knows nothing of what was shown. */
  kill(): void {
    this.#end();
    this.#ticker = null;
    this.#failure = { code: 'died', detail: 'mpv ended by SIGKILL' };
    this.#absentUntilUpMs = this.#uptime.upMs() + restartMs;
  }

  /** No display from now on. */
  unplug(): void {
    this.#unplugged = true;
    this.#end();
  }

  plug(): void {
    this.#unplugged = false;
  }

  #refusal(): PlayerFailure | null {
    if (!this.#open) throw new Error('the screen was not opened');
    if (this.#state() === 'absent') return { code: 'died', detail: 'there is no screen process just now' };
    if (this.#unplugged) return { code: 'no-output', detail: 'no display' };
    const failure = this.#failNext;
    this.#failNext = null;
    this.#failure = failure;
    return failure;
  }

  #state(): ScreenObserved['state'] {
    if (!this.#open || this.#uptime.upMs() < this.#absentUntilUpMs) return 'absent';
    if (this.#unplugged || (this.#failure !== null && this.#failure.code !== 'died')) return 'failed';
    const now = this.#showing();
    if (now === undefined) return 'idle';
    const { view } = now;
    if (view.kind !== 'media') return 'showing';
    return this.#shownMs(now) >= lengthOfList(view, lengthOf) ? 'ended' : 'showing';
  }

  #showing(): Seen | undefined {
    const last = this.seen.at(-1);
    return last?.toUpMs === null ? last : undefined;
  }

  #shownMs({ view, fromUpMs }: Seen): number {
    const sinceMs = this.#uptime.upMs() - fromUpMs;
    return view.kind === 'media' ? Math.min(sinceMs, lengthOfList(view, lengthOf)) : sinceMs;
  }

  #end(): void {
    const now = this.#showing();
    if (now !== undefined) now.toUpMs = this.#uptime.upMs();
  }
}

const lengthOf = ({ durationMs }: { readonly durationMs: number | null }): number => durationMs ?? Infinity;

const hashOf = (text: string): string => createHash('sha256').update(text).digest('base64url');
