/** The demo's province as processes: a cloud, four boxes each with its own folder, line and sound sink, and the people who sign. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startSoundSinks } from '../../agent/sim/sound-sink.ts';
import type { SoundSinks } from '../../agent/sim/sound-sink.ts';
import { filesIn } from '../../cloud/app.ts';
import { openHeadKey } from '../../cloud/head/key.ts';
import { deviceOf, planOf, templatesOf } from './documents.ts';
import type { Round } from './documents.ts';
import { firstTrust, gatherPeople, keyringOf, PROV, signedBy } from './people.ts';
import type { People } from './people.ts';
import { start } from './processes.ts';
import type { Running } from './processes.ts';
import { allMedia, record } from './programmes.ts';
import type { Recordings } from './programmes.ts';
import { Line } from './proxy.ts';
import { Staff } from './staff.ts';
import { BOXES, PLACES } from './storyboard.ts';
import type { Box } from './storyboard.ts';

const root = join(import.meta.dirname, '../..');

export type Options = {
  /** Everything the demo makes lies here; what an earlier one left is removed, recordings aside. */
  readonly folder: string;
  /** Of the page; 0 lets the system choose. */
  readonly port: number;
  /** Plays one box through the machine's own sound card and shows the board in a window. */
  readonly listen: boolean;
};

export type RunningBox = Box & {
  readonly dev: string;
  readonly line: Line;
  readonly folder: string;
  readonly agent: Running;
};

export type World = {
  readonly url: string;
  readonly people: People;
  readonly recordings: Recordings;
  readonly staff: Staff;
  readonly sinks: SoundSinks;
  readonly boxes: readonly RunningBox[];
  close(): Promise<void>;
};

type Cloud = {
  readonly process: Running;
  readonly url: string;
  readonly http: number;
  readonly mqtt: number;
  readonly folder: string;
};

export async function openWorld(options: Options, say: (line: string) => void): Promise<World> {
  const { folder } = options;
  await mkdir(folder, { recursive: true });
  claim(folder);
  for (const each of ['cloud', ...BOXES.map(({ name }) => name)])
    await rm(join(folder, each), { recursive: true, force: true });
  if (options.listen) sayListening(say);
  say('ghi âm và vẽ tranh · recording speech, drawing posters');
  const recordings = await record(join(folder, 'recordings'));
  say('lễ ký tin cậy: ba trong năm người giữ khóa gốc · trust ceremony: three of five root keys');
  const people = await gatherPeople();
  const trustFile = await ceremony(folder, people);
  const cloud = await startCloud(options, trustFile);
  const sinks = await startSoundSinks(BOXES.filter(({ kind }) => kind === 'speaker').map(({ name }) => name));
  const boxes = await Promise.all(BOXES.map((box) => startBox(box, { options, cloud, sinks, trustFile })));
  say(`đám mây và ${boxes.length} hộp đã chạy · the cloud and ${boxes.length} boxes are up`);
  const token = (await readFile(filesIn(cloud.folder).staffToken, 'utf8')).trim();
  return {
    ...{ url: cloud.url, people, recordings, sinks, boxes },
    staff: new Staff(cloud.url, token),
    close: async () => {
      await Promise.all(boxes.map(({ agent }) => agent.stop()));
      await cloud.process.stop();
      await Promise.all(boxes.map(({ line }) => line.close()));
      await sinks.close();
    },
  };
}

/** The cloud's only key is granted `head` and nothing else; three of five people sign the first trust. */
async function ceremony(folder: string, people: People): Promise<string> {
  const cloudFolder = join(folder, 'cloud');
  await mkdir(cloudFolder, { recursive: true });
  const { kid, publicJwk } = openHeadKey(filesIn(cloudFolder).headKey);
  const trust = firstTrust(
    people,
    { kid, jwk: publicJwk, holder: 'Máy chủ tỉnh' },
    Math.floor(Date.now() / 1000) - 3600,
  );
  const file = join(folder, 'trust-1.json');
  await writeFile(file, await signedBy(people.roots.slice(0, 3), trust));
  return file;
}

async function startCloud({ folder, port }: Options, trustFile: string): Promise<Cloud> {
  const config = {
    prov: PROV,
    trustFile,
    folder: join(folder, 'cloud'),
    http: { port },
    mqtt: { port: 0 },
    places: Object.entries(PLACES).map(([area, name]) => ({ area, name })),
  };
  const file = join(folder, 'cloud.json');
  await writeFile(file, JSON.stringify(config, null, 2));
  const cloud = start(join(root, 'cloud/main.ts'), [file], join(folder, 'cloud.log'));
  const up = await cloud.said(/(http:\/\/[^ ]+:(\d+)) · mqtt:\/\/[^ ]+:(\d+)/);
  return {
    process: cloud,
    url: up[1] ?? '',
    http: Number(up[2]),
    mqtt: Number(up[3]),
    folder: config.folder,
  };
}

type BoxNeeds = {
  readonly options: Options;
  readonly cloud: Cloud;
  readonly sinks: SoundSinks;
  readonly trustFile: string;
};

async function startBox(box: Box, { options, cloud, sinks, trustFile }: BoxNeeds): Promise<RunningBox> {
  const folder = join(options.folder, box.name);
  await mkdir(folder, { recursive: true });
  const line = new Line();
  const http = await line.carry({ port: cloud.http });
  const mqtt = await line.carry({ port: cloud.mqtt });
  const config = {
    prov: PROV,
    trustFile,
    ...{
      stateFolder: 'state',
      copyFolder: 'copy',
      keyFolder: 'keys',
      mediaFolder: 'media',
      runtimeFolder: 'run',
    },
    cloud: { url: `http://127.0.0.1:${http}`, brokerUrl: `mqtt://127.0.0.1:${mqtt}` },
    ...outputsOf(box, options, sinks),
    waits: SHORT_WAITS,
  };
  const file = join(folder, 'agent.json');
  await writeFile(file, JSON.stringify(config, null, 2));
  const agent = start(join(root, 'agent/main.ts'), ['--config', file], join(folder, 'agent.log'));
  const dev = (await agent.said(/(d-[a-z2-7]{16})/))[1] ?? '';
  return { ...box, dev, line, folder, agent };
}

/** The protocol's waiting times are for 3,000 boxes and a year; the demo has four boxes and three minutes. */
const SHORT_WAITS = {
  ...{ documentsMs: 15_000, ordersMs: 4000, ordersJitterMs: 500, nudgeJitterMs: 300, leastGapMs: 200 },
  ...{ retryMs: 1000, retryMostMs: 3000, refusedMs: 2000, refusedMostMs: 4000 },
  ...{
    reconnectMs: 200,
    reconnectFirstMostMs: 800,
    reconnectMostMs: 2000,
    keepaliveS: 5,
    keepaliveLeastS: 3,
  },
};

function outputsOf({ name, area, kind }: Box, { listen }: Options, sinks: SoundSinks) {
  const place = PLACES[area]?.vi ?? area;
  if (kind === 'board')
    return { sound: null, screen: { vo: listen && hasDisplay() ? 'gpu' : 'null', place } };
  const isHeard = listen && hasSoundCard() && name === BOXES[0]?.name;
  const sink = { ao: 'pulse', device: `pulse/${name}`, environment: { PULSE_SERVER: sinks.server } };
  return { sound: isHeard ? {} : sink, screen: null, amplifier: { relay: 'sim' } };
}

const hasSoundCard = (): boolean =>
  existsSync('/dev/snd/controlC0') ||
  existsSync(join(process.env['XDG_RUNTIME_DIR'] ?? '/nowhere', 'pulse/native'));
const hasDisplay = (): boolean => (process.env['DISPLAY'] ?? process.env['WAYLAND_DISPLAY']) !== undefined;

function sayListening(say: (line: string) => void): void {
  say(
    hasSoundCard()
      ? `nghe ${BOXES[0]?.name ?? ''} qua loa của máy này · this box is heard through this machine's loudspeaker`
      : 'máy này không có thiết bị âm thanh: không nghe được · no sound card here: nothing will be heard',
  );
  say(
    hasDisplay()
      ? 'bảng hiện trong một cửa sổ · the board is a window'
      : 'máy này không có màn hình: bảng không hiện · no display here: the board has no window',
  );
}

/** Everything that people sign before the first instant: devices, keyrings, templates and the first plans. */
export async function publishProvince(
  { staff, people, recordings, boxes }: World,
  startS: number,
): Promise<void> {
  for (const made of allMedia(recordings)) await staff.upload(made);
  const [first, second] = people.registrars;
  if (first === undefined || second === undefined) throw new Error('the demo has four registrars');
  const registrars = [first, second];
  for (const box of boxes) await staff.send(deviceOf(box.dev, box, startS), registrars);
  for (const area of people.publishers.keys())
    await staff.send(keyringOf(people, area, startS - 120), registrars);
  await staff.send(templatesOf(startS, recordings), people.officers.slice(0, 2));
  await publishPlans({ staff, people, recordings }, { startS, index: 0 });
}

export async function publishPlans(
  { staff, people, recordings }: Pick<World, 'staff' | 'people' | 'recordings'>,
  round: Round,
): Promise<void> {
  for (const [area, signers] of people.publishers)
    await staff.publish(planOf(area, 'first', round, recordings), signers);
}

/** Two demos in one folder would pull the ground from under each other. */
function claim(folder: string): void {
  const file = join(folder, 'demo.pid');
  const other = existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0;
  if (other > 0 && other !== process.pid && existsSync(`/proc/${other}`)) {
    throw new Error(
      `đã có một demo khác (tiến trình ${other}) chạy trong ${folder}: dừng nó, hoặc thêm --folder và --port · ` +
        `another demo (process ${other}) runs there: stop it, or give this one --folder and --port`,
    );
  }
  writeFileSync(file, String(process.pid));
}
