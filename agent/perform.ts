/** Carries out what `decide` asked for: one lane a device, in order, and whatever fails is told to the next tick. */
import { placeAt } from './plan/stretch.ts';
import type { Piece, Stretch } from './plan/stretch.ts';
import type { Action } from './plan/scene.ts';
import type { Outcome, Playback, Player, Track } from './devices/player/seam.ts';
import type { Relay } from './devices/relay/seam.ts';
import type { Screen, View } from './devices/screen/seam.ts';
import type { Tuner } from './devices/tuner/seam.ts';
import type { MediaShelf, Store } from './store/store.ts';

/** What this box has; null for what it does not. */
export type Devices = {
  readonly player: Player | null;
  readonly screen: Screen | null;
  readonly amplifier: Relay | null;
  /** On: the tuner is heard; off: the player. */
  readonly source: Relay | null;
  readonly tuner: Tuner | null;
};

export type PerformParts = {
  readonly devices: Devices;
  readonly store: Pick<Store, 'begin' | 'end' | 'forget' | 'orderProgress' | 'keepOrderProgress'>;
  readonly shelf: Pick<MediaShelf, 'verified'>;
  /** Path of a sound that every agent carries. */
  readonly builtin: (name: string) => string;
  readonly upMs: () => number;
  /** UTC milliseconds to uptime. */
  readonly upOf: (atMs: number) => number;
  /** Something has come to an end that the next tick should see soon. */
  readonly done: () => void;
  readonly log: (line: string) => void;
};

type Lane = 'sound' | 'screen' | 'amplifier';

/** After these the next tick has something to decide. A failure waits for the next tick, so that it cannot spin. */
const CHANGES_SOUND: ReadonlySet<Action['kind']> = new Set(['cue', 'replace', 'stop', 'order-progress']);

/** A hash that was checked so shortly before counts as checked immediately before (protocol D5). */
const FRESH_MS = 5000;

export class Performer {
  readonly #parts: PerformParts;
  readonly #lanes = new Map<Lane, Promise<void>>();
  readonly #inFlight = new Set<string>();
  readonly #fresh = new Map<string, { readonly path: string; readonly upMs: number }>();
  #faults = new Map<string, string>();

  constructor(parts: PerformParts) {
    this.#parts = parts;
  }

  /** Key → why its action failed, since this was last asked. */
  takeFaults(): ReadonlyMap<string, string> {
    const faults = this.#faults;
    this.#faults = new Map();
    return faults;
  }

  perform(actions: readonly Action[]): void {
    for (const action of actions) this.#enqueue(action);
  }

  /** Resolves when everything asked for so far has been done. */
  async settled(): Promise<void> {
    await Promise.all(this.#lanes.values());
  }

  #enqueue(action: Action): void {
    const name = nameOf(action);
    // A board that is still drawing this face need not be told again.
    if (name !== null && this.#inFlight.has(name)) return;
    if (name !== null) this.#inFlight.add(name);
    const lane = laneOf(action);
    const before = this.#lanes.get(lane) ?? Promise.resolve();
    const after = before
      .then(() => this.#carryOut(action))
      .then(() => {
        if (CHANGES_SOUND.has(action.kind)) this.#parts.done();
      })
      .catch((cause: unknown) => {
        this.#parts.log(`${action.kind} failed: ${String(cause)}`);
        if ('stretch' in action) this.#faults.set(action.stretch.key, 'DEVICE_FAULT');
      })
      .finally(() => {
        if (name !== null) this.#inFlight.delete(name);
      });
    this.#lanes.set(lane, after);
  }

  async #carryOut(action: Action): Promise<void> {
    const { devices, store } = this.#parts;
    switch (action.kind) {
      case 'prepare':
        await this.#tracksOf(action.stretch);
        return;
      case 'cue':
      case 'replace':
        await this.#sound(action.kind, action.stretch);
        return;
      case 'stop':
        await this.#toPlayer();
        await devices.player?.stop(action.fadeMs);
        return;
      case 'amplifier':
        await devices.amplifier?.set(action.on);
        return;
      case 'mute-tuner':
        await devices.tuner?.mute(action.on);
        return;
      case 'show':
        await this.#show(action.key, action.view);
        return;
      case 'ticker':
        await devices.screen?.ticker(action.text);
        return;
      case 'begin':
        store.begin({ key: action.key, record: action.record });
        return;
      case 'end':
        store.end(action.key, action.record);
        return;
      case 'forget':
        store.forget(action.key);
        return;
      case 'order-progress':
        this.#keepProgress(action);
        return;
    }
  }

  async #sound(how: 'cue' | 'replace', stretch: Stretch): Promise<void> {
    const { player, tuner, source } = this.#parts.devices;
    if (stretch.content.kind === 'tuner') {
      await player?.stop(0);
      await tuner?.mute(true);
      await source?.set(true);
      await tuner?.tune(stretch.content.frequencyKhz);
      return;
    }
    const tracks = await this.#tracksOf(stretch);
    if (tracks === null) {
      this.#faults.set(stretch.key, 'MEDIA_WRONG');
      return;
    }
    if (player === null) return;
    const { index, offsetMs, passes } = placeAt(stretch.content, stretch.fromMs);
    const { key, volume } = stretch;
    const playback: Playback = { key, tracks, startIndex: index, offsetMs, passes, volume };
    this.#note(key, await this.#load(player, how, playback, this.#parts.upOf(stretch.releaseAtMs)));
    await this.#toPlayer();
  }

  async #load(player: Player, how: 'cue' | 'replace', playback: Playback, atUpMs: number): Promise<Outcome> {
    if (how === 'replace') return await player.replace(playback, null);
    const cued = await player.cue(playback);
    return cued.ok ? await player.release(atUpMs) : cued;
  }

  #note(key: string, outcome: Outcome): void {
    // Superseded: something newer was asked for, and that is what counts.
    if (!outcome.ok && outcome.failure.code !== 'superseded') this.#faults.set(key, outcome.failure.code);
  }

  /** The player is heard again, the tuner is not. */
  async #toPlayer(): Promise<void> {
    const { tuner, source } = this.#parts.devices;
    if (tuner !== null && !tuner.observe().muted) await tuner.mute(true);
    if (source !== null && source.observe().on !== false) await source.set(false);
  }

  /** Hashes every file again; null where one is not what its name says. */
  async #tracksOf({ content }: Stretch): Promise<Playback['tracks'] | null> {
    if (content.kind === 'tuner') return null;
    const tracks: Track[] = [];
    for (const piece of content.pieces) {
      const track = await this.#trackOf(piece);
      if (track === null) return null;
      tracks.push(track);
    }
    const [first, ...rest] = tracks;
    return first === undefined ? null : [first, ...rest];
  }

  async #trackOf({ uri, durationMs }: Piece): Promise<Track | null> {
    if (uri.startsWith('builtin:')) {
      return { uri: this.#parts.builtin(uri.slice('builtin:'.length)), sha256: null, durationMs };
    }
    if (!uri.startsWith('media:')) return { uri, sha256: null, durationMs };
    const sha256 = uri.slice('media:'.length);
    const path = await this.#verified(sha256);
    return path === null ? null : { uri: path, sha256, durationMs };
  }

  async #verified(sha256: string): Promise<string | null> {
    const { shelf, upMs } = this.#parts;
    const known = this.#fresh.get(sha256);
    if (known !== undefined && upMs() - known.upMs < FRESH_MS) return known.path;
    const path = await shelf.verified(sha256);
    this.#fresh.delete(sha256);
    if (path !== null) this.#fresh.set(sha256, { path, upMs: upMs() });
    return path;
  }

  async #show(key: string, view: View): Promise<void> {
    const { screen } = this.#parts.devices;
    if (screen === null) return;
    const real = await this.#realView(view);
    if (real === null) this.#faults.set(key, 'MEDIA_WRONG');
    else this.#note(key, await screen.show(key, real));
  }

  /** The view with paths of files that were hashed again in place of hashes. */
  async #realView(view: View): Promise<View | null> {
    switch (view.kind) {
      case 'nothing':
      case 'alert':
        return view;
      case 'page': {
        const { imagePath } = view.page;
        if (imagePath === null) return view;
        // A page without its picture still says what it has to say.
        return {
          ...view,
          page: { ...view.page, imagePath: await this.#verified(imagePath.slice('media:'.length)) },
        };
      }
      case 'media': {
        const tracks: Track[] = [];
        for (const each of view.tracks) {
          const track = await this.#trackOf(each);
          if (track === null) return null;
          tracks.push(track);
        }
        const [first, ...rest] = tracks;
        return first === undefined ? null : { ...view, tracks: [first, ...rest] };
      }
    }
  }

  #keepProgress({ digest, heard, playsHeard, toned }: Extract<Action, { kind: 'order-progress' }>): void {
    const { store } = this.#parts;
    const past = store.orderProgress().find((each) => each.digest === digest);
    if (past !== undefined) store.keepOrderProgress({ ...past, heard, playsHeard, toned });
  }
}

function laneOf(action: Action): Lane {
  switch (action.kind) {
    case 'amplifier':
      return 'amplifier';
    case 'show':
    case 'ticker':
      return 'screen';
    case 'begin':
    case 'end':
      return action.record.surface === 'sound' ? 'sound' : 'screen';
    case 'prepare':
    case 'cue':
    case 'replace':
    case 'stop':
    case 'mute-tuner':
    case 'forget':
    case 'order-progress':
      return 'sound';
  }
}

/** What must not be asked for twice while it is being done; null for what decides anew each time. */
function nameOf(action: Action): string | null {
  switch (action.kind) {
    case 'show':
      return `show ${action.key}`;
    case 'ticker':
      return `ticker ${action.text ?? ''}`;
    case 'amplifier':
      return `amplifier ${String(action.on)}`;
    case 'mute-tuner':
      return `mute ${String(action.on)}`;
    case 'prepare':
    case 'cue':
    case 'replace':
    case 'stop':
    case 'begin':
    case 'end':
    case 'forget':
    case 'order-progress':
      return null;
  }
}
