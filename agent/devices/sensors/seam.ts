/** The seam of the sensors in and round the cabinet: what each said last, and whether it is to be believed. Nothing is switched by it. */
import type { BthomeRefusal } from './bthome.ts';

export type SensorWiring = {
  readonly name: string;
  /** Six bytes, as it is printed on the sensor: a4:c1:38:00:00:01. */
  readonly address: string;
  /** 32 hexadecimal digits; null: whoever uses its address is believed. */
  readonly bindKey: string | null;
  /** Only what is in the cabinet speaks for the cabinet. */
  readonly where: 'cabinet' | 'outside';
  /** Not heard for so long, it is told of; null: never; undefined: as `SensorObserved` has it. */
  readonly silentAfterMs: number | null | undefined;
};

export type SensorObserved = Pick<SensorWiring, 'name' | 'where'> & {
  /** As it is wired; else an hour, and never for one that has said that it speaks only when something happens. */
  readonly silentAfterMs: number | null;
  /** Uptime at which it was last believed; null: never since the agent started. */
  readonly heardUpMs: number | null;
  readonly rssiDbm: number | null;
  /** The newest of each within a day, by the words of BTHome's table: °C, %, V; 1 for on. A second of one kind ends in `-2`. */
  readonly values: Readonly<Record<string, number>>;
  /** What it said last and cannot be, such as `humidity 655.35`; it is in no value. */
  readonly implausible: readonly string[];
  /** What came under its name last and was not believed. */
  readonly refused: { readonly why: BthomeRefusal | 'replayed'; readonly upMs: number } | null;
  /** Uptime at which a door was last opened, as far as this agent saw. */
  readonly doorOpenedUpMs: number | null;
};

export type SensorsObserved = {
  /** `away`: there is no Bluetooth, or the scan has failed and is tried again. */
  readonly state: 'starting' | 'scanning' | 'away';
  readonly failure: string | null;
  /** Uptime at which it was opened. */
  readonly beganUpMs: number;
  readonly sensors: readonly SensorObserved[];
};

export interface Sensors {
  /** Begins, and resolves at once: whatever Bluetooth does, nobody waits for it. */
  open(): Promise<void>;
  observe(): SensorsObserved;
  close(): Promise<void>;
}
