/** What the detectors look at: one tick's facts about a box, gathered by the agent, judged by nobody yet. */
import type { BoxState } from '../../shared/protocol/state.ts';
import type { PassedOver } from '../../shared/schedule/intent.ts';
import type { BoxLink } from '../../shared/wire/status.ts';
import type { ClockReading } from '../clock/seam.ts';
import type { PlayerObserved } from '../devices/player/seam.ts';
import type { CurrentObserved } from '../devices/current/seam.ts';
import type { InputsObserved } from '../devices/inputs/seam.ts';
import type { RelayObserved } from '../devices/relay/seam.ts';
import type { SensorsObserved } from '../devices/sensors/seam.ts';
import type { ScreenObserved } from '../devices/screen/seam.ts';
import type { TunerObserved } from '../devices/tuner/seam.ts';
import type { StoreFault } from '../store/store.ts';

export type Facts = {
  readonly reading: ClockReading;
  /** The last head told another time than the box could believe. */
  readonly isDisputed: boolean;
  /** The machine's clock, or its clock chip, is wrong and could not be set. */
  readonly isUnset: boolean;
  /** When a person last settled such a dispute, by the time that was taken; null where nobody did. */
  readonly settledAtMs: number | null;
  readonly state: BoxState;
  /** Ids of held documents that the head says are old. */
  readonly stale: readonly string[];
  readonly passedOver: readonly PassedOver[];
  /** Null: this box has no broker and asks on its own. `bootedAtMs` stands in before the first contact. */
  readonly link: BoxLink & {
    readonly hasBroker: boolean;
    readonly silentAfterMs: number;
    readonly bootedAtMs: number;
  };
  readonly media: { readonly missing: number; readonly noSpace: boolean };
  readonly unsentRecords: number;
  /** Of the file system that holds the state; null where it cannot be told. */
  readonly freeBytes: number | null;
  readonly storeFaults: readonly StoreFault[];
  /** Of the records that ended within 24 hours. */
  readonly reasons: readonly string[];
  /** Rejections per code since the database was made. */
  readonly rejects: Readonly<Record<string, number>>;
  /** What this box has; null for what it does not. */
  readonly player: PlayerObserved | null;
  readonly amplifier: (RelayObserved & { readonly wanted: boolean }) | null;
  readonly tuner: TunerObserved | null;
  /**
   * Heartbeats of its station within ten minutes: good ones, those that did not belong to their half minute or chain,
   * and those without an anchor; null without a receiver.
   */
  readonly beats: { readonly good: number; readonly bad: number; readonly unanchored: number } | null;
  /** A station of the fmplan is there and says no heartbeat at all. */
  readonly isBeatSilent: boolean;
  /** The box does not know the time and goes by that of a station (protocol C6): beats are judged by it. */
  readonly isByRadio: boolean;
  readonly screen: ScreenObserved | null;
  /** What the amplifier draws, and with less than what it has no power. */
  readonly current:
    (CurrentObserved & { readonly quietMilliamps: number; readonly maxMilliamps: number }) | null;
  readonly inputs:
    | (InputsObserved & {
        /** Uptime at which the door was last opened since the agent started. */
        readonly doorOpenedUpMs: number | null;
        /** The mute button is on for longer than it may silence anything. */
        readonly isMuteSpent: boolean;
      })
    | null;
  /** By Bluetooth; null where none is configured. */
  readonly sensors: SensorsObserved | null;
  /** The last tick threw. */
  readonly isUndecided: boolean;
  /** The restricted shell of the cabinet is open, or was within a day. */
  readonly isConsoleRecent: boolean;
};

/** What a store tells without its agent. */
export type Kept = Pick<Facts, 'state' | 'stale'> & { readonly reading: { readonly nowMs: number } };

/** The latest time that this box can believe it is, in UTC seconds. */
export const nowOf = ({ reading, state }: Pick<Kept, 'reading' | 'state'>): number =>
  Math.max(Math.floor(reading.nowMs / 1000), state.floor);
