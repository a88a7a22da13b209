/** One box of a whole-system test: the real agent as a process that is started, killed, stopped and asked, with a line, a sink and folders of its own. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ask } from '../../agent/cli/ask.ts';
import { answers } from '../../agent/local/protocol.ts';
import type { Ear } from '../../agent/sim/ear.ts';
import { readWire } from '../../agent/sim/sim-relay.ts';
import type { WireState } from '../../agent/sim/sim-relay.ts';
import type { SoundSinks } from '../../agent/sim/sound-sink.ts';
import type { PlayRecord } from '../../shared/records/record.ts';
import type { BoxStatus } from '../../shared/wire/status.ts';
import { PROV } from '../province/people.ts';
import { start } from '../province/processes.ts';
import type { Running } from '../province/processes.ts';
import { Line } from '../province/proxy.ts';
import { until } from './until.ts';

const root = join(import.meta.dirname, '../..');

/** Starts the agent from its sources; the bundle has another such launcher. */
export const FROM_SOURCES = join(root, 'agent/loa-agent');

/** A shorter silence is a machine that was busy with something else, and no end of a sound. */
export const GAP_MS = 300;

export type BoxOptions = {
  /** What starts the agent. */
  readonly launcher?: string;
  /** Of its device document. */
  readonly tags?: readonly string[];
  /** Over the configuration that a box gets otherwise. */
  readonly config?: Readonly<Record<string, unknown>>;
};

/** Where something listens now; lines look it up for each connection. */
export type Ports = { readonly http: { port: number }; readonly mqtt: { port: number } };

/** What a box finds where it is put up. */
export type Surroundings = {
  readonly folder: string;
  readonly trustFile: string;
  readonly ports: Ports;
  readonly sinks: SoundSinks;
};

type BoxPlace = {
  readonly province: Surroundings;
  readonly name: string;
  readonly options: BoxOptions;
};

/** Seconds where the protocol's defaults are minutes and hours. */
const SHORT_WAITS = {
  ...{ documentsMs: 5000, ordersMs: 1500, ordersJitterMs: 200, nudgeJitterMs: 100, leastGapMs: 100 },
  ...{ retryMs: 500, retryMostMs: 1500, refusedMs: 1000, refusedMostMs: 2000 },
  ...{ connectMs: 1000, idleMs: 1500, exchangeMs: 3000 },
  ...{ reconnectMs: 100, reconnectFirstMostMs: 300, reconnectMostMs: 1000 },
  ...{ keepaliveS: 5, keepaliveLeastS: 2 },
};

export class Box {
  readonly name: string;
  readonly folder: string;
  readonly line = new Line();
  /** Where its line leads; tests lead it elsewhere. */
  readonly leadsTo: Ports;
  readonly #place: BoxPlace;
  #agent: Running | null = null;
  #ear: Ear | null = null;
  #starts = 0;
  #dev = '';

  constructor(place: BoxPlace) {
    const { province, name } = place;
    this.#place = place;
    this.name = name;
    this.folder = join(province.folder, name);
    this.leadsTo = { http: { ...province.ports.http }, mqtt: { ...province.ports.mqtt } };
  }

  get dev(): string {
    return this.#dev;
  }

  /** Hears from the first time that somebody asks for it. */
  get ear(): Ear {
    this.#ear ??= this.#place.province.sinks.listen(this.name, { silenceMs: GAP_MS });
    return this.#ear;
  }

  get configFile(): string {
    return join(this.folder, 'agent.json');
  }

  /** Resolves once it answers for `loa`. */
  async start(): Promise<void> {
    if (this.#starts === 0) await this.#configure();
    this.#starts += 1;
    const launcher = this.#place.options.launcher ?? FROM_SOURCES;
    const log = join(this.folder, `agent-${this.#starts}.log`);
    this.#agent = start(launcher, ['--config', this.configFile], log);
    this.#dev = (await this.#agent.said(/(d-[a-z2-7]{16})/))[1] ?? '';
    await until(`an answer of ${this.name}`, () => this.tryStatus());
  }

  /** Takes effect at the next start. */
  async reconfigure(change: Readonly<Record<string, unknown>>): Promise<void> {
    const config = JSON.parse(await readFile(this.configFile, 'utf8')) as Record<string, unknown>;
    await writeFile(this.configFile, JSON.stringify({ ...config, ...change }, null, 2));
  }

  get pid(): number {
    return this.#agent?.pid ?? 0;
  }

  /** As a power cut that spares the machine. */
  async kill(): Promise<void> {
    if (this.#agent === null) return;
    process.kill(this.#agent.pid, 'SIGKILL');
    await this.#agent.ended;
    this.#agent = null;
  }

  /** In order; the exit code. */
  async stop(): Promise<number | null> {
    const agent = this.#agent;
    await agent?.stop();
    this.#agent = null;
    return agent === null ? null : await agent.ended;
  }

  async close(): Promise<void> {
    await this.stop();
    await this.line.close();
  }

  /** Null while it does not answer. */
  async tryStatus(): Promise<BoxStatus | null> {
    const asked = await ask(this.#socket, { ask: 'status' }, answers.status);
    return asked.kind === 'answered' ? asked.answer : null;
  }

  async status(): Promise<BoxStatus> {
    return await until(`the status of ${this.name}`, () => this.tryStatus());
  }

  /** Oldest first. */
  async records(): Promise<readonly PlayRecord[]> {
    const asked = await ask(this.#socket, { ask: 'records', limit: 1000 }, answers.records);
    if (asked.kind !== 'answered') throw new Error(`${this.name} answers no records`);
    return asked.answer.toSorted((a, b) => a.seq - b.seq);
  }

  /** Milliseconds to add to uptime to get the box's own wall clock. */
  async wallMinusUpMs(): Promise<number> {
    const { atMs, upMs } = await this.status();
    return atMs - upMs;
  }

  wire(): readonly WireState[] {
    return readWire(join(this.folder, 'run', 'amplifier.wire'));
  }

  async untilEnrolled(): Promise<void> {
    await until(`the device document of ${this.name}`, async () => {
      const { area, clock } = await this.status();
      return area !== null && clock.state === 'SYNCED';
    });
  }

  /** It holds this version of the plan, and every recording that it wants. */
  async untilHolds(area: string, ver: number): Promise<void> {
    await until(`version ${ver} of the plan at ${this.name}`, async () => {
      const { held, media } = await this.status();
      return held[`plan:${area}`]?.ver === ver && media.missing === 0;
    });
  }

  get #socket(): string {
    return join(this.folder, 'run', 'loa.sock');
  }

  async #configure(): Promise<void> {
    const { province, options } = this.#place;
    await mkdir(this.folder, { recursive: true });
    const http = await this.line.carry(this.leadsTo.http);
    const mqtt = await this.line.carry(this.leadsTo.mqtt);
    const config = {
      ...{ prov: PROV, trustFile: province.trustFile, stateFolder: 'state', copyFolder: 'copy' },
      ...{ keyFolder: 'keys', mediaFolder: 'media', runtimeFolder: 'run', screen: null, waits: SHORT_WAITS },
      cloud: { url: `http://127.0.0.1:${http}`, brokerUrl: `mqtt://127.0.0.1:${mqtt}` },
      sound: {
        ao: 'pulse',
        device: `pulse/${this.name}`,
        environment: { PULSE_SERVER: province.sinks.server },
      },
      amplifier: { relay: 'sim', leadMs: 300, holdMs: 500, dwellMs: 300 },
      ...options.config,
    };
    await writeFile(this.configFile, JSON.stringify(config, null, 2));
  }
}
