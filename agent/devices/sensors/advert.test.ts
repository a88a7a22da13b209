import fc from 'fast-check';
import { expect, test } from 'vitest';
import { serviceDataIn } from './advert.ts';

const inHex = (advert: string): string | null => {
  const data = serviceDataIn(Buffer.from(advert.replaceAll(' ', ''), 'hex'), 0xfcd2);
  return data === null ? null : Buffer.from(data).toString('hex');
};

test('the published example, with flags and a name before it, holds what its sensor says', () => {
  // https://bthome.io/format, Advertising payload.
  expect(inHex('020106 0b094449592d73656e736f72 0a16d2fc4002c40903bf13')).toBe('4002c40903bf13');
});

test.each([
  ['of another service', '0a16d1fc4002c40903bf13'],
  ['of another type', '0a21d2fc4002c40903bf13'],
  ['that ends before it', '020106 0a16d2fc4002c409'],
  ['after the end that the specification names', '00 0a16d2fc4002c40903bf13'],
  ['of nothing', ''],
])('an advertisement %s holds none', (_, advert) => {
  expect(inHex(advert)).toBeNull();
});

test.each([
  ['a level of transmission without its byte', '010a'],
  ['service data without a UUID', '0116'],
  ['service data with half of one', '0216d2'],
  ['a wide UUID without one', '0120'],
])('%s before it hides nothing', (_, before) => {
  expect(inHex(`${before} 0516d2fc4001`)).toBe('4001');
});

test('whatever strangers send is read without a throw, and nothing is read that was not sent', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 255 }), (advert) => {
      const data = serviceDataIn(advert, 0xfcd2);
      const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
      expect(data === null || hex(advert).includes(`16d2fc${hex(data)}`)).toBe(true);
    }),
    { numRuns: 2000 },
  );
});
