/** One look at the Bluetooth sensors, for people: the scan, then each sensor with what it said last. */
import type { SensorObserved, SensorsObserved } from '../devices/sensors/seam.ts';
import type { DeviceNow } from './devices-answer.ts';

/** Nothing where no sensor is configured. */
export function sensorsNow(seen: SensorsObserved | null, upMs: number): readonly DeviceNow[] {
  if (seen === null) return [];
  const { state, failure, sensors } = seen;
  const scan: DeviceNow = { device: 'bluetooth', state, failure, details: {} };
  return [scan, ...sensors.map((each) => sensorNow(each, upMs))];
}

function sensorNow(sensor: SensorObserved, upMs: number): DeviceNow {
  const { name, heardUpMs, silentAfterMs, rssiDbm, values } = sensor;
  const agoMs = heardUpMs === null ? null : upMs - heardUpMs;
  const isSilent = agoMs !== null && silentAfterMs !== null && agoMs > silentAfterMs;
  return {
    device: 'sensor',
    state: agoMs === null ? 'unheard' : isSilent ? 'silent' : 'heard',
    failure: failureOf(sensor, upMs),
    details: { name, agoS: agoMs === null ? null : Math.round(agoMs / 1000), rssiDbm, ...values },
  };
}

const RECENT_MS = 600_000;

function failureOf({ implausible, refused }: SensorObserved, upMs: number): string | null {
  const isRecent = refused !== null && upMs - refused.upMs < RECENT_MS;
  const words = [
    ...(implausible.length === 0 ? [] : [`cannot be: ${implausible.join(', ')}`]),
    ...(isRecent ? [`not believed: ${refused.why}`] : []),
  ];
  return words.length === 0 ? null : words.join('; ');
}
