/** Detectors of the Bluetooth sensors: what they say of the cabinet, and whether they can be heard and believed. */
import type { ConditionCode } from '../../shared/health/condition.ts';
import type { SensorObserved } from '../devices/sensors/seam.ts';
import type { Facts } from './facts.ts';
import { when } from './when.ts';

/** A Raspberry Pi is sold for 0–50 °C around it. */
const HOT_C = 50;
const HUMID_PERCENT = 90;
const BATTERY_LEAST_PERCENT = 10;
const REFUSAL_TOLD_MS = 600_000;
/** What a sensor said is so for so long, where its configuration does not say how soon it is missed. */
const HOLDS_MS = 86_400_000;

export function sensors({ sensors: seen, reading: { upMs } }: Facts): readonly ConditionCode[] {
  if (seen === null) return [];
  const { state, beganUpMs, sensors: all } = seen;
  const inside = all.filter((each) => each.where === 'cabinet' && isCurrent(each, upMs));
  // Without Bluetooth all are silent, and one thing is wrong.
  const isMissed = ({ heardUpMs, silentAfterMs }: SensorObserved) =>
    state !== 'away' && silentAfterMs !== null && upMs - (heardUpMs ?? beganUpMs) > silentAfterMs;
  const isRefused = ({ refused }: SensorObserved) =>
    refused !== null && upMs - refused.upMs < REFUSAL_TOLD_MS;
  const isImplausible = (each: SensorObserved) => each.implausible.length > 0 && isCurrent(each, upMs);
  return [
    ...when(state === 'away', 'BLUETOOTH_AWAY'),
    ...when(all.some(isMissed), 'SENSOR_SILENT'),
    ...when(all.some(isBatteryLow), 'SENSOR_BATTERY_LOW'),
    ...when(all.some(isRefused), 'SENSOR_NOT_BELIEVED'),
    ...when(all.some(isImplausible), 'SENSOR_IMPLAUSIBLE'),
    ...when(
      inside.some((each) => mostOf(each, 'temperature') >= HOT_C),
      'CABINET_HOT',
    ),
    ...when(
      inside.some((each) => mostOf(each, 'humidity') >= HUMID_PERCENT),
      'CABINET_HUMID',
    ),
  ];
}

export type DoorTold = { readonly isOpen: boolean; readonly openedUpMs: number | null };

/** What the sensors in the cabinet say of its door. */
export function doorsTold({ sensors: seen, reading: { upMs } }: Facts): readonly DoorTold[] {
  const inside = (seen?.sensors ?? []).filter(({ where }) => where === 'cabinet');
  return inside.map((each) => ({
    isOpen: isCurrent(each, upMs) && (mostOf(each, 'door-open') === 1 || mostOf(each, 'opening-open') === 1),
    openedUpMs: each.doorOpenedUpMs,
  }));
}

const isCurrent = ({ heardUpMs, silentAfterMs }: SensorObserved, upMs: number): boolean =>
  heardUpMs !== null && upMs - heardUpMs <= (silentAfterMs ?? HOLDS_MS);

const isBatteryLow = ({ values }: SensorObserved): boolean =>
  (values['battery'] ?? Infinity) <= BATTERY_LEAST_PERCENT || values['battery-low'] === 1;

/** Of all that a sensor tells of one kind the most; -Infinity where it tells none. */
function mostOf({ values }: SensorObserved, kind: string): number {
  const told = Object.entries(values).filter(
    ([name]) => name === kind || (/^-\d+$/.test(name.slice(kind.length)) && name.startsWith(kind)),
  );
  return Math.max(-Infinity, ...told.map(([, value]) => value));
}
