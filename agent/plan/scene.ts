/** What `decide` looks at, what it remembers between two ticks, and what it asks for. */
import type { Fmplan } from '../../shared/protocol/schema/documents.ts';
import type { UnchainedRecord } from '../../shared/records/record.ts';
import type { Candidate, Intent, LocalTest, OrderCandidate } from '../../shared/schedule/intent.ts';
import type { ClockReading } from '../clock/seam.ts';
import type { PlaybackObserved, PlayerObserved } from '../devices/player/seam.ts';
import type { CurrentObserved } from '../devices/current/seam.ts';
import type { InputsObserved } from '../devices/inputs/seam.ts';
import type { RelayObserved } from '../devices/relay/seam.ts';
import type { ScreenObserved, View } from '../devices/screen/seam.ts';
import type { TunerObserved } from '../devices/tuner/seam.ts';
import type { Ether } from './ether.ts';
import type { LocalMute } from './local-mute.ts';
import type { RadioDay } from './radio-day.ts';
import type { Heard, Stretch } from './stretch.ts';

export type AmplifierSettings = {
  /** On so long before sound, so that no syllable is lost. */
  readonly leadMs: number;
  /** Off so long after. */
  readonly holdMs: number;
  /** Shortest time between two switchings. */
  readonly dwellMs: number;
  /** Never on longer than this while no sound is proven. */
  readonly maxUnprovenMs: number;
};

export type Scene = {
  readonly reading: ClockReading;
  readonly intent: Intent;
  /** The intent at `intent.sound.until` where that comes within `HORIZON_MS`: what to get ready for. */
  readonly ahead: Intent | null;
  /** Of the device document. */
  readonly volumeMax: number;
  readonly has: (sha256: string) => boolean;
  /** Key → why its last action failed, since the last tick. */
  readonly faults: ReadonlyMap<string, string>;
  readonly player: PlayerObserved | null;
  readonly screen: ScreenObserved | null;
  readonly amplifier: RelayObserved | null;
  readonly tuner: TunerObserved | null;
  /** On: the tuner is heard. */
  readonly source: RelayObserved | null;
  readonly inputs: InputsObserved | null;
  /** What the amplifier draws. */
  readonly current: CurrentObserved | null;
  readonly ether: Ether | null;
  readonly fmplan: Fmplan | null;
  /** Uptime since which the cloud could not be reached at all; null while it can. */
  readonly unreachedSinceUpMs: number | null;
  /** The technician's test that is under way. */
  readonly test: LocalTest | null;
  /** The frequency that a technician wants the muted receiver to listen to. */
  readonly wishedKhz: number | null;
  readonly settings: AmplifierSettings;
};

/** How far ahead a box gets ready: files hashed, amplifier warm, first file loaded. */
export const HORIZON_MS = 3000;

/** A winner that cannot be heard, and why. */
export type Unheard = { readonly occurrence: string; readonly candidate: Candidate; readonly reason: string };

export type FallbackMemory = {
  /** Of the fmplan's stations the one listened to, and since when; uptime. */
  readonly listening: { readonly index: number; readonly sinceUpMs: number };
  /** After each no so long none is asked for again. */
  readonly holdOffUntilUpMs: number | null;
  /** Heard this local day, what sounds now excepted. */
  readonly used: { readonly day: string; readonly ms: number };
};

export type SoundMemory = {
  readonly current: {
    readonly stretch: Stretch;
    readonly record: UnchainedRecord;
    /** Uptime at which a relayed station was last seen to be heard; null while it is not, and for all else. */
    readonly relayedUpMs: number | null;
  } | null;
  readonly heard: ReadonlyMap<string, Heard>;
  /** A winner that waits for the holder (start `next` or grace): it begins at its beginning, however late. */
  readonly waiting: string | null;
  /** Recorded as skipped when it has passed. */
  readonly unheard: Unheard | null;
  readonly prepared: string | null;
  /** Ordinary sound of this local day, for the limit that protects people. */
  readonly ordinary: { readonly day: string; readonly ms: number };
  readonly fallback: FallbackMemory;
  /** Of what was heard by the time of a station, for both limits. */
  readonly radioDay: RadioDay;
  readonly mute: LocalMute;
  readonly count: number;
};

export type Shown = {
  readonly record: UnchainedRecord;
  readonly sinceMs: number | null;
  readonly shownMs: number;
};

export type ScreenMemory = {
  readonly key: string | null;
  readonly ticker: string | null;
  /** Open records by occurrence: pages take turns, and each stays open until its window has passed. */
  readonly open: ReadonlyMap<string, Shown>;
};

export type AmplifierMemory = {
  readonly on: boolean;
  readonly switchedUpMs: number | null;
  readonly neededUpMs: number | null;
  readonly unprovenSinceUpMs: number | null;
  /** No sound could be proven: off until then. */
  readonly blockedUntilUpMs: number | null;
};

/** A test that neither sounds nor shows, since it took hold: what is written of it when it is over. */
export type TrialMemory = {
  readonly test: LocalTest;
  readonly record: UnchainedRecord;
  /** The device did what was tried. */
  readonly worked: boolean;
};

export type Memory = {
  readonly sound: SoundMemory;
  readonly screen: ScreenMemory;
  readonly amplifier: AmplifierMemory;
  readonly trial: TrialMemory | null;
};

export type Action =
  | { readonly kind: 'prepare'; readonly stretch: Stretch }
  | { readonly kind: 'cue'; readonly stretch: Stretch }
  | { readonly kind: 'replace'; readonly stretch: Stretch }
  | { readonly kind: 'stop'; readonly fadeMs: number }
  | { readonly kind: 'amplifier'; readonly on: boolean }
  | { readonly kind: 'tune'; readonly frequencyKhz: number }
  | { readonly kind: 'source'; readonly on: boolean }
  | { readonly kind: 'mute-tuner'; readonly fadeMs: number }
  /** What is tuned is heard, at 0–100. */
  | { readonly kind: 'let-through'; readonly volume: number }
  /** The player plays its line input from the stretch's instant on. */
  | { readonly kind: 'open-line'; readonly stretch: Stretch }
  /** It plays it no more; nothing to do where it does not. */
  | { readonly kind: 'close-line'; readonly fadeMs: number }
  | { readonly kind: 'show'; readonly key: string; readonly view: View; readonly shas: readonly string[] }
  | { readonly kind: 'ticker'; readonly text: string | null }
  | { readonly kind: 'begin'; readonly key: string; readonly record: UnchainedRecord }
  | { readonly kind: 'end'; readonly key: string; readonly record: UnchainedRecord }
  /** What was got ready and never sounded leaves no record. */
  | { readonly kind: 'forget'; readonly key: string }
  | {
      readonly kind: 'order-progress';
      readonly digest: string;
      readonly heard: number;
      readonly playsHeard: number;
      readonly toned: boolean;
    };

/** What is asked for, and what is remembered until the next tick. */
export type Decision<M> = { readonly actions: readonly Action[]; readonly memory: M };

/** This repetition is over, heard to its end or let go: the next is due in its time. */
export function repetitionOver({ order, repetition }: OrderCandidate, toned = false): Action {
  return { kind: 'order-progress', digest: order.digest, heard: repetition + 1, playsHeard: 0, toned };
}

/** What the player says of this playback, whether it is the last one or the one whose place that took. */
export function playbackOf({ player }: Scene, key: string): PlaybackObserved | null {
  return [player?.playback, player?.before].find((each) => each?.key === key) ?? null;
}

/** Something of it has left the output, whatever the wall clock says now. */
export function wasHeard(scene: Scene, key: string): boolean {
  return (playbackOf(scene, key)?.playedMs ?? 0) > 0;
}
