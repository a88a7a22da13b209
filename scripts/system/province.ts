/** A province in a test: generated people, the real cloud in this process, and sound sinks; boxes are processes of their own. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSoundSinks } from '../../agent/sim/sound-sink.ts';
import type { SoundSinks } from '../../agent/sim/sound-sink.ts';
import { filesIn, openCloud } from '../../cloud/app.ts';
import type { Cloud } from '../../cloud/app.ts';
import { openHeadKey } from '../../cloud/head/key.ts';
import { deviceOf } from '../province/documents.ts';
import type { MadeMedia } from '../province/media.ts';
import { firstTrust, gatherPeople, keyringOf, PROV, signedBy } from '../province/people.ts';
import type { People } from '../province/people.ts';
import { Staff } from '../province/staff.ts';
import { Box } from './box.ts';
import type { BoxOptions, Ports, Surroundings } from './box.ts';
import { planOf } from './papers.ts';
import type { Sound } from './papers.ts';

/** One commune is enough: boxes differ by their folders. */
export const AREA = '56.22366';

export const nowS = (): number => Math.floor(Date.now() / 1000);

export class Province implements Surroundings {
  readonly folder: string;
  readonly people: People;
  readonly sinks: SoundSinks;
  readonly trustFile: string;
  readonly ports: Ports = { http: { port: 0 }, mqtt: { port: 0 } };
  readonly #boxes: Box[] = [];
  #cloud: Cloud | null = null;
  /** By how much the clock of the cloud is off. */
  cloudAheadMs = 0;
  #planVer = 0;

  /** Opened by `openProvince`. */
  constructor(folder: string, people: People, sinks: SoundSinks, trustFile: string) {
    this.folder = folder;
    this.people = people;
    this.sinks = sinks;
    this.trustFile = trustFile;
  }

  get staff(): Promise<Staff> {
    const token = readFile(filesIn(this.#cloudFolder).staffToken, 'utf8');
    return token.then((text) => new Staff(`http://127.0.0.1:${this.ports.http.port}`, text.trim()));
  }

  /** Everything that it knew before it was closed is there again, on other ports. */
  async openCloud(): Promise<void> {
    const listen = { host: '127.0.0.1', port: 0 };
    const config = { prov: PROV, trustFile: this.trustFile, folder: this.#cloudFolder };
    this.#cloud = await openCloud(
      { ...config, http: listen, mqtt: listen, places: [], consoleFolder: null },
      () => Date.now() + this.cloudAheadMs,
    );
    this.ports.http.port = this.#cloud.http.port;
    this.ports.mqtt.port = this.#cloud.mqtt.port;
  }

  async closeCloud(): Promise<void> {
    await this.#cloud?.close();
    this.#cloud = null;
  }

  /** A box that has started, has its device document and knows the time. */
  async box(name: string, options: BoxOptions = {}): Promise<Box> {
    const box = new Box({ province: this, name, options });
    this.#boxes.push(box);
    await box.start();
    const device = deviceOf(box.dev, { name, area: AREA, kind: 'speaker' }, nowS());
    const tags = [...(options.tags ?? [])];
    await (await this.staff).send({ ...device, tags }, this.people.registrars.slice(0, 2));
    await box.untilEnrolled();
    return box;
  }

  /** The next version of the commune's plan, signed by author and approver. */
  async publish(sounds: readonly Sound[], media: readonly MadeMedia[]): Promise<number> {
    const staff = await this.staff;
    for (const made of media) await staff.upload(made);
    this.#planVer += 1;
    const signers = this.people.publishers.get(AREA) ?? [];
    await staff.publish(planOf(AREA, this.#planVer, nowS(), sounds), signers);
    return this.#planVer;
  }

  async close(): Promise<void> {
    await Promise.all(this.#boxes.map((box) => box.close()));
    await this.closeCloud();
    await this.sinks.close();
    await rm(this.folder, { recursive: true, force: true });
  }

  get #cloudFolder(): string {
    return join(this.folder, 'cloud');
  }
}

export async function openProvince(sinkNames: readonly string[]): Promise<Province> {
  const folder = await mkdtemp(join(tmpdir(), 'prov-'));
  const people = await gatherPeople();
  const cloudFolder = join(folder, 'cloud');
  await mkdir(cloudFolder, { recursive: true });
  const { kid, publicJwk } = openHeadKey(filesIn(cloudFolder).headKey);
  const trust = firstTrust(people, { kid, jwk: publicJwk, holder: 'Máy chủ tỉnh' }, nowS() - 3600);
  const trustFile = join(folder, 'trust-1.json');
  await writeFile(trustFile, await signedBy(people.roots.slice(0, 3), trust));
  const province = new Province(folder, people, await startSoundSinks(sinkNames), trustFile);
  await province.openCloud();
  await (await province.staff).send(keyringOf(people, AREA, nowS() - 120), people.registrars.slice(0, 2));
  return province;
}
