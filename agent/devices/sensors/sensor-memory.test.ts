import { createCipheriv } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hearAdvert, nothingKept, senderOf } from './sensor-memory.ts';
import type { SensorMemory } from './sensor-memory.ts';
import type { SensorWiring } from './seam.ts';

const wiring: SensorWiring = {
  name: 'tu',
  address: '54:48:e6:8f:80:a5',
  bindKey: null,
  where: 'cabinet',
  silentAfterMs: 3_600_000,
};
const DAY_MS = 86_400_000;
const open = senderOf(wiring);
const keyed = senderOf({ ...wiring, bindKey: '231d39c1d7cc1ab1aee224cd096db932' });
const bytes = (hex: string) => Buffer.from(hex.replaceAll(' ', ''), 'hex');

const sealed = (payload: string, counter: number): Buffer => {
  const count = Buffer.alloc(4);
  count.writeUInt32LE(counter);
  const nonce = Buffer.concat([keyed.address, bytes('d2fc41'), count]);
  const cipher = createCipheriv('aes-128-ccm', keyed.key ?? '', nonce, { authTagLength: 4 });
  const body = cipher.update(bytes(payload));
  cipher.final();
  return Buffer.concat([bytes('41'), body, count, cipher.getAuthTag()]);
};
const plain = (kept: SensorMemory, hex: string, upMs = 1_000) =>
  hearAdvert(kept, open, { rssiDbm: -60, data: bytes(`40 ${hex}`) }, upMs);
const secret = (kept: SensorMemory, payload: string, counter: number, upMs = 1_000) =>
  hearAdvert(kept, keyed, { rssiDbm: -60, data: sealed(payload, counter) }, upMs);

describe('what is kept of a sensor', () => {
  it('is the newest of each value, whichever advertisement it came in', () => {
    const kept = plain(plain(nothingKept, '02ca09 03bf13'), '02c409', 2_000);
    expect(kept).toMatchObject({
      values: { temperature: 25, humidity: 50.55 },
      heardUpMs: 2_000,
      rssiDbm: -60,
      refused: null,
    });
  });

  it('tells two of one kind apart', () => {
    expect(plain(nothingKept, '02ca09 02c409').values).toEqual({ temperature: 25.06, 'temperature-2': 25 });
  });

  it('remembers when a door was opened, also after it was shut', () => {
    const opened = plain(plain(nothingKept, '1a00'), '1a01', 5_000);
    expect(plain(plain(opened, '1a01', 6_000), '1a00', 7_000).doorOpenedUpMs).toBe(5_000);
    expect(plain(nothingKept, '1a00').doorOpenedUpMs).toBeNull();
    expect(plain(plain(nothingKept, '1a00 1a00'), '1a00 1a01', 8_000).doorOpenedUpMs).toBe(8_000);
  });

  it('is no longer so, true or a lie, a day after it was said last, whatever else is said since', () => {
    const said = plain(plain(nothingKept, '02ca09 03ffff'), '0161', 5_000);
    const still = plain(said, '0161', DAY_MS);
    expect([still.values, still.implausible]).toEqual([
      { temperature: 25.06, battery: 97 },
      ['humidity 655.35'],
    ]);
    const over = plain(still, '0161', DAY_MS + 1_000);
    expect([over.values, over.implausible, over.toldUpMs]).toEqual([
      { battery: 97 },
      [],
      { battery: DAY_MS + 1_000 },
    ]);
  });
});

describe('a sensor that lies', () => {
  it.each([
    ['025a23', 'temperature 90.5'],
    ['0218f0', 'temperature -40.72'],
    ['03ffff', 'humidity 655.35'],
    ['0165', 'battery 101'],
    ['04ffffff', 'pressure 167772.15'],
    ['4affff', 'voltage 6553.5'],
  ])('with %s is told as %s, and none of it is a value', (hex, words) => {
    const kept = plain(nothingKept, hex);
    expect([kept.implausible, kept.values]).toEqual([[words], {}]);
  });

  it('takes its last true value away with it, and is believed again once it tells what can be', () => {
    const lying = plain(plain(nothingKept, '02ca09 0161'), '02ff7f');
    expect(lying).toMatchObject({ values: { battery: 97 }, implausible: ['temperature 327.67'] });
    expect(lying.values).not.toHaveProperty('temperature');
    const other = plain(lying, '0160');
    expect(other.implausible).toEqual(['temperature 327.67']);
    expect(plain(other, '02ca09')).toMatchObject({ values: { temperature: 25.06 }, implausible: [] });
  });
});

describe('a sensor with a key', () => {
  it('is not believed without it, and what it said before stays', () => {
    const kept = secret(nothingKept, '02ca09', 7);
    const forged = hearAdvert(kept, keyed, { rssiDbm: -20, data: bytes('40 0201ff') }, 2_000);
    expect(forged).toMatchObject({
      values: { temperature: 25.06 },
      heardUpMs: 1_000,
      rssiDbm: -60,
      refused: { why: 'not-encrypted', upMs: 2_000 },
    });
  });

  it('that counts on is believed; said once more it is no news, and recorded and sent again it is refused', () => {
    const first = secret(nothingKept, '1a00', 7_000);
    const second = secret(first, '1a01', 7_001, 2_000);
    expect(second).toMatchObject({ values: { 'door-open': 1 }, heardUpMs: 2_000 });
    expect(secret(second, '1a01', 7_001, 9_000)).toEqual(second);
    expect(secret(second, '1a00', 7_000, 900_000)).toMatchObject({
      values: { 'door-open': 1 },
      heardUpMs: 2_000,
      refused: { why: 'replayed', upMs: 900_000 },
    });
  });

  it('may count from the beginning after it was away for a new battery, and only then', () => {
    const kept = secret(nothingKept, '0161', 7_000);
    expect(secret(kept, '0164', 3, 30_000).refused?.why).toBe('replayed');
    expect(secret(kept, '0164', 3, 90_000)).toMatchObject({ values: { battery: 100 }, counter: 3 });
    expect(secret(kept, '0164', 100, 90_000).refused?.why).toBe('replayed');
  });

  it('never says what is older than what it said last, in whatever order its words are sent again', () => {
    const counters = fc.array(fc.integer({ min: 100, max: 120 }), { maxLength: 40 });
    fc.assert(
      fc.property(counters, (sent) => {
        let kept = nothingKept;
        for (const counter of sent) kept = secret(kept, '0161', counter, 1e9);
        expect(kept.counter).toBe(sent.length === 0 ? null : Math.max(...sent));
      }),
    );
  });
});
