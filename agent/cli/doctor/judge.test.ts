import { describe, expect, test } from 'vitest';
import { machineConditions } from '../../../shared/health/of-machine.ts';
import type { Configured, Examined } from '../../local/examined.ts';
import { aStatus, NOW_MS } from '../../local/status.fixture.ts';
import { inLanguage } from '../page.ts';
import type { Check, Seen } from './finding.ts';
import { judge } from './judge.ts';
import { doctorJson, doctorPage, hasProblems } from './report.ts';

const configured: Configured = {
  socket: '/run/loa/loa.sock',
  stateFolder: '/var/lib/loa',
  mediaFolder: '/var/lib/loa/media',
  keyFolder: '/var/lib/loa/key',
  reserveBytes: 200_000_000,
  cloudUrl: 'https://loa.vn',
  brokerUrl: 'mqtts://loa.vn',
  sound: { ao: 'alsa', device: 'alsa/hw:CARD=Headphones' },
  screenVo: 'drm',
  pins: [{ use: 'amplifier', pin: { chip: 'pinctrl-bcm2711', line: 17 } }],
  tuner: { kind: 'rda5807m', i2cBus: 1, path: null },
  setsClocks: true,
  line: null,
  sensors: [],
};
const examined = {
  config: { ok: true, configured },
  kept: { ok: true, codes: [], trustDays: 300, planDays: 40, unsent: 3, clock: null, dev: 'd-x' },
} satisfies Examined;
const disk = { freeBytes: 9e9, inodesFree: 0.9, readOnly: false };
const well: Seen = {
  nowMs: NOW_MS,
  examined,
  status: aStatus(),
  devices: [{ device: 'tuner', state: 'tuned', failure: null, details: { rssiDbuv: 40 } }],
  isRunning: true,
  machine: {
    underVoltage: false,
    hottestC: 51.2,
    throttled: false,
    cardWear: 2,
    diskErrors: 0,
    memoryFreeBytes: 500_000_000,
    rtcAheadS: 1,
  },
  hardware: {
    i2cBuses: [1],
    serialPorts: [],
    gpioChips: [{ label: 'pinctrl-bcm2711', lines: 58, names: [] }],
    soundCards: [{ id: 'Headphones', name: 'bcm2835 Headphones', captures: false }],
    connectors: [{ name: 'card1-HDMI-A-1', connected: true }],
    rtcs: ['rtc0'],
    bluetooth: [],
  },
  installed: {
    service: { enabled: true, restarts: 0 },
    ...{ clockSetters: [], boots: 1, mpv: 'mpv 0.35.1', vietnameseFonts: 4 },
  },
  stateDisk: disk,
  mediaDisk: disk,
  portThere: null,
  openKeys: [],
  cloud: { at: 'there', certificateEndsAtMs: NOW_MS + 60 * 86_400_000 },
  broker: { at: 'there', certificateEndsAtMs: null },
};

const machine = (over: Partial<Seen['machine']>) => ({ machine: { ...well.machine, ...over } });
const hardware = (over: Partial<Seen['hardware']>) => ({ hardware: { ...well.hardware, ...over } });
const installed = (over: Partial<Seen['installed']>) => ({ installed: { ...well.installed, ...over } });
const reported = (code: string) => ({ status: aStatus({ conditions: [{ code, sinceMs: NOW_MS }] }) });
const kept = (over: object): Partial<Seen> => ({
  status: null,
  devices: null,
  examined: { ...examined, kept: { ...examined.kept, ...over } },
});
const captures = (name: string): Partial<Seen> => ({
  examined: {
    ...examined,
    config: { ok: true, configured: { ...configured, line: { by: 'alsa', name } } },
  },
});
const codes = (checks: readonly Check[]) =>
  checks
    .flatMap(({ finding }) => (finding.result === 'problem' ? finding.problems : []))
    .map(({ code }) => code);

const one: readonly [string, Partial<Seen>][] = [
  ['AGENT_DOWN', { isRunning: false }],
  ['PROGRAM_BROKEN', { examined: 'SyntaxError' }],
  ['STORE_UNREADABLE', kept({ ok: false, why: 'corrupt', detail: 'x' })],
  ['SERVICE_DISABLED', installed({ service: { enabled: false, restarts: 0 } })],
  ['SERVICE_RESTARTS', installed({ service: { enabled: true, restarts: 4 } })],
  ['BOOTS_OFTEN', installed({ boots: 5 })],
  ['MPV_MISSING', installed({ mpv: null })],
  ['FONTS_MISSING', installed({ vietnameseFonts: 0 })],
  ['UNDER_VOLTAGE', machine({ underVoltage: true })],
  ['HOT', machine({ hottestC: 80 })],
  ['THROTTLED', machine({ throttled: true })],
  ['CARD_WORN', machine({ cardWear: 9 })],
  ['DISK_ERRORS', machine({ diskErrors: 1 })],
  ['MEMORY_LOW', machine({ memoryFreeBytes: 63_999_999 })],
  ['RTC_DISAGREES', machine({ rtcAheadS: -301 })],
  ['CLOCK_MEDDLED', installed({ clockSetters: ['chrony'] })],
  ['RTC_MISSING', hardware({ rtcs: [] })],
  ['DISK_READ_ONLY', { stateDisk: { ...disk, readOnly: true } }],
  ['DISK_FULL', { stateDisk: { ...disk, freeBytes: 99_999_999 } }],
  ['MEDIA_DISK_FULL', { mediaDisk: { ...disk, freeBytes: 199_999_999 } }],
  ['INODES_LOW', { mediaDisk: { ...disk, inodesFree: 0.04 } }],
  ['KEY_EXPOSED', { openKeys: ['device.pem'] }],
  ['DNS_FAILS', { cloud: { at: 'name', detail: 'loa.vn' } }],
  ['CLOUD_UNREACHED', { cloud: { at: 'connection', detail: 'loa.vn:443' } }],
  ['TLS_FAILS', { cloud: { at: 'certificate', detail: 'expired' } }],
  ['CERTIFICATE_ENDS', { cloud: { at: 'there', certificateEndsAtMs: NOW_MS + 13.9 * 86_400_000 } }],
  ['BROKER_UNREACHED', { broker: { at: 'connection', detail: 'loa.vn:8883' } }],
  ['NO_LINE_IN', captures('plughw:CARD=Codec,DEV=0')],
  ['NO_LINE_IN', captures('plughw:CARD=Headphones,DEV=0')],
  ['NO_LINE_IN', captures('default')],
  ['NO_SOUND_DEVICE', hardware({ soundCards: [{ id: 'vc4hdmi', name: 'HDMI', captures: false }] })],
  ['GPIO_MISSING', hardware({ gpioChips: [{ label: 'pinctrl-bcm2711', lines: 17, names: [] }] })],
  ['BUS_MISSING', hardware({ i2cBuses: [0] })],
  ['SCREEN_UNPLUGGED', hardware({ connectors: [{ name: 'card1-HDMI-A-1', connected: false }] })],
  [
    'TUNER_WEAK',
    { devices: [{ device: 'tuner', state: 'tuned', failure: null, details: { rssiDbuv: 24 } }] },
  ],
  ['NO_TIME', reported('NO_TIME')],
  ['AMPLIFIER_STUCK', reported('AMPLIFIER_STUCK')],
  ['UNDECIDED', reported('UNDECIDED')],
  ['TRUST_ENDS_7', kept({ codes: ['TRUST_ENDS_7'] })],
  ['PLAN_EXPIRED', kept({ codes: ['PLAN_EXPIRED'] })],
  ['OUTBOX_LARGE', kept({ unsent: 2001 })],
];

describe('judging', () => {
  test('a box with nothing wrong is well in forty checks, none of them unknown', () => {
    const checks = judge(well);
    expect(checks.filter(({ finding }) => finding.result !== 'well')).toEqual([]);
    expect(checks.length).toBeGreaterThanOrEqual(40);
    expect(hasProblems(checks)).toBe(false);
  });

  test.each(one)('%s is told, and nothing besides', (code, over) => {
    expect(codes(judge({ ...well, ...over }))).toEqual([code]);
  });

  test('every condition that only a look at the machine can find is found by a check', () => {
    const told = new Set([...one.map(([code]) => code), 'CONFIG_INVALID', 'SERIAL_PORT_MISSING']);
    expect(Object.keys(machineConditions).filter((code) => !told.has(code))).toEqual([]);
  });

  test('a broken configuration tells each of its faults, and what needs none is still judged', () => {
    const faults = [
      { vi: 'một', en: 'one' },
      { vi: 'hai', en: 'two' },
    ];
    const broken: Seen = {
      ...well,
      ...machine({ underVoltage: true }),
      examined: { config: { ok: false, faults }, kept: null },
    };
    expect(codes(judge(broken))).toEqual(['CONFIG_INVALID', 'CONFIG_INVALID', 'UNDER_VOLTAGE']);
    const page = doctorPage(judge(broken), true, false, inLanguage('en'));
    expect(page).toContain('    - one');
    expect(page).toContain('    - two');
    expect(page.filter((line) => line.includes('→ Correct what is named above'))).toHaveLength(1);
  });

  test('what the agent knows alone is unknown without it, and never well', () => {
    const checks = judge({ ...well, ...kept({}) });
    const unknown = checks.filter(({ finding }) => finding.result === 'unknown').map(({ name }) => name);
    expect(unknown).toEqual([
      'signal',
      'clock',
      'link',
      'media',
      'player',
      'relay',
      'tuner',
      'screen',
      'sensors',
      'others',
    ]);
  });

  test('a machine too busy to look at its own program has no broken one', () => {
    const checks = judge({ ...well, examined: 'timeout' });
    expect(codes(checks)).toEqual([]);
    expect(checks.find(({ name }) => name === 'program')?.finding).toMatchObject({ result: 'unknown' });
  });

  test('one word is told once, though machine and agent both see it', () => {
    const both = { ...well, ...hardware({ soundCards: [] }), ...reported('NO_SOUND_DEVICE') };
    expect(codes(judge(both))).toEqual(['NO_SOUND_DEVICE']);
  });

  test('a serial port, an ALSA default and a line by name are found where they are', () => {
    const other: Configured = {
      ...configured,
      sound: { ao: 'alsa', device: null },
      pins: [{ use: 'amplifier', pin: { name: 'GPIO17' } }],
      tuner: { kind: 'serial', i2cBus: null, path: '/dev/ttyUSB0' },
    };
    const seen = { ...well, examined: { ...examined, config: { ok: true as const, configured: other } } };
    expect(codes(judge(seen))).toEqual(['GPIO_MISSING', 'SERIAL_PORT_MISSING']);
    const chips = [{ label: 'x', lines: 2, names: ['', 'GPIO17'] }];
    const wired = { ...seen, ...hardware({ gpioChips: chips }), portThere: true };
    expect(codes(judge(wired))).toEqual([]);
  });
});

describe('the page', () => {
  const sick = judge({
    ...well,
    ...machine({ underVoltage: true, hottestC: 90 }),
    ...hardware({ rtcs: [], i2cBuses: [] }),
    openKeys: ['device.pem'],
  });

  test.each(['vi', 'en'] as const)('has the worst first, a remedy each, on 80 columns in %s', (language) => {
    const lines = doctorPage(sick, true, false, inLanguage(language));
    expect(Math.max(...lines.map((line) => Array.from(line).length))).toBeLessThanOrEqual(80);
    const heads = lines.flatMap((line) => /^[!·]+ ([A-Z_]+)/.exec(line)?.[1] ?? []);
    expect(heads).toEqual(['KEY_EXPOSED', 'UNDER_VOLTAGE', 'BUS_MISSING', 'HOT', 'RTC_MISSING']);
    expect(lines.filter((line) => line.startsWith('  → '))).toHaveLength(5);
    expect(lines.length).toBeLessThanOrEqual(24);
    const all = doctorPage(sick, true, true, inLanguage(language));
    expect(Math.max(...all.map((line) => Array.from(line).length))).toBeLessThanOrEqual(80);
    expect(all.filter((line) => line.startsWith('= '))).toHaveLength(sick.length - 5);
  });

  test('counts information alone as a note, as the exit code does', () => {
    const checks = judge({ ...well, ...hardware({ rtcs: [] }) });
    expect(doctorPage(checks, true, false, inLanguage('en'))[0]).toContain('0 problems, 1 note, ');
    expect(hasProblems(checks)).toBe(false);
  });

  test('L02 what comes from outside is shown and not obeyed', () => {
    const checks = judge({ ...well, cloud: { at: 'certificate', detail: 'a\u001b[2Jb' } });
    expect(doctorPage(checks, true, false, inLanguage('en')).join('\n')).not.toContain('\u001b');
  });

  test('JSON says severity, text and remedy in both languages, and the source', () => {
    const json = JSON.stringify(doctorJson(judge({ ...well, isRunning: false }), false));
    expect(json).toContain(
      '"check":"agent","name":{"vi":"agent","en":"agent"},"source":"agent","result":"problem"',
    );
    expect(json).toContain('"code":"AGENT_DOWN","severity":"error"');
    expect(json).toContain('systemctl restart loa-agent');
  });

  test('information alone is no problem', () => {
    expect(hasProblems(judge({ ...well, ...hardware({ rtcs: [] }) }))).toBe(false);
    expect(hasProblems(judge({ ...well, ...machine({ hottestC: 90 }) }))).toBe(true);
  });
});
