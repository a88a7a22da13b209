import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { checkConfig, readConfig } from './config.ts';
import { captureOf, switchOf } from './wires.ts';

const least = {
  prov: 'vn56',
  trustFile: 'trust-1.json',
  stateFolder: 'state',
  copyFolder: '/mnt/copy',
  keyFolder: 'keys',
  mediaFolder: 'media',
  runtimeFolder: '/run/loa',
  cloud: { url: 'https://loa.example.vn', brokerUrl: 'mqtts://loa.example.vn:8883' },
  sound: {},
  screen: null,
};

function faultsOf(value: unknown): string[] {
  const read = checkConfig(value, '/etc/loa');
  return read.ok ? [] : read.faults.map(({ en }) => en);
}

test('the least that a loudspeaker says is enough; the rest has the defaults of the protocol', () => {
  const read = checkConfig(least, '/etc/loa');
  expect(read).toMatchObject({
    ok: true,
    config: {
      stateFolder: '/etc/loa/state',
      copyFolder: '/mnt/copy',
      localSocket: '/run/loa/loa.sock',
      sound: { ao: null, startLatencyMs: 2 },
      amplifier: null,
      waits: { ordersMs: 300_000, keepaliveS: 120 },
    },
  });
});

test('a shunt that the current would drive beyond the chip is told before anything starts', () => {
  const current = { shuntMilliohms: 100, maxMilliamps: 3200, quietMilliamps: 100 };
  expect(checkConfig({ ...least, amplifier: { relay: 'sim', current } }, '/').ok).toBe(true);
  const read = checkConfig(
    { ...least, amplifier: { relay: 'sim', current: { ...current, maxMilliamps: 3201 } } },
    '/',
  );
  expect(read.ok || read.faults[0]?.en).toContain('320 mV');
});

test('a contact that is not named is not wired', () => {
  const door = { pin: { name: 'GPIO22' }, activeLow: true };
  const read = checkConfig({ ...least, inputs: { door } }, '/');
  expect(read.ok && read.config.inputs).toEqual({
    door: { ...door, debounceMs: 50 },
    mains: null,
    mute: null,
  });
});

test('a sensor is named by its address, once, and its key has 16 bytes', () => {
  const one = { name: 'tủ', address: 'A4:C1:38:00:00:01' };
  const read = checkConfig({ ...least, sensors: [one] }, '/');
  expect(read.ok && read.config.sensors).toEqual([
    { ...one, address: 'a4:c1:38:00:00:01', bindKey: null, where: 'cabinet' },
  ]);
  expect(faultsOf({ ...least, sensors: [one, { ...one, address: 'a4:c1:38:00:00:01' }] })).toHaveLength(1);
  expect(faultsOf({ ...least, sensors: [{ ...one, bindKey: 'ab' }] })[0]).toContain('sensors.0.bindKey');
  expect(faultsOf({ ...least, sensors: [{ ...one, address: 'a4c138000001' }] })[0]).toContain('address');
  expect(checkConfig(least, '/')).toMatchObject({ config: { sensors: null, bleSocket: null } });
});

test('an amplifier warms up a second and a half before sound unless the file says otherwise', () => {
  const read = checkConfig({ ...least, amplifier: { relay: 'sim', holdMs: 1 } }, '/');
  expect(read.ok && read.config.amplifier).toEqual({
    relay: 'sim',
    current: null,
    leadMs: 1500,
    holdMs: 1,
    dwellMs: 2000,
    maxUnprovenMs: 15_000,
  });
});

test('a receiver is heard by a relay, or through a line input that the player plays', () => {
  const by = (source: unknown) => ({ ...least, tuner: { kind: 'rda5807m', source } });
  const tunerOf = (source: unknown) => {
    const read = checkConfig(by(source), '/');
    return read.ok ? [switchOf(read.config), captureOf(read.config)] : null;
  };
  const relay = { pin: { name: 'GPIO24' }, activeLow: true };
  const alsa = { alsa: 'plughw:CARD=Codec,DEV=0' };
  const pulse = { pulse: 'alsa_input.usb-0d8c_USB_Audio-00.analog-stereo' };
  expect(tunerOf(relay)).toEqual([relay, null]);
  expect(tunerOf('sim')).toEqual(['sim', null]);
  expect(tunerOf({ capture: alsa })).toEqual([null, alsa]);
  expect(tunerOf({ capture: pulse })).toEqual([null, pulse]);
});

test('an input that could be anything but a named device is refused, and its fault says where it stands', () => {
  const by = (source: unknown) => faultsOf({ ...least, tuner: { kind: 'rda5807m', source } });
  for (const alsa of ['', 'null', "file:'|sh',raw", 'plug:{SLAVE="hw:0"}', 'hw:0 ,1', '../x', 'hw:CARD=x\n'])
    expect(by({ capture: { alsa } })[0]).toContain('tuner.source.capture.alsa: ');
  expect(by({ capture: { pulse: 'a b' } })[0]).toContain('tuner.source.capture.pulse: has the wrong form');
  expect(by({ capture: { alsa: 'default', pulse: 'x' } })[0]).toContain('tuner.source.capture');
  expect(by({ capture: 'hw:0' })[0]).toContain('tuner.source.capture');
  expect(by({ captur: { alsa: 'hw:0' } })[0]).toContain('tuner.source');
  expect(by({ pin: { name: 'GPIO24' }, activeLow: 'yes' })).toEqual([
    'tuner.source.activeLow: wants true or false',
  ]);
});

test('a line input wants a player that plays it', () => {
  const board = { ...least, sound: null, screen: { vo: 'drm' } };
  const tuner = { kind: 'rda5807m', source: { capture: { alsa: 'default' } } };
  expect(faultsOf({ ...board, tuner })).toEqual([
    'tuner.source.capture: wants sound: it is the player that plays this input',
  ]);
});

test('every fault is told at once, with its key, what is wanted, and the nearest known key', () => {
  const { prov: _prov, ...rest } = least;
  const faults = faultsOf({
    ...rest,
    statefolder: 'x',
    zzz: 1,
    mediaQuotaBytes: 5,
    cloud: { url: 'ftp://x', brokerUrl: null, brokrUrl: 'mqtt://x' },
    amplifier: { relay: 'sim', leadS: 2, holdMs: 'a' },
    sound: { environment: { 'pulse server': 'x' } },
  });
  expect(faults).toEqual(
    expect.arrayContaining([
      'prov: is missing',
      'statefolder: unknown key, did you mean "stateFolder"?',
      'zzz: unknown key, take it out',
      'mediaQuotaBytes: must be at least 50000000',
      'cloud.url: has the wrong form (url)',
      'cloud.brokrUrl: unknown key, did you mean "brokerUrl"?',
      'amplifier.leadS: unknown key, did you mean "leadMs"?',
      'amplifier.holdMs: wants a number',
    ]),
  );
  expect(faults.some((fault) => fault.startsWith('sound.environment.pulse server'))).toBe(true);
});

test('a box that neither sounds nor shows is refused', () => {
  expect(faultsOf({ ...least, sound: null })).toEqual([
    'sound: and screen cannot both be null: there would be nothing to do',
  ]);
});

test('a key with control characters in it cannot steer the terminal that shows the fault', () => {
  expect(faultsOf({ ...least, '\u001b[2Jx': 1 })[0]).toMatch(/^\\u\{1b\}\[2Jx: unknown key/);
});

test('a file that is absent, or no JSON, is told by its name', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'loa-config-'));
  try {
    const file = path.join(folder, 'box.json');
    expect(readConfig(file)).toMatchObject({
      ok: false,
      faults: [{ en: `${file}: there is no such file, or no right to read it` }],
    });
    writeFileSync(file, '{"prov": ');
    const read = readConfig(file);
    expect(read.ok ? '' : read.faults[0]?.vi).toContain(`${file}: không phải JSON`);
    writeFileSync(file, JSON.stringify(least));
    expect(readConfig(file)).toMatchObject({ ok: true, config: { keyFolder: path.join(folder, 'keys') } });
  } finally {
    rmSync(folder, { recursive: true });
  }
});
