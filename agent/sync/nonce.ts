/** The nonce that is out (protocol C4): a head that repeats it was made after we asked, so its time is now. */

export class Nonce {
  readonly #random: () => string;
  #out: string | null = null;

  /** `random`: 128 fresh bits as 22 base64url characters. */
  constructor(random: () => string) {
    this.#random = random;
  }

  /** For `accept`: the one nonce that a head may repeat, null while none is out. */
  out(): string | null {
    return this.#out;
  }

  ask(): string {
    this.#out = this.#random();
    return this.#out;
  }

  /** Each is good for one answer. */
  close(): void {
    this.#out = null;
  }
}
