import { expect, test } from 'vitest';
import { devicesNow } from './devices-now.ts';

const none = {
  player: null,
  screen: null,
  amplifier: null,
  source: null,
  tuner: null,
  inputs: null,
  current: null,
};

test('a box is asked of what it has, and of nothing else', () => {
  expect(devicesNow(none, false, null)).toEqual([]);
});

test('a tuner tells its place, level and station; a relay what it does beside what was wanted', () => {
  const tuner = {
    state: 'tuned' as const,
    frequencyKhz: 101_900,
    rssiDbuv: 41,
    stereo: true,
    pis: ['a123', 'b000'],
    muted: true,
    failure: null,
  };
  const [amplifier, heard] = devicesNow(
    { ...none, amplifier: { on: false, failure: null }, tuner },
    true,
    'VOV1',
  );
  expect(amplifier).toEqual({ device: 'amplifier', state: 'off', failure: null, details: { wanted: true } });
  expect(heard?.details).toMatchObject({
    frequencyKhz: 101_900,
    rssiDbuv: 41,
    pi: 'a123',
    programme: 'VOV1',
  });
});

test('the current of the amplifier is told in milliamps, or why it cannot be', () => {
  const [well] = devicesNow({ ...none, current: { milliamps: 420, failure: null } }, false, null);
  expect(well).toEqual({ device: 'current', state: 'read', failure: null, details: { milliamps: 420 } });
  const [bad] = devicesNow({ ...none, current: { milliamps: null, failure: 'no answer' } }, false, null);
  expect(bad).toMatchObject({ state: 'failed', failure: 'no answer', details: { milliamps: null } });
});

test('a relay that cannot be read is neither on nor off, and its failure is told', () => {
  const [source] = devicesNow({ ...none, source: { on: null, failure: 'EACCES' } }, false, null);
  expect(source).toMatchObject({ device: 'source', state: 'unknown', failure: 'EACCES' });
});
