import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  COMMUNE,
  PROV,
  START_S,
  aPlan,
  aTrust,
  anAlert,
  anItem,
  officers,
  openWorld,
  publishGround,
  publishers,
  roots,
  sealed,
  soundOf,
} from '../../cloud/province.fixture.ts';
import type { World } from '../../cloud/province.fixture.ts';
import { aRecord } from '../../shared/records/a-record.fixture.ts';
import { deviceName } from '../../shared/records/device-key.ts';
import type { Signer } from '../../shared/records/device-key.ts';
import { BoxClock } from '../clock/clock.ts';
import { LinuxUptime, noRtc } from '../clock/linux.ts';
import { somewhere } from '../store/a-box.fixture.ts';
import { DiskShelf } from '../store/shelf.ts';
import { SqliteStore } from '../store/sqlite-store.ts';
import { Admission } from '../verify/admit.ts';
import { aMedia, someSound } from './box.fixture.ts';
import { HttpCloud } from './http-cloud.ts';
import { SyncLoop } from './loop.ts';
import { MqttBroker } from './mqtt-broker.ts';
import { Nonce } from './nonce.ts';
import { waitsSchema } from './waits.ts';

const waits = waitsSchema.parse({
  ordersMs: 200,
  ordersJitterMs: 0,
  nudgeJitterMs: 50,
  leastGapMs: 10,
  retryMs: 50,
  retryMostMs: 200,
  refusedMs: 200,
  refusedMostMs: 400,
  reconnectMs: 20,
  reconnectFirstMostMs: 50,
  reconnectMostMs: 100,
});
const open: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

function aSigner(): Signer {
  const pair = generateKeyPairSync('ed25519');
  const key = pair.publicKey.export({ format: 'jwk' }).x ?? '';
  return { dev: deviceName(key), key, sign: (bytes) => sign(null, bytes, pair.privateKey) };
}

/** A box as the agent puts it together, without the part that plays. */
async function aBox(world: World, signer: Signer) {
  const places = somewhere();
  open.push(() => {
    places.remove();
  });
  const uptime = new LinuxUptime();
  const owner = { prov: PROV, dev: signer.dev, buildTime: START_S - 1_000_000 };
  const store = new SqliteStore(places, { ...owner, factoryTrust: readFileSync(world.config.trustFile) });
  store.open();
  open.push(() => {
    store.close();
  });
  const clock = new BoxClock({ store, uptime, rtc: noRtc });
  clock.open();
  const nowMs = (): number => clock.read().nowMs;
  const shelf = new DiskShelf({ folder: `${places.root}/media`, quotaBytes: 1e8, reserveBytes: 0, nowMs });
  await shelf.open();
  const nonce = new Nonce(() => randomBytes(16).toString('base64url'));
  const upMs = (): number => uptime.upMs();
  const admission = new Admission({
    store,
    clock: () => clock.clock(),
    nonce: () => nonce.out(),
    upMs,
    accepted: () => undefined,
  });
  const link = { prov: PROV, dev: signer.dev, waits, random: Math.random, upMs };
  const sync = new SyncLoop({
    ...{ ...link, store, shelf, clock, nonce, signer },
    broker: new MqttBroker({ ...link, url: `mqtt://127.0.0.1:${world.cloud.mqtt.port}` }),
    cloud: new HttpCloud({ ...link, baseUrl: world.url, plainUrl: null }),
    admit: (bytes, channel) => admission.admit(bytes, channel),
  });
  open.push(() => sync.stop());
  sync.start();
  return { store, clock, shelf, sync };
}
const until = (ready: () => boolean | Promise<boolean>): Promise<void> =>
  vi.waitFor(
    async () => {
      if (!(await ready())) throw new Error('not yet');
    },
    { timeout: 15_000, interval: 20 },
  );
async function publish(world: World, ...[document, people]: Parameters<typeof sealed>): Promise<void> {
  const answer = await world.post('/api/envelopes', await sealed(document, people));
  if (answer.status !== 200) throw new Error(await answer.text());
}
const known = async (world: World): Promise<number[]> => {
  const kept = (await (await world.get('/api/records?limit=1000')).json()) as { record: { seq: number } }[];
  return kept.map(({ record }) => record.seq).sort((a, b) => a - b);
};

describe('a real box and the real cloud', () => {
  it('bring time, trust, plan and media down, an order by push, and records up', async () => {
    const world = await openWorld();
    open.push(() => world.close());
    const signer = aSigner();
    await publishGround(world, [signer.dev]);
    const sound = someSound(200_000);
    const media = aMedia(sound);
    await fetch(`${world.url}/api/media/${media.sha256}`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${world.token}`, 'content-type': 'audio/wav' },
      body: sound,
    });
    await publish(world, aPlan({ items: [anItem(soundOf(media))] }), publishers);

    const box = await aBox(world, signer);
    await until(() => box.store.state().docs.has(`plan:${COMMUNE}`) && box.shelf.has(media.sha256));
    expect(box.clock.read().state).toBe('SYNCED');
    await until(() => box.sync.link().brokerConnected);

    await publish(world, aTrust(world.headJwk, { ver: 2 }), roots);
    await until(() => box.store.state().trust.document.ver === 2);

    const order = anAlert();
    await publish(world, order, officers);
    await until(() => box.store.state().orders.size === 1);
    expect(box.store.rejects()).toEqual({});

    const { seq: _, ...record } = aRecord(1);
    for (let n = 0; n < 130; n++) box.store.end(`key-${n}`, record);
    await until(() => box.store.unsent() === 0);
    expect(await known(world)).toEqual(Array.from({ length: 130 }, (_none, n) => n + 1));
    expect(await (await world.get('/api/breaks')).json()).toEqual([]);
    expect(box.sync.link().lastError).toBeNull();
  });
});
