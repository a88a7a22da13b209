import { createCipheriv } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { readBthome } from './bthome.ts';
import type { BthomeRead, BthomeSender } from './bthome.ts';

const hex = (text: string): Uint8Array => Buffer.from(text.replaceAll(' ', ''), 'hex');
const address = hex('5448e68f80a5');
const key = hex('231d39c1d7cc1ab1aee224cd096db932');
const open: BthomeSender = { address, key: null };
const keyed: BthomeSender = { address, key };

const seal = (payload: Uint8Array, counter: Uint8Array, device = 0x41): Uint8Array => {
  const nonce = Uint8Array.of(...address, 0xd2, 0xfc, device, ...counter);
  const cipher = createCipheriv('aes-128-ccm', key, nonce, { authTagLength: 4 });
  const sealed = cipher.update(payload);
  cipher.final();
  return Uint8Array.of(device, ...sealed, ...counter, ...cipher.getAuthTag());
};
const onlyValue = (read: BthomeRead) => (read.ok && read.values.length === 1 ? read.values[0] : read);

// Examples and results of https://bthome.io/format, tables of sensor and binary data.
test.each([
  ['518756', 'acceleration', 22.151],
  ['0161', 'battery', 97],
  ['12e204', 'co2', 1250],
  ['56e803', 'conductivity', 1000],
  ['0960', 'count', 96],
  ['3d0960', 'count', 24_585],
  ['3e2a2c0960', 'count', 1_611_213_866],
  ['59ea', 'count', -22],
  ['5aeaea', 'count', -5398],
  ['5bea0234ea', 'count', -365_690_134],
  ['434e34', 'current', 13.39],
  ['5d02ea', 'current', -5.63],
  ['08ca06', 'dewpoint', 17.38],
  ['400c00', 'distance-mm', 12],
  ['414e00', 'distance-m', 7.8],
  ['424e3400', 'duration', 13.39],
  ['4d12138a14', 'energy', 344_593.17],
  ['0a138a14', 'energy', 1346.067],
  ['4b138a14', 'gas-volume', 1346.067],
  ['4c41018a01', 'gas-volume', 25_821.505],
  ['528756', 'gyroscope', 22.151],
  ['03bf13', 'humidity', 50.55],
  ['2e23', 'humidity', 35],
  ['05138a14', 'illuminance', 13_460.67],
  ['065e1f', 'mass-kg', 80.3],
  ['073e1d', 'mass-lb', 74.86],
  ['14020c', 'moisture', 30.74],
  ['2f23', 'moisture', 35],
  ['0d120c', 'pm2.5', 3090],
  ['0e021c', 'pm10', 7170],
  ['0b021b00', 'power', 69.14],
  ['5c02fbffff', 'power', -12.78],
  ['04138a01', 'pressure', 1008.83],
  ['3f020c', 'rotation', 307.4],
  ['444e34', 'speed', 133.9],
  ['57ea', 'temperature', -22],
  ['58ea', 'temperature', -7.7],
  ['451101', 'temperature', 27.3],
  ['02ca09', 'temperature', 25.06],
  ['505d396164', 'timestamp', 1_684_093_277],
  ['133301', 'tvoc', 307],
  ['0c020c', 'voltage', 3.074],
  ['4a020c', 'voltage', 307.4],
  ['4e87562a01', 'volume', 19_551.879],
  ['478756', 'volume', 2215.1],
  ['48dc87', 'volume-ml', 34_780],
  ['5587562a01', 'volume-storage', 19_551.879],
  ['49dc87', 'volume-flow', 34.78],
  ['4632', 'uv-index', 5],
  ['4f87562a01', 'water', 19_551.879],
  ['5e9f8c', 'direction', 359.99],
  ['1501', 'battery-low', 1],
  ['1a00', 'door-open', 0],
  ['2100', 'motion', 0],
])('the published example %s is read as %s of %d', (object, name, value) => {
  expect(onlyValue(readBthome(hex(`40${object}`), open))).toEqual({ name, value });
});

describe('one advertisement', () => {
  it('is read with all of its values, in their order, and its packet number is none of them', () => {
    const read = readBthome(hex('40 0009 0161 02c409 03bf13'), open);
    expect(read).toEqual({
      ok: true,
      isTriggered: false,
      counter: null,
      values: [
        { name: 'battery', value: 97 },
        { name: 'temperature', value: 25 },
        { name: 'humidity', value: 50.55 },
      ],
      end: 'whole',
    });
  });

  it('keeps what stood before an unknown object, and before an end in the middle of one', () => {
    const values = [{ name: 'battery', value: 97 }];
    expect(readBthome(hex('40 0161 ee0102'), open)).toMatchObject({ values, end: 'unknown-object' });
    expect(readBthome(hex('40 0161 02c4'), open)).toMatchObject({ values, end: 'cut-off' });
  });

  it('passes over text and raw bytes of any length', () => {
    const read = readBthome(hex('40 530c48656c6c6f20576f726c6421 5400 57ea'), open);
    expect(onlyValue(read)).toEqual({ name: 'temperature', value: -22 });
    for (const short of ['40 530c4865', '40 530248', '40 53'])
      expect(readBthome(hex(short), open)).toMatchObject({ values: [], end: 'cut-off' });
  });

  it('says whether its sensor speaks only when something happens', () => {
    expect(readBthome(hex('44 1a01'), open)).toMatchObject({ isTriggered: true });
  });

  it('that names its own address is read behind that address', () => {
    const values = [{ name: 'temperature', value: 25.06 }];
    expect(readBthome(hex('42 a5808fe64854 02ca09'), open)).toMatchObject({ values, end: 'whole' });
    expect(readBthome(hex('42 a5808fe648'), open)).toEqual({ ok: false, why: 'cut-off' });
  });

  it('of another version, or of nothing, is refused', () => {
    expect(readBthome(hex('20 0161'), open)).toEqual({ ok: false, why: 'other-version' });
    expect(readBthome(hex(''), open)).toEqual({ ok: false, why: 'empty' });
  });
});

describe('an encrypted advertisement', () => {
  // https://bthome.io/encryption as it is now, and as it was with its counter written the other way round.
  it.each([
    ['41 e445f3c9962b 33221100 6c7c4519', 1_122_867],
    ['41 a47266c95f73 00112233 78237214', 857_870_592],
  ])('of the specification, %s, is opened with its key', (data, counter) => {
    expect(readBthome(hex(data), keyed)).toMatchObject({
      ok: true,
      counter,
      values: [
        { name: 'temperature', value: 25.06 },
        { name: 'humidity', value: 50.55 },
      ],
    });
  });

  it('is refused without a key, and what is not encrypted is refused with one', () => {
    const data = hex('41 e445f3c9962b 33221100 6c7c4519');
    expect(readBthome(data, open)).toEqual({ ok: false, why: 'no-key' });
    expect(readBthome(hex('40 02ca09'), keyed)).toEqual({ ok: false, why: 'not-encrypted' });
    expect(readBthome(hex('41 33221100 6c7c4519'), keyed)).toEqual({ ok: false, why: 'cut-off' });
  });

  it('of another address is refused, as one that was recorded there and sent from here', () => {
    const elsewhere = { address: hex('5448e68f80a6'), key };
    expect(readBthome(hex('41 e445f3c9962b 33221100 6c7c4519'), elsewhere)).toEqual({
      ok: false,
      why: 'wrong-key',
    });
  });

  it('that names its own address is opened by that', () => {
    const values = [
      { name: 'temperature', value: 25.06 },
      { name: 'humidity', value: 50.55 },
    ];
    // Of public decoders, with the address and key of the specification.
    const data = hex('43 a5808fe64854 f196c06ffb49 00112233 f08ecbde');
    const heardFrom = { address: hex('c00000000001'), key };
    for (const _ of [1, 2]) expect(readBthome(data, heardFrom)).toMatchObject({ ok: true, values });
    const other = data.map((byte, at) => (at === 3 ? byte + 1 : byte));
    expect(readBthome(other, heardFrom)).toEqual({ ok: false, why: 'wrong-key' });
  });

  it('with any one bit turned is refused, or is of another version, or claims to be open', () => {
    const good = seal(hex('0009 0161 1a01'), hex('2a000000'));
    expect(readBthome(good, keyed)).toMatchObject({ ok: true, counter: 42 });
    fc.assert(
      fc.property(fc.nat(good.length * 8 - 1), (bit) => {
        const bad = good.map((byte, at) => (at === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte));
        expect(readBthome(bad, keyed).ok).toBe(false);
      }),
    );
  });
});

describe('whatever comes over the air', () => {
  const bytes = fc.uint8Array({ maxLength: 254 });
  const device = fc.constantFrom(0x40, 0x41, 0x42, 0x43, 0x44, 0x45);

  it('is read or refused, never thrown over, and every value is a number', () => {
    fc.assert(
      fc.property(device, bytes, fc.boolean(), (first, rest, hasKey) => {
        const read = readBthome(Uint8Array.of(first, ...rest), hasKey ? keyed : open);
        const values = read.ok ? read.values : [];
        expect(values.every(({ value }) => Number.isFinite(value))).toBe(true);
      }),
      { numRuns: 1000 },
    );
    fc.assert(fc.property(bytes, (all) => typeof readBthome(all, keyed).ok === 'boolean'));
  });

  it('says the same sealed as it says open', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 200 }), (payload) => {
        const plain = readBthome(Uint8Array.of(0x40, ...payload), open);
        const sealed = readBthome(seal(payload, hex('01000000')), keyed);
        expect({ ...sealed, counter: null }).toEqual(plain);
      }),
    );
  });
});
