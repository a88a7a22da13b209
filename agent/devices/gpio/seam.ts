/** The seam of one GPIO line: raw levels on a pin, below the relay and the inputs and above whatever kernel interface there is. */

/** The level on the pin itself. What it means (active-low or not) is the business of the driver above. */
export type Level = 0 | 1;

/** A line by the name that the board gives it, or by its chip's label and its number on that chip. */
export type Pin = { readonly name: string } | { readonly chip: string; readonly line: number };

export interface Line {
  /** What the pin says now. Rejects where the line is gone. */
  read(): Promise<Level>;
  write(level: Level): Promise<void>;
  /** Calls back at every edge of an input until it is unwatched; false where the line has no interrupts. */
  watch(onEdge: () => void): boolean;
  unwatch(): void;
  /** A file in which another process reads and writes the raw level, as '0' or '1'. */
  readonly levelFile: string;
  /** Lets go without touching the level: an output goes on driving what it drove. */
  release(): void;
}

export type Gpio = {
  /** Where the chips are listed, each a folder with `base`, `ngpio` and `label`: /sys/class/gpio on a box. */
  readonly folder: string;
  /**
   * Opens the line with the kernel's global number; an output drives this level from its first instant on. Rejects
   * with the kernel's error (`code`).
   */
  open(number: number, use: 'in' | { readonly out: Level }): Promise<Line>;
};
