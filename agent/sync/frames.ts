/** Watches the bytes from a broker before the MQTT library collects them: a frame may announce 256 MB, and a box has not that much. */
import { MAX_MQTT_PAYLOAD_BYTES } from '../../shared/wire/topics.ts';

/** Payload, topic and packet number. */
const MAX_FRAME_BYTES = MAX_MQTT_PAYLOAD_BYTES + 1024;
const PUBLISH = 3;

/** MQTT 3.1.1 §2.2: first byte (type and flags), remaining length in 1–4 bytes of 7 bits, then so many bytes. */
export class FrameLimit {
  #state: 'first' | 'length' | 'body' = 'first';
  #left = 0;
  #shift = 0;

  /** Why this broker must be left, or null while its frames are fit to be read. */
  fault(chunk: Uint8Array): string | null {
    for (let at = 0; at < chunk.length;) {
      if (this.#state === 'body') {
        const skipped = Math.min(this.#left, chunk.length - at);
        at += skipped;
        this.#left -= skipped;
        if (this.#left === 0) this.#state = 'first';
        continue;
      }
      const wrong = this.#state === 'first' ? this.#first(chunk[at] ?? 0) : this.#length(chunk[at] ?? 0);
      if (wrong !== null) return wrong;
      at += 1;
    }
    return null;
  }

  #first(byte: number): string | null {
    this.#state = 'length';
    this.#left = 0;
    this.#shift = 0;
    // We subscribe with QoS 1; the library would keep each message of QoS 2 until the broker lets go of it.
    const isQos2 = byte >> 4 === PUBLISH && (byte & 0b110) > 0b010;
    return isQos2 ? 'the broker sends with a quality of service that was not asked for' : null;
  }

  #length(byte: number): string | null {
    this.#left += (byte & 0x7f) << this.#shift;
    this.#shift += 7;
    const goesOn = (byte & 0x80) !== 0;
    if (this.#left > MAX_FRAME_BYTES || (goesOn && this.#shift >= 28))
      return 'the broker sends a message that is too long';
    if (!goesOn) this.#state = this.#left === 0 ? 'first' : 'body';
    return null;
  }
}
