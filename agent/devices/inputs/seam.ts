/** The seam of the box's own contacts: cabinet door, mains, and the button that mutes it on the spot. */

/** `on`: the door is open, the mains are there, the button is pressed. Null: not wired, or it cannot be read. */
export type InputsObserved = {
  readonly door: boolean | null;
  readonly mains: boolean | null;
  readonly mute: boolean | null;
  /** Which input cannot be read, and why; null where all that are wired can. */
  readonly failure: string | null;
};

export type InputName = 'door' | 'mains' | 'mute';

/** What it is called when an input goes on, and when it goes off. */
export const inputWords = {
  door: { on: 'door-opened', off: 'door-closed' },
  mains: { on: 'mains-back', off: 'mains-lost' },
  mute: { on: 'mute-pressed', off: 'mute-released' },
} as const;

export type InputEvent = {
  readonly what: (typeof inputWords)[InputName]['on' | 'off'];
  /** Uptime at which the contact first moved, before it was certain. */
  readonly upMs: number;
};

export interface Inputs {
  /** Calls back after each event, so that a tick need not wait. How an input stands at the first look is no event. */
  open(onEvent: () => void): Promise<void>;
  observe(): InputsObserved;
  /** What happened since the last call, oldest first; of more than 64 the newest. */
  takeEvents(): readonly InputEvent[];
  close(): Promise<void>;
}
