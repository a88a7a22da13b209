/** One warm mpv and the playback that it works through: hands tracks over, follows its events, reads its audio clock. */
import type { MpvDown } from './mpv.ts';
import { Mpv } from './mpv.ts';
import type { MpvOptions } from './mpv.ts';
import type { MpvAnswer, MpvCommand, MpvEvent } from './mpv-wire.ts';
import { uptimeMs } from './uptime.ts';
import type { Outcome, PlayerFailure } from '../player/seam.ts';
import { entryIdOf, eventEntryId, failureOf, isPlayable, loadCommand } from './mpv-load.ts';
import type { Entry, Stretch } from './stretch.ts';
import { isStream } from './stretch.ts';

/** What is different between sound and picture. */
export type Surface = {
  readonly flags: readonly string[];
  /** mpv's name for the output that is open. */
  readonly outputProperty: 'current-ao' | 'current-vo';
  /** The output in our words; null where nothing is open. */
  readonly outputOf: (answer: MpvAnswer) => string | null;
  readonly readEveryMs: number;
  /** Asked for at each reading; `read` makes a place of the answers. */
  readonly properties: readonly string[];
  readonly read: (
    answers: readonly MpvAnswer[],
    now: { readonly volume: number; readonly sinceLoadedMs: number },
  ) => { readonly positionMs: number | null; readonly peakDbfs: number | null };
  readonly optionsFor: (entry: Entry) => Readonly<Record<string, string>>;
};

export type DeckOptions = Omit<MpvOptions, 'flags'> & {
  readonly surface: Surface;
  readonly loadTimeoutMs: number;
  readonly streamTimeoutMs: number;
  /** The process is gone, and with it whatever was armed. */
  readonly onLost: () => void;
};

/** So long may the clock of the output stand while something should sound or show. */
const stillForMs = 5_000;

const ok: Outcome = { ok: true };
const failed = (code: PlayerFailure['code'], detail: string): Outcome => ({
  ok: false,
  failure: { code, detail },
});

type Loading = { readonly stretch: Stretch; readonly settle: (outcome: Outcome) => void };

export class MpvDeck {
  readonly #options: DeckOptions;
  readonly mpv: Mpv;
  #stretch: Stretch | null = null;
  #before: Stretch | null = null;
  #loading: Loading | null = null;
  #alive = false;
  #output: string | null = null;
  #stillSinceUpMs: number | null = null;
  #loadedUpMs = 0;
  #reader: NodeJS.Timeout | undefined;

  constructor(options: DeckOptions) {
    this.#options = options;
    this.mpv = new Mpv(
      { ...options, flags: options.surface.flags },
      {
        up: () => (this.#alive = true),
        down: (why) => {
          this.#lost(why);
        },
        event: (event) => {
          this.#heed(event);
        },
      },
    );
  }

  get alive(): boolean {
    return this.#alive;
  }
  /** What was loaded last, also when it is over. */
  get stretch(): Stretch | null {
    return this.#stretch;
  }
  /** What the last one took the place of. */
  get before(): Stretch | null {
    return this.#before;
  }
  get output(): string | null {
    return this.#output;
  }

  async open(): Promise<void> {
    await this.mpv.open();
    this.#reader = setInterval(() => void this.read(), this.#options.surface.readEveryMs);
  }

  async close(): Promise<void> {
    clearInterval(this.#reader);
    this.#alive = false;
    await this.mpv.close();
  }

  /** Hands over the first track, then what belongs to it in the same breath; resolves when it is loaded or has failed. */
  async load(stretch: Stretch, andThen: readonly MpvCommand[]): Promise<Outcome> {
    if (!this.#alive) return failed('died', 'there is no player process just now');
    const { tracks, startIndex, volume } = stretch.playback;
    const bad = tracks.find((track) => !isPlayable(track));
    const first = bad === undefined ? stretch.take() : null;
    if (first === null)
      return failed('file-missing', `${bad?.uri ?? `track ${startIndex}`} is no file of ours`);
    this.supersede();
    void this.read();
    this.#before = this.#stretch;
    this.#stretch = stretch;
    this.#stillSinceUpMs = null;
    const loaded = this.#untilLoaded(stretch, first);
    await Promise.all([
      this.#enter(stretch, first, 'replace'),
      this.mpv.request(['set_property', 'volume', volume]),
      ...andThen.map((command) => this.mpv.request(command)),
    ]);
    void this.#feed(stretch);
    return loaded;
  }

  /** Whoever waits for a load is told that it will not be heard. */
  supersede(): void {
    this.#loading?.settle(failed('superseded', 'another command came before this was heard'));
  }

  /** One reading of the output's clock; what is cut in the meantime still gets its last one. */
  async read(): Promise<void> {
    const stretch = this.#stretch;
    if (!this.#alive || stretch?.phase !== 'playing' || this.#loading !== null) return;
    const { surface } = this.#options;
    const sentUpMs = uptimeMs();
    const [output, ...answers] = await Promise.all(
      ([surface.outputProperty, ...surface.properties] as const).map((name) =>
        this.mpv.request(['get_property', name]),
      ),
    );
    const upMs = (sentUpMs + uptimeMs()) / 2;
    this.#output = output === undefined ? null : surface.outputOf(output);
    const { volume } = stretch.playback;
    const { positionMs, peakDbfs } = surface.read(answers, {
      volume,
      sinceLoadedMs: upMs - this.#loadedUpMs,
    });
    if (positionMs !== null && this.#output !== null) stretch.heard.read(upMs, positionMs);
    if (peakDbfs !== null) stretch.peakDbfs = Math.max(stretch.peakDbfs ?? peakDbfs, peakDbfs);
    if (this.#stretch === stretch) this.#watchForSilence(stretch, upMs);
  }

  #watchForSilence(stretch: Stretch, upMs: number): void {
    this.#stillSinceUpMs = stretch.heard.isMoving(upMs) ? null : (this.#stillSinceUpMs ?? upMs);
    if (this.#stillSinceUpMs === null || upMs - this.#stillSinceUpMs < stillForMs) return;
    const track = stretch.current?.track;
    if (track !== undefined && isStream(track))
      this.#giveUp(stretch, 'stream-failed', `${track.uri} stands still`);
    else this.#giveUp(stretch, 'no-output', `the clock of ${this.#output ?? 'no output'} stands still`);
  }

  #untilLoaded(stretch: Stretch, first: Entry): Promise<Outcome> {
    const stream = isStream(first.track);
    const timeoutMs = stream ? this.#options.streamTimeoutMs : this.#options.loadTimeoutMs;
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.#giveUp(stretch, stream ? 'stream-failed' : 'undecodable', `not loaded after ${timeoutMs} ms`);
      }, timeoutMs);
      const settle = (outcome: Outcome): void => {
        clearTimeout(timer);
        if (this.#loading?.stretch === stretch) this.#loading = null;
        resolve(outcome);
      };
      this.#loading = { stretch, settle };
    });
  }

  async #enter(stretch: Stretch, entry: Entry, flags: 'replace' | 'append-play'): Promise<void> {
    const answer = await this.mpv.request(loadCommand(entry, flags, this.#options.surface.optionsFor(entry)));
    stretch.taken(entryIdOf(answer), entry);
    if (!answer.ok && answer.why === 'refused') this.#giveUp(stretch, 'undecodable', answer.detail);
  }

  async #feed(stretch: Stretch): Promise<void> {
    while (this.#stretch === stretch && !stretch.over) {
      const entry = stretch.take();
      if (entry === null) return;
      await this.#enter(stretch, entry, 'append-play');
    }
  }

  #giveUp(stretch: Stretch, code: PlayerFailure['code'], detail: string): void {
    if (this.#stretch !== stretch || stretch.over) return;
    stretch.fail({ code, detail });
    stretch.phase = 'failed';
    if (code === 'no-output') this.#output = null;
    this.#settle(stretch);
    void this.mpv.request(['stop']);
  }

  #settle(stretch: Stretch): void {
    if (this.#loading?.stretch !== stretch) return;
    const { failure } = stretch;
    this.#loading.settle(stretch.over && failure !== null ? { ok: false, failure } : ok);
  }

  #heed(event: MpvEvent): void {
    const stretch = this.#stretch;
    if (stretch === null) return;
    const upMs = uptimeMs();
    const id = eventEntryId(event);
    if (event.event === 'start-file') stretch.started(id, upMs);
    if (event.event === 'end-file') this.#ended(stretch, id, event, upMs);
    if (event.event === 'playback-restart' && stretch.current !== null) void this.#loaded(stretch);
    if (event.event === 'idle') {
      stretch.idle(upMs);
      if (stretch.over) this.#settle(stretch);
    }
  }

  /** mpv says that it plays also where it has no output to play to. */
  async #loaded(stretch: Stretch): Promise<void> {
    this.#loadedUpMs = uptimeMs();
    if (this.#loading?.stretch !== stretch) return;
    const { outputProperty, outputOf } = this.#options.surface;
    this.#output = outputOf(await this.mpv.request(['get_property', outputProperty]));
    if (this.#output === null)
      this.#giveUp(stretch, 'no-output', `no output opens: ${outputProperty} is empty`);
    else this.#settle(stretch);
  }

  #ended(stretch: Stretch, id: number, event: MpvEvent, upMs: number): void {
    const track = stretch.trackOf(id);
    if (track === undefined || stretch.over) return;
    // A playlist inside a recording: mpv has put what it names in its place.
    if (event['reason'] === 'redirect')
      this.#giveUp(stretch, 'undecodable', `${track.uri} is a list of other files`);
    else if (event['reason'] === 'error') stretch.broken(id, failureOf(track, event), upMs);
    else stretch.finished(id, upMs);
    // Else the list in mpv would grow for as long as a programme is filled.
    void this.mpv.request(['playlist-remove', 0]);
    void this.#feed(stretch);
  }

  #lost(why: MpvDown): void {
    this.#alive = false;
    this.#output = null;
    this.#options.onLost();
    const stretch = this.#stretch;
    if (stretch === null || stretch.over) return;
    stretch.fail(why);
    stretch.phase = 'stopped';
    if (this.#loading?.stretch === stretch) this.#loading.settle({ ok: false, failure: why });
  }
}
