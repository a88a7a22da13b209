/** Carries out what `decide` asked for: one lane a device, in order, and whatever fails is told to the next tick. */
import { setTimeout as sleep } from 'node:timers/promises';
import { laneOf, nameOf } from './lanes.ts';
import type { Lane } from './lanes.ts';
import type { OrderProgresses } from './order-progress.ts';
import { placeAt } from './plan/stretch.ts';
import type { Content, Stretch } from './plan/stretch.ts';
import type { Action } from './plan/scene.ts';
import { LINE_IN } from './devices/player/seam.ts';
import type { CurrentMeter } from './devices/current/seam.ts';
import type { Inputs } from './devices/inputs/seam.ts';
import type { Outcome, Playback, Player } from './devices/player/seam.ts';
import type { Relay } from './devices/relay/seam.ts';
import type { Screen, View } from './devices/screen/seam.ts';
import type { Receiver } from './devices/tuner/seam.ts';
import type { Store } from './store/store.ts';
import { Tracks } from './tracks.ts';
import type { TracksParts } from './tracks.ts';

/** What this box has; null for what it does not. */
export type Devices = {
  readonly player: Player | null;
  readonly screen: Screen | null;
  readonly amplifier: Relay | null;
  /** On: the tuner is heard; off: the player. */
  readonly source: Relay | null;
  readonly tuner: Receiver | null;
  /** Only looked at: nothing is asked of these two. */
  readonly inputs: Inputs | null;
  /** Of the amplifier. */
  readonly current: CurrentMeter | null;
};

export type PerformParts = TracksParts & {
  readonly devices: Devices;
  readonly store: Pick<Store, 'begin' | 'end' | 'forget'>;
  readonly progresses: Pick<OrderProgresses, 'note'>;
  /** Between the steps of a fade, milliseconds; tests need not wait. */
  readonly wait?: (durationMs: number) => Promise<unknown>;
  /** UTC milliseconds to uptime. */
  readonly upOf: (atMs: number) => number;
  /** Something has come to an end that the next tick should see soon. */
  readonly done: () => void;
  readonly log: (line: string) => void;
};

/** After these the next tick has something to decide. A failure waits for the next tick, so that it cannot spin. */
const CHANGES_SOUND: ReadonlySet<Action['kind']> = new Set([
  ...(['cue', 'replace', 'stop', 'open-line', 'close-line', 'order-progress'] as const),
]);

/** What is wanted of the sound from now on: whatever was wanted before and does not sound yet, never will. */
const WISHES: ReadonlySet<Action['kind']> = new Set(['cue', 'replace', 'stop', 'open-line', 'close-line']);

const FADE_STEPS = 5;

type ListStretch = Stretch & { readonly content: Extract<Content, { kind: 'list' }> };

export class Performer {
  readonly #parts: PerformParts;
  readonly #lanes = new Map<Lane, Promise<void>>();
  readonly #inFlight = new Set<string>();
  readonly #tracks: Tracks;
  /** Aborted by whatever is wanted of the sound next. */
  #wish = new AbortController();
  #faults = new Map<string, string>();
  /** 0–15, as the receiver was last let through. */
  #tunerLevel = 0;

  constructor(parts: PerformParts) {
    this.#parts = parts;
    this.#tracks = new Tracks(parts);
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
    if (WISHES.has(action.kind)) {
      this.#wish.abort();
      this.#wish = new AbortController();
    }
    const { signal } = this.#wish;
    const lane = laneOf(action);
    const before = this.#lanes.get(lane) ?? Promise.resolve();
    const after = before
      .then(() => this.#carryOut(action, signal))
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

  async #carryOut(action: Action, signal: AbortSignal): Promise<void> {
    const { devices, store, progresses } = this.#parts;
    switch (action.kind) {
      case 'prepare':
        if (action.stretch.content.kind === 'list') await this.#tracks.of(action.stretch.content.pieces);
        return;
      case 'cue':
      case 'replace':
        await this.#sound(action.kind, action.stretch, signal);
        return;
      case 'stop':
        await devices.player?.stop(action.fadeMs);
        return;
      case 'amplifier':
        await devices.amplifier?.set(action.on);
        return;
      case 'mute-tuner':
        await this.#muteTuner(action.fadeMs);
        return;
      case 'let-through':
        await this.#letThrough(levelOf(action.volume));
        return;
      case 'open-line':
        await Promise.race([this.#openLine(action.stretch, signal), aborted(signal)]);
        return;
      case 'close-line':
        if (devices.player?.observe().line === 'open') await devices.player.stop(action.fadeMs);
        return;
      case 'tune':
        await devices.tuner?.tune(action.frequencyKhz);
        return;
      case 'source':
        await devices.source?.set(action.on);
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
        progresses.note(action);
        return;
    }
  }

  async #sound(how: 'cue' | 'replace', stretch: Stretch, signal: AbortSignal): Promise<void> {
    // Also where the line is to be opened next: what was before ends on its instant, however slow the card is.
    if (stretch.content.kind === 'tuner') {
      await this.#parts.devices.player?.stop(0);
      return;
    }
    if (!isWanted(signal)) return;
    // A stream that does not answer, a long list on a slow card: an alert or a halt does not wait for them.
    await Promise.race([this.#play(how, { ...stretch, content: stretch.content }, signal), aborted(signal)]);
  }

  async #play(how: 'cue' | 'replace', stretch: ListStretch, signal: AbortSignal): Promise<void> {
    const { player } = this.#parts.devices;
    const tracks = await this.#tracks.of(stretch.content.pieces);
    if (!isWanted(signal)) return;
    if (tracks === null) {
      this.#faults.set(stretch.key, 'MEDIA_WRONG');
      return;
    }
    if (player === null) return;
    const { index, offsetMs, passes } = placeAt(stretch.content, stretch.fromMs);
    const { key, volume } = stretch;
    const playback: Playback = { key, tracks, startIndex: index, offsetMs, passes, volume };
    if (how === 'replace') {
      this.#note(key, await player.replace(playback, null));
      return;
    }
    const cued = await player.cue(playback);
    // What is cued by now may be somebody else's, and not due yet.
    if (!isWanted(signal)) return;
    this.#note(key, cued.ok ? await player.release(this.#parts.upOf(stretch.releaseAtMs)) : cued);
  }

  async #openLine({ key, volume, releaseAtMs }: Stretch, signal: AbortSignal): Promise<void> {
    const { player } = this.#parts.devices;
    if (player === null || !isWanted(signal)) return;
    const line: Playback = { key, tracks: [LINE_IN], startIndex: 0, offsetMs: 0, passes: 1, volume };
    this.#note(key, await player.replace(line, this.#parts.upOf(releaseAtMs)));
  }

  #note(key: string, outcome: Outcome): void {
    // Superseded: something newer was asked for, and that is what counts.
    if (!outcome.ok && outcome.failure.code !== 'superseded') this.#faults.set(key, outcome.failure.code);
  }

  async #letThrough(level: number): Promise<void> {
    const { tuner } = this.#parts.devices;
    this.#tunerLevel = level;
    await tuner?.setVolume(level);
    await tuner?.mute(false);
  }

  async #muteTuner(fadeMs: number): Promise<void> {
    const { tuner } = this.#parts.devices;
    if (fadeMs > 0) {
      for (let left = FADE_STEPS - 1; left > 0; left -= 1) {
        await tuner?.setVolume(Math.round((this.#tunerLevel * left) / FADE_STEPS));
        await (this.#parts.wait ?? sleep)(fadeMs / FADE_STEPS);
      }
    }
    await tuner?.mute(true);
  }

  async #show(key: string, view: View): Promise<void> {
    const { screen } = this.#parts.devices;
    if (screen === null) return;
    const real = await this.#tracks.view(view);
    if (real === null) this.#faults.set(key, 'MEDIA_WRONG');
    else this.#note(key, await screen.show(key, real));
  }
}

/** From 0–100 to the steps of a receiver chip, 0–15. */
const levelOf = (volume: number): number => Math.round((volume * 15) / 100);

/** Asked anew after each wait. */
const isWanted = (signal: AbortSignal): boolean => !signal.aborted;

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => {
      resolve();
    });
  });
}
