/** Starts the agent from its configuration file, runs its two loops, and stops them on request, the amplifier first. */
import { mkdirSync, writeSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { worstOf } from '../shared/health/condition.ts';
import { StartFault } from '../shared/messages/start-fault.ts';
import type { Text } from '../shared/messages/text.ts';
import { answersOf } from './answers.ts';
import { openBox } from './box.ts';
import type { Box, Log } from './box.ts';
import { readConfig } from './config.ts';
import type { Config } from './config.ts';
import { examine } from './examine.ts';
import { LocalServer } from './local/server.ts';
import { notifierOf, tellSystemd } from './notify.ts';
import { StatusLamp } from './status-lamp.ts';
import { VERSION } from './version.ts';
import { closeDevices, lampOf, openDevices } from './wiring.ts';

/** Conditions are looked at so often, the status is said so often at least, the floor is kept so often (protocol D6). */
const LOOK_MS = 1000;
const SAY_MS = 60_000;
const FLOOR_MS = 3_600_000;

const log: Log = (line) => {
  console.log(line);
};

async function run(config: Config, signal: AbortSignal): Promise<void> {
  let opened: Box | null = null;
  // Before anything else: a second agent must not get as far as the store of the first.
  mkdirSync(config.runtimeFolder, { recursive: true, mode: 0o750 });
  const local = new LocalServer(
    config.localSocket,
    answersOf(() => opened, log),
  );
  await local.open();
  const box = await openBox(config, log);
  opened = box;
  log(`Loa agent ${VERSION}: ${box.dev}`);
  const moved = () => {
    box.agent.wake();
  };
  await openDevices(box.devices, moved, log);
  await box.sensors?.open();
  const lamp = statusLampOf(config, box);
  await lamp?.open();
  // The receiver, the plan and the sound wait for no clock but their own.
  void box.machineSet.then(() => {
    box.sync.start();
  });
  const timers = [
    setInterval(safely(watcher(box)), LOOK_MS),
    setInterval(() => {
      box.clock.keepFloor();
    }, FLOOR_MS),
  ];
  try {
    await box.agent.run(signal, notifier());
  } finally {
    for (const timer of timers) clearInterval(timer);
    box.trials.close();
    await closeDevices(box.devices);
    await box.sensors?.close();
    await lamp?.close();
  }
  await box.sync.stop();
  await local.close();
  box.store.close();
}

function statusLampOf(config: Config, { report, clock }: Box): StatusLamp | null {
  const line = lampOf(config);
  if (line === null) return null;
  const worst = () => worstOf(report.conditions().map(({ code }) => code));
  return new StatusLamp({ line, worst, readClock: () => clock.read(), log });
}

function notifier(): () => void {
  return notifierOf({ environment: process.env, upMs: () => performance.now(), tell: tellSystemd, log });
}

/** A bug in what only watches is no reason to end what plays. */
function safely(work: () => void): () => void {
  return () => {
    try {
      work();
    } catch (cause) {
      log(`status: ${cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)}`);
    }
  };
}

/** Looks for conditions, and tells the cloud what has changed. */
function watcher({ report, sync }: Box): () => void {
  let said = '';
  let saidAtUpMs = -Infinity;
  return () => {
    report.look();
    const status = report.status();
    if (status === null) return;
    const { atMs: _, upMs, link: __, ...rest } = status;
    const news = JSON.stringify(rest);
    if (news === said && upMs - saidAtUpMs < SAY_MS) return;
    sync.say(Buffer.from(JSON.stringify(status)));
    said = news;
    saidAtUpMs = upMs;
  };
}

function stopAsked(): AbortSignal {
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const)
    process.once(name, () => {
      stop.abort();
    });
  return stop.signal;
}

/** The exit code: 0 after an orderly stop, 1 where it could not start. */
async function main(file: string): Promise<number> {
  const read = readConfig(file);
  if (!read.ok) return failed(file, read.faults.map(inBoth));
  try {
    await run(read.config, stopAsked());
    return 0;
  } catch (cause) {
    return failed(file, [whyOf(cause)]);
  }
}

function whyOf(cause: unknown): string {
  if (cause instanceof StartFault) return inBoth(cause.text);
  return cause instanceof Error ? cause.message : String(cause);
}

const inBoth = ({ vi, en }: Text): string => `${vi} / ${en}`;

function failed(file: string, lines: readonly string[]): number {
  console.error(`Không chạy được / could not run (${file}):`);
  for (const line of lines) console.error(`  ${line}`);
  return 1;
}

/** For `loa doctor`: what configuration and store say, as one line of JSON. */
async function tellExamined(file: string): Promise<never> {
  writeSync(1, `${JSON.stringify(await examine(file, Math.floor(Date.now() / 1000)))}\n`);
  process.exit(0);
}

/** The configuration named on the command line; ends here where there is nothing to run. */
async function configAsked(): Promise<string> {
  const usage = 'Cách dùng / usage: agent/main.ts [--config /etc/loa/agent.json] [--examine]';
  try {
    const { values } = parseArgs({
      options: {
        config: { type: 'string', default: '/etc/loa/agent.json' },
        help: { type: 'boolean', short: 'h', default: false },
        examine: { type: 'boolean', default: false },
      },
    });
    if (values.examine) await tellExamined(values.config);
    if (!values.help) return values.config;
    console.log(usage);
    process.exit(0);
  } catch (cause) {
    console.error(`${whyOf(cause)}\n${usage}`);
    process.exit(2);
  }
}

// What could not start may have left a player behind that would keep the process alive.
process.exit(await main(await configAsked()));
