import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { DeviceNow } from '../local/devices-answer.ts';
import { LocalServer } from '../local/server.ts';
import { aStatus, NOW_MS } from '../local/status.fixture.ts';
import { run } from './commands.ts';

let folder = '';
let config = '';
let socket = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'loa-doctor-'));
  socket = path.join(folder, 'loa.sock');
  config = path.join(folder, 'agent.json');
  for (const each of ['state', 'media']) mkdirSync(path.join(folder, each));
  const places = { stateFolder: 'state', copyFolder: 'copy', keyFolder: 'key', mediaFolder: 'media' };
  write({
    ...{ prov: 'vn56', trustFile: 'trust.json', ...places, runtimeFolder: 'run' },
    cloud: { url: 'http://127.0.0.1:1', brokerUrl: null },
    sound: { ao: 'null' },
    screen: null,
    tuner: { kind: 'rda5807m', i2cBus: 251, source: 'sim' },
    sensors: [{ name: 'tủ', address: 'A4:C1:38:00:00:01' }],
  });
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const write = (value: unknown) => {
  writeFileSync(config, JSON.stringify(value));
};

async function loa(...args: readonly string[]) {
  let [out, err] = ['', ''];
  const environment = { LOA_SOCKET: socket, LOA_CONFIG: config };
  const exit = await run(args, {
    out: (text) => (out += text),
    err: (text) => (err += text),
    environment,
  });
  expect(err).toBe('');
  return { exit, out };
}

const tuner: DeviceNow = {
  device: 'tuner',
  state: 'failed',
  failure: 'no answer at 0x11',
  details: { frequencyKhz: 101_900, rssiDbuv: null, muted: true },
};

async function withAgent(work: () => Promise<void>) {
  const server = new LocalServer(socket, {
    nowMs: () => NOW_MS,
    status: () => aStatus({ conditions: [{ code: 'TUNER_FAULT', sinceMs: NOW_MS }] }),
    why: () => null,
    next: () => null,
    devices: () => [tuner],
    records: () => null,
    trials: () => null,
    clock: () => null,
    settle: () => ({ ok: false, why: null }),
    consoleOpened: () => null,
    log: () => undefined,
  });
  await server.open();
  await work();
  await server.close();
}

const width = (out: string) => Math.max(...out.split('\n').map((line) => Array.from(line).length));

test('without an agent the doctor says so, looks at all the rest, and ends with 1', async () => {
  const { exit, out } = await loa('doctor', '--lang', 'en');
  expect(exit).toBe(1);
  for (const code of ['AGENT_DOWN', 'BUS_MISSING', 'CLOUD_UNREACHED']) expect(out).toContain(code);
  expect(out).toContain('→ Switch I2C on: add dtparam=i2c_arm=on');
  expect(out).toMatch(/Well: .*room for\s+the\s+store/s);
  expect(width(out)).toBeLessThanOrEqual(80);
});

test('with an agent its conditions come with their source, in Vietnamese by default', async () => {
  await withAgent(async () => {
    const { exit, out } = await loa('doctor');
    expect(exit).toBe(1);
    expect(out).toMatch(/! TUNER_FAULT: Bộ thu FM không trả lời\. \(theo\s+agent\)/);
    expect(out).not.toContain('AGENT_DOWN');
    expect(out).toContain('(agent đang chạy)');
  });
});

test('a broken configuration is told fault by fault, in one language', async () => {
  write({ prov: 1, surprise: true });
  const { exit, out } = await loa('doctor', '--lang', 'en');
  expect(exit).toBe(1);
  expect(out).toMatch(/CONFIG_INVALID[^→]* {4}- prov: [^→]* {4}- surprise: [^→]*→ Correct/);
  expect(out.match(/CONFIG_INVALID/g)).toHaveLength(1);
});

test('JSON names every check once', async () => {
  const { out } = await loa('doctor', '--json');
  const { checks, running } = JSON.parse(out) as { running: boolean; checks: { check: string }[] };
  expect(running).toBe(false);
  expect(checks.length).toBeGreaterThanOrEqual(35);
  expect(new Set(checks.map(({ check }) => check)).size).toBe(checks.length);
});

test('devices shows what is configured, what the agent sees, and what does not fit', async () => {
  await withAgent(async () => {
    for (const lang of ['vi', 'en']) {
      const { exit, out } = await loa('devices', '--lang', lang);
      expect(exit).toBe(1);
      expect(width(out)).toBeLessThanOrEqual(80);
      expect(out).toContain('rda5807m /dev/i2c-251');
      expect(out).toContain('tủ a4:c1:38:00:00:01');
      expect(out).toMatch(/(?:bộ thu FM: hỏng|FM receiver: failed), kHz 101900, .*no answer at\s+0x11/s);
      expect(out).toContain('BUS_MISSING [/dev/i2c-251]');
    }
    const json = JSON.parse((await loa('devices', '--json')).out) as { observed: unknown };
    expect(json.observed).toEqual([tuner]);
  });
});

test('devices works without an agent and with a broken configuration', async () => {
  write({});
  const { out } = await loa('devices', '--lang', 'en');
  expect(out).toContain('The agent sees:\n  the agent does not run');
  expect(out).toContain('CONFIG_INVALID');
});
