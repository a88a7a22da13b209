/**
 * What a Bluetooth advertisement holds for us: pure; the first to look at bytes that any stranger may have sent. Source:
 * Bluetooth Core 5.4 Vol 3 C 11 (length, type, data), and the Supplement, part A 1.11 (service data, 16 bits of UUID).
 */

const SERVICE_DATA = 0x16;

/** The service data under this UUID, without it; null where there is none. Never throws over what it reads. */
export function serviceDataIn(advert: Uint8Array, uuid: number): Uint8Array | null {
  let at = 0;
  while (at < advert.length) {
    const end = at + 1 + (advert[at] ?? 0);
    // A length of nothing ends the whole, by the specification; one beyond the end is none.
    if (end === at + 1 || end > advert.length) return null;
    const [type, low, high, ...data] = advert.subarray(at + 1, end);
    if (type === SERVICE_DATA && low === (uuid & 0xff) && high === uuid >> 8) return Uint8Array.from(data);
    at = end;
  }
  return null;
}
