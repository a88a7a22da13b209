/** Puts the cloud together from its parts, opens them in the order in which they need each other, and closes them backwards. */
import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { BoxView } from '../shared/wire/fleet.ts';
import type { Draft } from '../shared/wire/staff.ts';
import { devOfStatusTopic } from '../shared/wire/topics.ts';
import { openAnnouncer } from './announce.ts';
import type { Server } from './api/answer.ts';
import { openServer } from './api/server.ts';
import { openBroker } from './broker.ts';
import type { Broker, BrokerEars } from './broker.ts';
import type { CloudConfig } from './config.ts';
import { openDatabase } from './database.ts';
import type { CloudDatabase } from './database.ts';
import { keepHeard, loadHeard } from './fleet/box-rows.ts';
import { openEventStream } from './fleet/event-stream.ts';
import type { EventStream } from './fleet/event-stream.ts';
import { openFleet } from './fleet/fleet.ts';
import type { Fleet } from './fleet/fleet.ts';
import { openHeadKey } from './head/key.ts';
import { openIngest } from './ingest/ingest.ts';
import type { Taken } from './ingest/ingest.ts';
import { openShelf } from './media/shelf.ts';
import { openDraftOffice } from './publish/drafts.ts';
import { loadLive } from './publish/keep.ts';
import type { Live } from './publish/live.ts';
import { openPublisher } from './publish/publisher.ts';
import type { Publisher } from './publish/publisher.ts';
import { readOrMakeSecret } from './secret-file.ts';

export type Cloud = {
  /** What the system gave where the configuration says port 0. */
  readonly http: AddressInfo;
  readonly mqtt: AddressInfo;
  readonly headKid: string;
  /** For requests without a socket. */
  readonly server: Server;
  close(): Promise<void>;
};

/** Files in the data folder. */
export const filesIn = (folder: string) => ({
  database: join(folder, 'cloud.db'),
  media: join(folder, 'media'),
  headKey: join(folder, 'head.key.json'),
  staffToken: join(folder, 'staff.token'),
});

/** Box statuses may be lost in a crash, so they are written rarely (the next one is minutes away). */
const KEEP_HEARD_MS = 5000;

/** `now` in UTC milliseconds. Throws where the cloud cannot start, with what to do about it. */
export async function openCloud(config: CloudConfig, now: () => number): Promise<Cloud> {
  const { prov } = config;
  // What was opened is closed backwards: at the end, or when a later part cannot open.
  await using opened = new AsyncDisposableStack();
  const { headKey, staffToken, shelf, database } = await openFolder(config.folder);
  opened.defer(() => database.destroy());
  const events = openEventStream();
  const desk = { database, now, hasMedia: (sha256: string) => shelf.has(sha256) };
  const publisher = openPublisher(desk, await loadLive(database, prov, config.trustFile));
  const live = (): Live => publisher.live();
  const fleet = openFleet({ now, live, changed: showBox(events) }, await loadHeard(database));
  opened.defer(keepingHeard(database, fleet));
  const broker = await openBroker(prov, config.mqtt, earsOf(prov, fleet));
  opened.defer(() => broker.close());
  await announce(prov, publisher, broker, events);
  const server = await openServer({
    ...{ prov, places: config.places, consoleFolder: config.consoleFolder, now },
    ...{ database, publisher, headKey, shelf, fleet, events, staffToken },
    drafts: openDraftOffice({ database, now, publisher, changed: showDraft(events) }),
    ingest: openIngest({
      ...{ database, prov, now },
      isKnown: (dev) => live().floors.has(`device:${dev}`),
      taken: (taken) => {
        tellTaken(taken, fleet, events);
      },
    }),
  });
  opened.defer(() => server.close());
  await server.listen(config.http);
  const [http] = server.addresses();
  if (http === undefined || typeof http === 'string') throw new Error('the server has no TCP port');
  const running = opened.move();
  return {
    ...{ http, mqtt: broker.address, headKid: headKey.kid, server },
    close: () => running.disposeAsync(),
  };
}

/** What lives on the disk; secrets are made where there are none. */
async function openFolder(folder: string) {
  mkdirSync(folder, { recursive: true, mode: 0o750 });
  const files = filesIn(folder);
  return {
    headKey: openHeadKey(files.headKey),
    staffToken: readOrMakeSecret(files.staffToken, () => randomBytes(32).toString('base64url')),
    shelf: await openShelf(files.media),
    database: await openDatabase(files.database),
  };
}

const showBox = (events: EventStream) => (box: BoxView) => {
  events.send({ kind: 'box', box });
};
const showDraft = (events: EventStream) => (draft: Draft) => {
  events.send({ kind: 'draft', draft });
};

const earsOf = (prov: string, fleet: Fleet): BrokerEars => ({
  mayConnect: (dev) => fleet.isActive(dev),
  onMessage(dev, topic, payload) {
    if (devOfStatusTopic(prov, topic) === dev) fleet.said(dev, payload);
  },
  onLink: (dev, online) => {
    fleet.linked(dev, online);
  },
});

/** A message that could not be sent is logged and no more: boxes ask for what they miss. */
const logged = (work: Promise<void>): void => {
  work.catch((cause: unknown) => {
    console.error('cloud:', cause);
  });
};

async function announce(
  prov: string,
  publisher: Publisher,
  broker: Broker,
  events: EventStream,
): Promise<void> {
  const announcer = openAnnouncer(prov, broker, events);
  publisher.listen((publication) => {
    logged(announcer.published(publication));
  });
  await announcer.everything(publisher.live());
}

function tellTaken(taken: Taken, fleet: Fleet, events: EventStream): void {
  fleet.uploaded(taken);
  for (const kept of taken.kept) events.send({ kind: 'record', kept });
  for (const found of taken.breaks) events.send({ kind: 'break', found });
}

/** Writes what boxes said from time to time; the function that comes back writes the rest. */
function keepingHeard(database: CloudDatabase, fleet: Fleet): () => Promise<void> {
  const timer = setInterval(() => {
    logged(keepHeard(database, fleet.takeChanged()));
  }, KEEP_HEARD_MS);
  return async () => {
    clearInterval(timer);
    await keepHeard(database, fleet.takeChanged());
  };
}
