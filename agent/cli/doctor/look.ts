/** Looks at everything at once, each look for its own bounded time, so that the whole takes as long as its slowest part. */
import { existsSync } from 'node:fs';
import { answers } from '../../local/protocol.ts';
import { ask } from '../ask.ts';
import { machineRoots, runProgram, within, type Roots, type Run } from '../machine/bounded.ts';
import { probeDisk, probeKeys } from '../machine/disk.ts';
import { probeHardware } from '../machine/hardware.ts';
import { examineWith, probeInstalled } from '../machine/installed.ts';
import { probeMachine } from '../machine/machine.ts';
import { reach } from '../machine/network.ts';
import type { Seen } from './finding.ts';
import { configuredIn } from './judge.ts';

/** What a look needs of the world; a test gives its own. */
export type World = { readonly roots: Roots; readonly run: Run; readonly nowMs: () => number };
export const thisMachine: World = { roots: machineRoots, run: runProgram, nowMs: () => Date.now() };

const AGENT_MS = 3000;

export async function look(
  { config, socket }: { readonly config: string; readonly socket: string },
  { roots, run, nowMs }: World,
): Promise<Seen> {
  const [agent, machine, hardware, installed, configured] = await Promise.all([
    askAgent(socket),
    probeMachine(roots, nowMs),
    probeHardware(roots),
    probeInstalled(run, nowMs()),
    lookByConfig(config, { roots, run }),
  ]);
  return { nowMs: nowMs(), ...agent, machine, hardware, installed, ...configured };
}

async function askAgent(socket: string): Promise<Pick<Seen, 'status' | 'devices' | 'isRunning'>> {
  const [status, devices] = await Promise.all([
    within(AGENT_MS, ask(socket, { ask: 'status' }, answers.status)),
    within(AGENT_MS, ask(socket, { ask: 'devices' }, answers.devices)),
  ]);
  return {
    status: status?.kind === 'answered' ? status.answer : null,
    devices: devices?.kind === 'answered' ? devices.answer : null,
    isRunning: status !== null && status.kind !== 'unreached',
  };
}

const UNSEEN = {
  ...{ stateDisk: null, mediaDisk: null, portThere: null },
  ...{ openKeys: null, cloud: null, broker: null },
} as const;

/** The folders and addresses to look at are known once the configuration was read. */
async function lookByConfig(
  file: string,
  { roots, run }: Pick<World, 'roots' | 'run'>,
): Promise<Pick<Seen, 'examined' | keyof typeof UNSEEN>> {
  const examined = await examineWith(run, file);
  const configured = configuredIn({ examined });
  if (configured === null) return { examined, ...UNSEEN };
  const { stateFolder, mediaFolder, keyFolder, cloudUrl, brokerUrl, tuner } = configured;
  const [stateDisk, mediaDisk, openKeys, cloud, broker] = await Promise.all([
    probeDisk(stateFolder, roots.proc),
    probeDisk(mediaFolder, roots.proc),
    probeKeys(keyFolder),
    reach(cloudUrl),
    brokerUrl === null ? null : reach(brokerUrl),
  ]);
  const path = tuner?.path ?? null;
  const portThere = path === null ? null : existsSync(path);
  return { examined, stateDisk, mediaDisk, portThere, openKeys, cloud, broker };
}
