/** SHA-256 (FIPS 180-4) in place: the platform's own is asynchronous, and only signatures may be awaited here. */

const K = new Uint32Array(64);
const START = new Uint32Array(8);

const isPrime = (n: number): boolean => {
  for (let factor = 2; factor * factor <= n; factor++) if (n % factor === 0) return false;
  return true;
};

/** The first 32 bits of the fraction of a number, which is how FIPS 180-4 defines its constants. */
const fraction = (x: number): number => Math.floor((x - Math.floor(x)) * 2 ** 32);

for (let n = 2, found = 0; found < 64; n++) {
  if (!isPrime(n)) continue;
  if (found < 8) START[found] = fraction(Math.sqrt(n));
  K[found++] = fraction(Math.cbrt(n));
}

const rotate = (x: number, bits: number): number => (x >>> bits) | (x << (32 - bits));
const word = (words: Uint32Array, index: number): number => words[index] ?? 0;

/** The message, a one bit, zeros, and the length in bits: a whole number of blocks of 64 bytes. */
function padded(message: Uint8Array): DataView {
  const blocks = new Uint8Array(Math.ceil((message.length + 9) / 64) * 64);
  blocks.set(message);
  blocks[message.length] = 0x80;
  const view = new DataView(blocks.buffer);
  view.setBigUint64(blocks.length - 8, BigInt(message.length) * 8n);
  return view;
}

function schedule(w: Uint32Array, blocks: DataView, offset: number): void {
  for (let t = 0; t < 16; t++) w[t] = blocks.getUint32(offset + 4 * t);
  for (let t = 16; t < 64; t++) {
    const early = word(w, t - 15);
    const late = word(w, t - 2);
    const s0 = rotate(early, 7) ^ rotate(early, 18) ^ (early >>> 3);
    const s1 = rotate(late, 17) ^ rotate(late, 19) ^ (late >>> 10);
    w[t] = word(w, t - 16) + s0 + word(w, t - 7) + s1;
  }
}

function compress(hash: Uint32Array, w: Uint32Array): void {
  let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = hash;
  for (let t = 0; t < 64; t++) {
    const s1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + word(K, t) + word(w, t)) | 0;
    const s0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22);
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    // Written out: the swap of eight in one line costs most of the hash.
    h = g;
    g = f;
    f = e;
    e = (d + t1) | 0;
    d = c;
    c = b;
    b = a;
    a = (t1 + t2) | 0;
  }
  [a, b, c, d, e, f, g, h].forEach((value, i) => (hash[i] = word(hash, i) + value));
}

/** The 32 bytes of the hash. */
export function sha256(message: Uint8Array): Uint8Array {
  const hash = START.slice();
  const blocks = padded(message);
  const w = new Uint32Array(64);
  for (let offset = 0; offset < blocks.byteLength; offset += 64) {
    schedule(w, blocks, offset);
    compress(hash, w);
  }
  const out = new DataView(new ArrayBuffer(32));
  hash.forEach((value, i) => {
    out.setUint32(4 * i, value);
  });
  return new Uint8Array(out.buffer);
}
