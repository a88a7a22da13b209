/** One warm mpv and the playback that it works through: hands tracks over, follows its events, reads its audio clock. */
import type { MpvDown } from './mpv.ts';
import { Mpv } from './mpv.ts';
import type { MpvOptions } from './mpv.ts';
import type { MpvAnswer, MpvCommand, MpvEvent } from './mpv-wire.ts';
import { uptimeMs } from './uptime.ts';
import type { Outcome, PlayerFailure } from '../player/seam.ts';
import type { LineIn } from './line-in.ts';
import { entryIdOf, eventEntryId, failureOf, isPlayable, loadCommand, lossOf } from './mpv-load.ts';
import type { Entry, Rendition } from './rendition.ts';
import { isLine, isStream } from './rendition.ts';

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
  /** Null where there is none. */
  readonly line: LineIn | null;
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

type Loading = { readonly rendition: Rendition; readonly settle: (outcome: Outcome) => void };

export class MpvDeck {
  readonly #options: DeckOptions;
  readonly mpv: Mpv;
  #rendition: Rendition | null = null;
  #before: Rendition | null = null;
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
  get rendition(): Rendition | null {
    return this.#rendition;
  }
  /** What the last one took the place of. */
  get before(): Rendition | null {
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
  async load(rendition: Rendition, andThen: readonly MpvCommand[]): Promise<Outcome> {
    if (!this.#alive) return failed('died', 'there is no player process just now');
    const { tracks, startIndex, volume } = rendition.playback;
    const bad = tracks.find((track) => !isPlayable(track, this.#options.surface.line));
    if (bad !== undefined && isLine(bad)) return failed('no-input', 'this box has no line input');
    const first = bad === undefined ? rendition.take() : null;
    if (first === null)
      return failed('file-missing', `${bad?.uri ?? `track ${startIndex}`} is no file of ours`);
    this.supersede();
    void this.read();
    this.#before = this.#rendition;
    this.#rendition = rendition;
    this.#stillSinceUpMs = null;
    const loaded = this.#untilLoaded(rendition, first);
    await Promise.all([
      this.#enter(rendition, first, 'replace'),
      this.mpv.request(['set_property', 'volume', volume]),
      ...andThen.map((command) => this.mpv.request(command)),
    ]);
    void this.#feed(rendition);
    return loaded;
  }

  /** Whoever waits for a load is told that it will not be heard. */
  supersede(): void {
    this.#loading?.settle(failed('superseded', 'another command came before this was heard'));
  }

  /** One reading of the output's clock; what is cut in the meantime still gets its last one. */
  async read(): Promise<void> {
    const rendition = this.#rendition;
    if (!this.#alive || rendition?.phase !== 'playing' || this.#loading !== null) return;
    const { surface } = this.#options;
    const sentUpMs = uptimeMs();
    const [output, ...answers] = await Promise.all(
      ([surface.outputProperty, ...surface.properties] as const).map((name) =>
        this.mpv.request(['get_property', name]),
      ),
    );
    const upMs = (sentUpMs + uptimeMs()) / 2;
    this.#output = output === undefined ? null : surface.outputOf(output);
    const { volume } = rendition.playback;
    const { positionMs, peakDbfs } = surface.read(answers, {
      volume,
      sinceLoadedMs: upMs - this.#loadedUpMs,
    });
    if (positionMs !== null && this.#output !== null) rendition.heard.read(upMs, positionMs);
    if (peakDbfs !== null) rendition.peakDbfs = Math.max(rendition.peakDbfs ?? peakDbfs, peakDbfs);
    if (this.#rendition === rendition) this.#watchForSilence(rendition, upMs);
  }

  #watchForSilence(rendition: Rendition, upMs: number): void {
    this.#stillSinceUpMs = rendition.heard.isMoving(upMs) ? null : (this.#stillSinceUpMs ?? upMs);
    if (this.#stillSinceUpMs === null || upMs - this.#stillSinceUpMs < stillForMs) return;
    const track = rendition.current?.track;
    const loss = track === undefined || this.#output === null ? null : lossOf(track);
    if (track !== undefined && loss !== null) this.#giveUp(rendition, loss, `${track.uri} stands still`);
    else this.#giveUp(rendition, 'no-output', `the clock of ${this.#output ?? 'no output'} stands still`);
  }

  #untilLoaded(rendition: Rendition, first: Entry): Promise<Outcome> {
    const stream = isStream(first.track);
    const late = lossOf(first.track) ?? 'undecodable';
    const timeoutMs = stream ? this.#options.streamTimeoutMs : this.#options.loadTimeoutMs;
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.#giveUp(rendition, late, `not loaded after ${timeoutMs} ms`);
      }, timeoutMs);
      const settle = (outcome: Outcome): void => {
        clearTimeout(timer);
        if (this.#loading?.rendition === rendition) this.#loading = null;
        resolve(outcome);
      };
      this.#loading = { rendition, settle };
    });
  }

  async #enter(rendition: Rendition, entry: Entry, flags: 'replace' | 'append-play'): Promise<void> {
    const { line, optionsFor } = this.#options.surface;
    const answer = await this.mpv.request(loadCommand(entry, flags, { more: optionsFor(entry), line }));
    rendition.taken(entryIdOf(answer), entry);
    if (!answer.ok && answer.why === 'refused') this.#giveUp(rendition, 'undecodable', answer.detail);
  }

  async #feed(rendition: Rendition): Promise<void> {
    while (this.#rendition === rendition && !rendition.over) {
      const entry = rendition.take();
      if (entry === null) return;
      await this.#enter(rendition, entry, 'append-play');
    }
  }

  #giveUp(rendition: Rendition, code: PlayerFailure['code'], detail: string): void {
    if (this.#rendition !== rendition || rendition.over) return;
    rendition.fail({ code, detail });
    rendition.phase = 'failed';
    if (code === 'no-output') this.#output = null;
    this.#settle(rendition);
    void this.mpv.request(['stop']);
  }

  #settle(rendition: Rendition): void {
    if (this.#loading?.rendition !== rendition) return;
    const { failure } = rendition;
    this.#loading.settle(rendition.over && failure !== null ? { ok: false, failure } : ok);
  }

  #heed(event: MpvEvent): void {
    const rendition = this.#rendition;
    if (rendition === null) return;
    const upMs = uptimeMs();
    const id = eventEntryId(event);
    if (event.event === 'start-file') rendition.started(id, upMs);
    if (event.event === 'end-file') this.#ended(rendition, id, event, upMs);
    if (event.event === 'playback-restart' && rendition.current !== null) void this.#loaded(rendition);
    if (event.event === 'idle') {
      rendition.idle(upMs);
      if (rendition.over) this.#settle(rendition);
    }
  }

  /** mpv says that it plays also where it has no output to play to. */
  async #loaded(rendition: Rendition): Promise<void> {
    this.#loadedUpMs = uptimeMs();
    if (this.#loading?.rendition !== rendition) return;
    const { outputProperty, outputOf } = this.#options.surface;
    this.#output = outputOf(await this.mpv.request(['get_property', outputProperty]));
    if (this.#output === null)
      this.#giveUp(rendition, 'no-output', `no output opens: ${outputProperty} is empty`);
    else this.#settle(rendition);
  }

  #ended(rendition: Rendition, id: number, event: MpvEvent, upMs: number): void {
    const track = rendition.trackOf(id);
    if (track === undefined || rendition.over) return;
    // A playlist inside a recording: mpv has put what it names in its place.
    if (event['reason'] === 'redirect')
      this.#giveUp(rendition, 'undecodable', `${track.uri} is a list of other files`);
    else if (event['reason'] === 'error') rendition.broken(id, failureOf(track, event), upMs);
    else rendition.finished(id, upMs);
    // Else the list in mpv would grow for as long as a programme is filled.
    void this.mpv.request(['playlist-remove', 0]);
    void this.#feed(rendition);
  }

  #lost(why: MpvDown): void {
    this.#alive = false;
    this.#output = null;
    this.#options.onLost();
    const rendition = this.#rendition;
    if (rendition === null || rendition.over) return;
    rendition.fail(why);
    rendition.phase = 'stopped';
    if (this.#loading?.rendition === rendition) this.#loading.settle({ ok: false, failure: why });
  }
}
