import { expect, test } from 'vitest';
import type { SensorObserved } from '../devices/sensors/seam.ts';
import { sensorsNow } from './sensors-now.ts';

const sensor: SensorObserved = {
  ...{ name: 'tủ', where: 'cabinet', silentAfterMs: 3_600_000, heardUpMs: 4_000, rssiDbm: -63 },
  ...{ values: { temperature: 41.5 }, implausible: [], refused: null, doorOpenedUpMs: null },
};
const seen = { state: 'scanning', failure: null, beganUpMs: 0, sensors: [sensor] } as const;

test('a box without sensors is asked of none', () => {
  expect(sensorsNow(null, 0)).toEqual([]);
});

test('each sensor tells when it was heard and what it said', () => {
  expect(sensorsNow(seen, 9_400)).toEqual([
    { device: 'bluetooth', state: 'scanning', failure: null, details: {} },
    {
      ...{ device: 'sensor', state: 'heard', failure: null },
      details: { name: 'tủ', agoS: 5, rssiDbm: -63, temperature: 41.5 },
    },
  ]);
  const stateOf = (over: Partial<SensorObserved>, upMs: number) =>
    sensorsNow({ ...seen, sensors: [{ ...sensor, ...over }] }, upMs)[1]?.state;
  expect(stateOf({}, 3_604_001)).toBe('silent');
  expect(stateOf({ silentAfterMs: null }, 3_604_001)).toBe('heard');
  expect(stateOf({ heardUpMs: null }, 9_400)).toBe('unheard');
});

test('what is wrong is said: no Bluetooth, a lie, a word that was not believed within ten minutes', () => {
  const away = { ...seen, state: 'away', failure: 'EAFNOSUPPORT' } as const;
  expect(sensorsNow(away, 0)[0]).toMatchObject({ state: 'away', failure: 'EAFNOSUPPORT' });
  const bad = { implausible: ['humidity 655.35'], refused: { why: 'wrong-key', upMs: 1_000 } } as const;
  const failureAt = (upMs: number) =>
    sensorsNow({ ...seen, sensors: [{ ...sensor, ...bad }] }, upMs)[1]?.failure;
  expect(failureAt(600_999)).toBe('cannot be: humidity 655.35; not believed: wrong-key');
  expect(failureAt(601_000)).toBe('cannot be: humidity 655.35');
});
