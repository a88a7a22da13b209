/** `loa devices` in words: found, configured, what the agent sees, and what does not fit. Pure. */
import {
  checkNames,
  detailNames,
  deviceNames,
  doctorMessages as words,
  stateNames,
} from '../../shared/messages/doctor.ts';
import { declaredOf } from '../../shared/health/condition.ts';
import { shown, type Text } from '../../shared/messages/text.ts';
import type { DeviceNow } from '../local/devices-answer.ts';
import type { Configured } from '../local/examined.ts';
import type { Check } from './doctor/finding.ts';
import { bracketed } from './doctor/report.ts';
import type { GpioChip, Hardware, SoundCard } from './machine/hardware.ts';
import { wrapped, type In } from './page.ts';

export type DevicesSeen = {
  readonly hardware: Hardware;
  /** Null: the configuration cannot be read. */
  readonly configured: Configured | null;
  /** Null: no agent answers. */
  readonly observed: readonly DeviceNow[] | null;
  /** Only those with a problem are shown. */
  readonly checks: readonly Check[];
};

export function devicesPage(
  { hardware, configured, observed, checks }: DevicesSeen,
  say: In,
): readonly string[] {
  return [
    `${say(words.found)}:`,
    ...foundLines(hardware, say),
    `${say(words.configured)}:`,
    ...(configured === null ? [`  ${say(words.needsConfig)}`] : configuredLines(configured, say)),
    `${say(words.observed)}:`,
    ...(observed === null
      ? [`  ${say(words.notRunning)}`]
      : observed.flatMap((each) => observedLine(each, say))),
    `${say(words.wrong)}:`,
    ...wrongLines(checks, say),
  ];
}

function foundLines(hardware: Hardware, say: In): readonly string[] {
  const { i2cBuses, serialPorts, gpioChips, soundCards, connectors, rtcs, bluetooth } = hardware;
  const screens = connectors.map(({ name, connected }) => `${name} ${say(connected ? words.yes : words.no)}`);
  const rows: readonly (readonly [string, readonly string[]])[] = [
    ['I2C', i2cBuses.map((bus) => `/dev/i2c-${bus}`)],
    ['serial', serialPorts],
    ['GPIO', (gpioChips ?? []).map(chipWords)],
    ['ALSA', (soundCards ?? []).map((card) => cardWords(card, say))],
    ['DRM', screens],
    ['RTC', rtcs],
    ['Bluetooth', bluetooth],
  ];
  return rows.flatMap(([label, all]) =>
    wrapped(`  ${label}: ${all.length === 0 ? say(words.none) : all.map((one) => shown(one)).join(', ')}`, 4),
  );
}

const cardWords = ({ id, name, captures }: SoundCard, say: In): string =>
  `${id} (${name}${captures ? `; ${say(words.captures)}` : ''})`;

function chipWords({ label, lines, names }: GpioChip): string {
  const named = names.filter((name) => name !== '').length;
  return `${label} (0–${lines - 1}${named === 0 ? '' : `; ${named} named`})`;
}

function configuredLines(
  { sound, line, screenVo, pins, tuner, sensors }: Configured,
  say: In,
): readonly string[] {
  const rows: readonly (readonly [string, string | null])[] = [
    [
      say(checkNames.player),
      sound === null ? null : ['mpv', sound.ao, sound.device].filter(Boolean).join(' '),
    ],
    ...(line === null ? [] : [[say(checkNames.lineInput), `${line.by} ${line.name}`] as const]),
    [say(checkNames.screen), screenVo === null ? null : `mpv ${screenVo}`],
    [say(checkNames.tuner), tuner === null ? null : [tuner.kind, placeOf(tuner)].filter(Boolean).join(' ')],
    ...pins.map(({ use, pin }) => [use, 'name' in pin ? pin.name : `${pin.chip} ${pin.line}`] as const),
    ...sensors.map(({ name, address }) => [say(checkNames.sensors), `${name} ${address}`] as const),
  ];
  return rows.flatMap(([label, value]) => wrapped(`  ${label}: ${shown(value ?? say(words.none))}`, 4));
}

const placeOf = ({ i2cBus, path }: NonNullable<Configured['tuner']>): string | null =>
  i2cBus === null ? path : `/dev/i2c-${i2cBus}`;

function observedLine({ device, state, failure, details }: DeviceNow, say: In): readonly string[] {
  const told = Object.entries(details).flatMap(([key, value]) => {
    if (value === null) return [];
    const name = named(detailNames, key, say);
    if (typeof value === 'boolean') return [`${name}: ${say(value ? words.yes : words.no)}`];
    return [`${name} ${shown(String(value))}`];
  });
  const fault = failure === null ? [] : [`${say(words.failure)}: ${shown(failure)}`];
  const all = [named(stateNames, state, say), ...told, ...fault].join(', ');
  return wrapped(`  ${named(deviceNames, device, say)}: ${all}`, 4);
}

function named(names: Readonly<Record<string, Text>>, key: string, say: In): string {
  const name = Object.hasOwn(names, key) ? names[key] : undefined;
  return name === undefined ? shown(key) : say(name);
}

function wrongLines(checks: readonly Check[], say: In): readonly string[] {
  const problems = checks.flatMap(({ finding }) => (finding.result === 'problem' ? finding.problems : []));
  if (problems.length === 0) return [`  ${say(words.nothingWrong)}`];
  return problems.flatMap(({ code, detail }) => {
    const declared = declaredOf(code);
    const head = `  ${shown(code)}${bracketed(detail, say)}`;
    if (declared === null) return wrapped(head, 4);
    return [...wrapped(`${head}: ${say(declared.text)}`, 4), ...wrapped(`    → ${say(declared.remedy)}`, 6)];
  });
}
