/** What is on the air above the fake receiver chips: stations with their strength and the RDS groups that they send. */

/** Four 16-bit words, and how damaged each arrives, as chips count it (0 none … 3 beyond repair). */
export type AirGroup = {
  readonly words: readonly [number, number, number, number];
  readonly errors: readonly [number, number, number, number];
};

export type AirStation = {
  readonly frequencyKhz: number;
  readonly rssiDbuv: number;
  /** Sent one after the other, for ever; empty: a station without RDS. */
  readonly groups: readonly AirGroup[];
};

/** 104 bits at 1187.5 bit/s. */
const groupMs = 104_000 / 1187.5;
const noiseDbuv = 8;

export class FakeAir {
  readonly #stations = new Map<number, AirStation>();

  constructor(stations: readonly AirStation[]) {
    for (const station of stations) this.send(station);
  }

  send(station: AirStation): void {
    this.#stations.set(station.frequencyKhz, station);
  }

  silence(frequencyKhz: number): void {
    this.#stations.delete(frequencyKhz);
  }

  rssiDbuv(frequencyKhz: number): number {
    return this.#stations.get(frequencyKhz)?.rssiDbuv ?? noiseDbuv;
  }

  /** The group whose last bit has come, and for how long it has been there. */
  group(frequencyKhz: number, upMs: number): { readonly group: AirGroup; readonly ageMs: number } | null {
    const groups = this.#stations.get(frequencyKhz)?.groups ?? [];
    const count = Math.floor(upMs / groupMs);
    const group = groups[count % groups.length];
    return group === undefined ? null : { group, ageMs: upMs - count * groupMs };
  }

  /** The next station of this strength, going round at the ends of the band; `steps` channels away. Null: none. */
  next(search: {
    readonly fromKhz: number;
    readonly stepKhz: number;
    readonly band: readonly [number, number];
    readonly leastDbuv: number;
  }): { readonly frequencyKhz: number; readonly steps: number } | null {
    const { fromKhz, stepKhz, leastDbuv } = search;
    const [low, high] = search.band;
    const channels = (high - low) / Math.abs(stepKhz);
    let khz = fromKhz;
    for (let steps = 1; steps <= channels; steps++) {
      khz += stepKhz;
      if (khz > high) khz = low;
      if (khz < low) khz = high;
      if (this.rssiDbuv(khz) >= leastDbuv) return { frequencyKhz: khz, steps };
    }
    return null;
  }
}
