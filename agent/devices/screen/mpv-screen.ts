/** The `Screen` seam over one warm mpv: pages drawn by the agent, pictures and videos as they are, running text above. */
import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { open, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { placesOf } from '../mpv/mpv-apart.ts';
import { MpvDeck } from '../mpv/mpv-deck.ts';
import { Rendition } from '../mpv/rendition.ts';
import { uptimeMs } from '../mpv/uptime.ts';
import type { Outcome, Playback, PlayerFailure } from '../player/seam.ts';
import { viewSurface } from './mpv-view.ts';
import type { Picture } from './page.ts';
import { svgOf } from './page.ts';
import { testSvg } from './test-page.ts';
import type { Screen, Screenshot, ScreenObserved, View } from './seam.ts';
import { canvas, runnerX, tickerAt, wordsAt } from './ticker.ts';

export type MpvScreenOptions = {
  /** A folder of this user's own: screenshots lie in it, and where mpv is a child, socket and pages. */
  readonly runtimeFolder: string;
  /** Where mpv runs apart from this process; see MpvOptions. */
  readonly playerFolder?: string | null;
  /** mpv's `--vo`: `gpu` on a board (or under Xvfb), `null` where there is no display at all. */
  readonly vo: string;
  /** More for mpv, e.g. `--drm-mode=1920x1080@60`, `--hwdec=auto-safe`. */
  readonly flags?: readonly string[];
  /** Where the board stands, in words for people. */
  readonly place: string;
  readonly tickerPxPerS?: number;
  readonly requestTimeoutMs?: number;
  /** Added to mpv's environment, e.g. DISPLAY. */
  readonly env?: Readonly<Record<string, string>>;
};

const ok: Outcome = { ok: true };
const tickerOverlay = 1;
/** 25 steps a second: what a software renderer keeps up with at this size. */
const tickerStepMs = 40;
/** A page's picture may be so large: what an SVG parser takes in one attribute, in base64. */
const pictureBytes = 7_000_000;
/** After a view was loaded, until its frame stands in the output. */
const settleMs = 600;

const failed = (code: PlayerFailure['code'], detail: string): Outcome => ({
  ok: false,
  failure: { code, detail },
});

/** Null where it is neither PNG nor JPEG, or too large: a page without its picture still says what it has to say. */
const pictureAt = async (path: string | null): Promise<Picture | null> => {
  if (path === null) return null;
  const bytes = await readFile(path).catch(() => Buffer.alloc(0));
  if (bytes.length > pictureBytes) return null;
  const head = bytes.subarray(0, 4).toString('hex');
  if (head === '89504e47') return { mime: 'image/png', base64: bytes.toString('base64') };
  return head.startsWith('ffd8ff') ? { mime: 'image/jpeg', base64: bytes.toString('base64') } : null;
};

const screenshotBytes = 20_000_000;

/** mpv may be somebody else by now: what it calls a picture is followed nowhere, waited for never, and has an end. */
const plainFileAt = async (path: string): Promise<Buffer | null> => {
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;
  const file = await open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK).catch(() => null);
  if (file === null) return null;
  try {
    const { size } = await file.stat().then((it) => (it.isFile() ? it : { size: Infinity }));
    return size > screenshotBytes ? null : (await file.read(Buffer.alloc(size), 0, size, 0)).buffer;
  } finally {
    await file.close();
  }
};

type Ticker = { readonly text: string; readonly timer: NodeJS.Timeout };

export class MpvScreen implements Screen {
  readonly #options: MpvScreenOptions;
  readonly #places: { readonly own: string; readonly pages: string };
  readonly #deck: MpvDeck;
  #turn = 0;
  #page: string | null = null;
  #ticker: Ticker | null = null;
  #shot: Screenshot | null = null;
  #shotTimer: NodeJS.Timeout | undefined;
  #lastShot: Promise<unknown> = Promise.resolve();

  constructor(options: MpvScreenOptions) {
    this.#options = options;
    const { runtimeFolder, playerFolder = null } = options;
    this.#places =
      playerFolder === null ? { own: runtimeFolder, pages: runtimeFolder } : placesOf(playerFolder, 'screen');
    this.#deck = new MpvDeck({
      ...options,
      name: 'screen',
      surface: viewSurface(options.vo, options.flags ?? []),
      requestTimeoutMs: options.requestTimeoutMs ?? 8_000,
      loadTimeoutMs: 15_000,
      streamTimeoutMs: 20_000,
      onLost: () => {
        this.#forget();
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

  async show(key: string, view: View): Promise<Outcome> {
    this.#turn += 1;
    const turn = this.#turn;
    const drawn = await this.#playbackOf(key, view);
    if (turn !== this.#turn) return failed('superseded', 'another view came before this was drawn');
    clearTimeout(this.#shotTimer);
    this.#shot = null;
    const outcome = await this.#deck.load(new Rendition(drawn.playback, 'playing'), [
      ['set_property', 'pause', false],
    ]);
    if (turn !== this.#turn) return failed('superseded', 'another view came before this was shown');
    if (this.#page !== null && this.#page !== drawn.page) await rm(this.#page, { force: true });
    this.#page = drawn.page;
    if (outcome.ok) this.#shotTimer = setTimeout(() => void this.screenshot(), settleMs);
    return outcome;
  }

  async ticker(text: string | null): Promise<Outcome> {
    clearInterval(this.#ticker?.timer);
    this.#ticker = null;
    if (!this.#deck.alive) return failed('died', 'there is no screen process just now');
    if (text === null) {
      await this.#overlay('', false);
      return ok;
    }
    const width = await this.#widthOf(text);
    const sinceUpMs = uptimeMs();
    const speed = this.#options.tickerPxPerS ?? 160;
    let drawing = false;
    const step = async (): Promise<void> => {
      if (drawing) return;
      drawing = true;
      await this.#overlay(tickerAt(text, runnerX(uptimeMs() - sinceUpMs, width, speed)), false);
      drawing = false;
    };
    this.#ticker = { text, timer: setInterval(() => void step(), tickerStepMs) };
    return ok;
  }

  /** What is in the window with its overlays; where the output cannot say (`vo=null`, `x11`), the picture without them. */
  screenshot(): Promise<Screenshot | null> {
    const shot = this.#lastShot.then(() => this.#takeScreenshot());
    this.#lastShot = shot;
    return shot;
  }

  observe(): ScreenObserved {
    const { rendition, alive, output } = this.#deck;
    const shows = alive && rendition !== null && rendition.phase !== 'stopped';
    return {
      state: this.#state(),
      key: shows ? rendition.playback.key : null,
      ticker: this.#ticker?.text ?? null,
      shownMs: shows ? rendition.heard.playedMs : 0,
      screenshotSha256: shows ? (this.#shot?.sha256 ?? null) : null,
      output,
      failure: rendition?.failure ?? null,
    };
  }

  async close(): Promise<void> {
    this.#forget();
    this.#turn += 1;
    this.#deck.supersede();
    await this.#lastShot;
    await this.#deck.close();
    if (this.#page !== null) await rm(this.#page, { force: true });
  }

  #state(): ScreenObserved['state'] {
    const { rendition, alive } = this.#deck;
    if (!alive) return 'absent';
    const phase = rendition?.phase ?? 'stopped';
    if (phase === 'stopped') return 'idle';
    return phase === 'ended' || phase === 'failed' ? phase : 'showing';
  }

  /** A new process knows nothing of what ran over the view. */
  #forget(): void {
    clearInterval(this.#ticker?.timer);
    clearTimeout(this.#shotTimer);
    this.#ticker = null;
    this.#shot = null;
  }

  async #playbackOf(key: string, view: View): Promise<{ playback: Playback; page: string | null }> {
    const once = { key, startIndex: 0, offsetMs: 0, passes: 1, volume: 0 };
    if (view.kind === 'media') return { playback: { ...once, ...view }, page: null };
    const page = join(this.#places.pages, `page-${this.#turn}.svg`);
    await writeFile(page, await this.#draw(view), { mode: 0o640 });
    return { playback: { ...once, tracks: [{ uri: page, sha256: null, durationMs: null }] }, page };
  }

  async #draw(view: Exclude<View, { kind: 'media' }>): Promise<string> {
    const { place } = this.#options;
    if (view.kind === 'nothing') return svgOf.nothing(place);
    if (view.kind === 'no-time') return svgOf.noTime(place);
    if (view.kind === 'alert') return svgOf.alert(view.text, place);
    if (view.kind === 'test') return testSvg(view.caption, place);
    return svgOf.page(view.page, await pictureAt(view.page.imagePath), place);
  }

  async #overlay(ass: string, measure: boolean): Promise<unknown> {
    const answer = await this.#deck.mpv.request({
      ...{ name: 'osd-overlay', id: tickerOverlay, format: ass === '' ? 'none' : 'ass-events', data: ass },
      ...{ res_x: canvas.width, res_y: canvas.height, z: 10, hidden: measure, compute_bounds: measure },
    });
    return answer.ok ? answer.value : null;
  }

  async #widthOf(text: string): Promise<number> {
    const bounds = await this.#overlay(wordsAt(text, 0), true);
    const right: unknown = typeof bounds === 'object' && bounds !== null && 'x1' in bounds ? bounds.x1 : null;
    return typeof right === 'number' && right > 0 ? right : canvas.width;
  }

  async #takeScreenshot(): Promise<Screenshot | null> {
    const key = this.observe().key;
    const path = join(this.#options.runtimeFolder, 'board.jpg');
    const fresh = join(this.#places.own, 'board.new.jpg');
    for (const what of ['window', 'video']) {
      const answer = await this.#deck.mpv.request(['screenshot-to-file', fresh, what]);
      if (!answer.ok) continue;
      const bytes = await plainFileAt(fresh);
      if (bytes === null) continue;
      await writeFile(path, bytes, { mode: 0o640 });
      const shot = { path, sha256: createHash('sha256').update(bytes).digest('base64url') };
      if (key !== null && this.observe().key === key) this.#shot = shot;
      return shot;
    }
    return null;
  }
}
