/** The simulated relay keeps the relay's contract, and its history can be read from outside. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RelayRig } from '../devices/relay/relay.contract.ts';
import { relayContract } from '../devices/relay/relay.contract.ts';
import { readWire, SimRelay } from './sim-relay.ts';

const module = new URL('./sim-relay.ts', import.meta.url).href;

/** An owner that switches its relay on, says so, and waits to be killed. */
const owner = (historyPath: string): string => `
  const { SimRelay } = await import(${JSON.stringify(module)});
  const relay = new SimRelay(${JSON.stringify(historyPath)});
  await relay.open();
  await relay.set(true);
  console.log('on');
  setInterval(() => undefined, 1000);
`;

const killedOwner = async (historyPath: string): Promise<boolean> => {
  const child = spawn(process.execPath, ['--input-type=module', '-e', owner(historyPath)]);
  await once(child.stdout, 'data');
  if (readWire(historyPath).at(-1)?.on !== true) throw new Error('the owner did not switch on');
  child.kill('SIGKILL');
  for (let tries = 0; tries < 200; tries += 1) {
    if (readWire(historyPath).at(-1)?.on === false) return true;
    await sleep(20);
  }
  return false;
};

const makeRig = async (): Promise<RelayRig> => {
  const folder = await mkdtemp(join(tmpdir(), 'relay-'));
  const historyPath = join(folder, 'wire.jsonl');
  const relay = new SimRelay(historyPath);
  return {
    relay,
    wire: () => readWire(historyPath).at(-1)?.on === true,
    opensWhenOwnerIsKilled: () => killedOwner(join(folder, 'other.jsonl')),
    unplug: () => {
      relay.unplug();
    },
    close: async () => {
      await relay.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
};

relayContract('SimRelay', makeRig);

describe('the wire of a simulated relay', () => {
  let folder: string;
  let relay: SimRelay;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'relay-'));
    relay = new SimRelay(join(folder, 'wire.jsonl'), 300);
    await relay.open();
  });
  afterEach(async () => {
    await relay.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('writes down each change with its uptime, and why', async () => {
    const beforeUpMs = Number(process.hrtime.bigint()) / 1e6;
    await relay.set(true);
    await relay.close();
    const history = readWire(join(folder, 'wire.jsonl'));
    expect(history.map(({ on, why }) => [on, why])).toEqual([
      [false, 'start'],
      [false, 'asked'],
      [true, 'asked'],
      [false, 'owner gone'],
    ]);
    const upMs = history[2]?.upMs ?? 0;
    expect(upMs).toBeGreaterThan(beforeUpMs - 20);
    expect(upMs).toBeLessThan(beforeUpMs + 4_000);
  });

  it('says that a stuck contact did not follow', async () => {
    await relay.stick();
    await relay.set(true);
    expect(relay.observe()).toEqual({ on: false, failure: 'asked for on, the wire is off' });
    await relay.free();
    await relay.set(true);
    expect(relay.observe()).toEqual({ on: true, failure: null });
  });

  it('is unknown while the wire does not answer', async () => {
    relay.hang();
    await relay.set(true);
    expect(relay.observe()).toEqual({ on: null, failure: 'the wire does not answer' });
  });

  it('is found again after it was torn off', async () => {
    relay.unplug();
    for (let tries = 0; tries < 100 && relay.observe().on !== null; tries += 1) await sleep(20);
    await relay.set(true);
    expect(relay.observe()).toEqual({ on: true, failure: null });
  });
});
