import { afterEach, describe, expect, it } from 'vitest';
import type { SignedDocument } from '../../shared/protocol/schema/documents.ts';
import {
  AREA,
  NOW_S,
  TestBox,
  aDevice,
  aPlan,
  aTrust,
  anAlert,
  anItem,
  envelopeOf,
  someSound,
} from './box.fixture.ts';
import { TestCloud } from './cloud.fixture.ts';
import { HttpCloud } from './http-cloud.ts';
import { closedPort, rawServer } from './servers.fixture.ts';
import { syncOnce } from './sync-once.ts';
import { SyncMemory } from './turn.ts';
import type { Errand, SyncReport } from './turn.ts';
import { waitsSchema } from './waits.ts';

const waits = waitsSchema.parse({ connectMs: 500, idleMs: 300, exchangeMs: 1_000, retryMs: 50 });
const open: { close?(): Promise<void> | void; remove?(): void }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) {
    await each.close?.();
    each.remove?.();
  }
});

async function aBox(quotaBytes?: number): Promise<TestBox> {
  const box = new TestBox(quotaBytes);
  open.push(box);
  await box.shelf.open();
  return box;
}
async function aCloud(...documents: readonly SignedDocument[]): Promise<TestCloud> {
  const cloud = await new TestCloud().open();
  open.push(cloud);
  return cloud.publish(...documents);
}
/** Turns of one box against one cloud, with the memory that a running agent has. */
function between(box: TestBox, url: string) {
  const cloud = new HttpCloud({ baseUrl: url, plainUrl: null, waits, upMs: () => performance.now() });
  open.push(cloud);
  const memory = new SyncMemory(waits);
  const all: Errand = {
    documents: true,
    orders: true,
    nudged: new Map(),
    hurry: new AbortController().signal,
  };
  const turn = (more: Partial<Errand> = {}): Promise<SyncReport> =>
    syncOnce(box.deps(cloud, waits), memory, { ...all, ...more });
  return { turn, small: () => turn({ documents: false }) };
}
const handed = ({ handed: all }: TestBox): string[] => all.map(({ id }) => id);
const docsAsked = ({ asked }: TestCloud): string[] => asked.filter((path) => path.startsWith('doc/'));

describe('a turn of sync', () => {
  it('brings a fresh box from nothing to its plan, in the order of protocol U2', async () => {
    const box = await aBox();
    const cloud = await aCloud(aTrust(2), aTrust(3), aDevice(box.dev), aPlan('56', []), aPlan(AREA, []));
    const report = await between(box, cloud.url).turn();
    expect(handed(box)).toEqual(['trust', 'trust', 'head', `device:${box.dev}`, 'plan:56', `plan:${AREA}`]);
    expect(report).toMatchObject({ headAccepted: true, accepted: 5, reached: true, trouble: null });
    expect(box.state().trust.document.ver).toBe(3);
  });

  it('asks an up-to-date box’s cloud for no document at all', async () => {
    const box = await aBox();
    const documents = [aDevice(box.dev), aPlan(AREA, [])] as const;
    const cloud = await aCloud(...documents);
    box.hold(...documents);
    await between(box, cloud.url).turn();
    expect(cloud.asked).toEqual(['trust/2', 'head', 'orders']);
  });

  it('fetches what the head says is newer, and only that', async () => {
    const box = await aBox();
    const cloud = await aCloud(aDevice(box.dev), aPlan('56', []), aPlan(AREA, [], { ver: 2 }));
    box.hold(aDevice(box.dev), aPlan('56', []), aPlan(AREA, []));
    await between(box, cloud.url).turn();
    expect(docsAsked(cloud)).toEqual([`doc/plan:${AREA}`]);
    expect(box.state().docs.get(`plan:${AREA}`)?.document.ver).toBe(2);
  });

  it('fetches a nudged version that the head does not know of', async () => {
    const box = await aBox();
    const cloud = await aCloud(aDevice(box.dev), aPlan(AREA, [], { ver: 2 }));
    box.hold(aDevice(box.dev), aPlan(AREA, []));
    box.answers.set('head', 'ROLLBACK');
    cloud.instead = (path, _, response) => {
      if (path === '/v1/head') response.writeHead(404).end();
      return path === '/v1/head';
    };
    const nudged = new Map([[`plan:${AREA}`, { epoch: 1, ver: 2 }]]);
    await between(box, cloud.url).turn({ nudged });
    expect(box.state().docs.get(`plan:${AREA}`)?.document.ver).toBe(2);
  });

  it('asks for everything by digest where no head is to be had, and hands in nothing that it holds', async () => {
    const box = await aBox();
    const documents = [aDevice(box.dev), aPlan('56', []), aPlan(AREA, [])] as const;
    const cloud = await aCloud(...documents);
    box.hold(...documents);
    cloud.instead = (path, _, response) => {
      if (path === '/v1/head') response.writeHead(500).end();
      return path === '/v1/head';
    };
    const report = await between(box, cloud.url).turn();
    expect(docsAsked(cloud)).toContain(`doc/plan:${AREA}`);
    expect(handed(box)).toEqual([]);
    expect(report.headAccepted).toBe(false);
  });

  it('T10 takes at most 64 versions of trust in one turn, and goes on with the next', async () => {
    const box = await aBox();
    const cloud = await aCloud(...Array.from({ length: 80 }, (_, n) => aTrust(n + 2)));
    const { turn } = between(box, cloud.url);
    await turn();
    expect(box.state().trust.document.ver).toBe(65);
    await turn();
    expect(box.state().trust.document.ver).toBe(81);
  });

  it('fetches trust when something wants a newer one, and tries that once again', async () => {
    const box = await aBox();
    const order = anAlert();
    const cloud = await aCloud(aDevice(box.dev), order);
    box.hold(aDevice(box.dev));
    box.answers.set(order.id, 'NEED_NEWER_TRUST');
    const { small } = between(box, cloud.url);
    await small();
    expect(handed(box)).toEqual([order.id]);
    cloud.publish(aTrust(2));
    cloud.asked.length = 0;
    const other = anAlert();
    box.answers.set(other.id, 'NEED_NEWER_TRUST');
    cloud.publish(other);
    await small();
    // Once again with the new trust, and no third time.
    expect(handed(box).slice(1)).toEqual([other.id, 'trust', other.id]);
  });

  it('leaves a refused document alone until there is another version of it, another key or another clock', async () => {
    const box = await aBox();
    const cloud = await aCloud(aDevice(box.dev), aPlan(AREA, []));
    box.hold(aDevice(box.dev));
    box.answers.set(`plan:${AREA}`, 'THRESHOLD');
    const { turn } = between(box, cloud.url);
    const times = (): number => handed(box).filter((id) => id === `plan:${AREA}`).length;
    expect((await turn()).refused).toEqual({ THRESHOLD: 1 });
    await turn();
    expect(times()).toBe(1);
    cloud.publish(aPlan(AREA, [], { ver: 2 }));
    await turn();
    expect(times()).toBe(2);
    await turn();
    expect(times()).toBe(2);
    cloud.publish(aTrust(2));
    await turn();
    expect(times()).toBe(3);
    box.reading = { ...box.reading, state: 'HOLDOVER' };
    await turn();
    expect(times()).toBe(4);
  });

  it('R14 hands in an order once, though every list repeats it', async () => {
    const box = await aBox();
    const order = anAlert();
    const cloud = await aCloud(aDevice(box.dev), order);
    box.hold(aDevice(box.dev));
    await box.admit(envelopeOf(order), 'mqtt');
    const { small } = between(box, cloud.url);
    await small();
    await small();
    expect(handed(box)).toEqual([order.id]);
  });

  it('leaves a refused order alone, but not the same order with another signature', async () => {
    const box = await aBox();
    const order = anAlert();
    const cloud = await aCloud(aDevice(box.dev), order);
    box.hold(aDevice(box.dev));
    box.answers.set(order.id, 'THRESHOLD');
    const { small } = between(box, cloud.url);
    await small();
    await small();
    expect(handed(box)).toEqual([order.id]);
    cloud.instead = (path, _, response) => {
      if (path !== '/v1/orders') return false;
      const signed = Buffer.from(envelopeOf(order)).toString().replace('"AAAA', '"BBBB');
      response.end(`[${signed}]`);
      return true;
    };
    await small();
    expect(handed(box)).toEqual([order.id, order.id]);
  });

  it('C08 hands in again what was refused without a time, once the box has one', async () => {
    const box = await aBox();
    const order = anAlert();
    const cloud = await aCloud(aDevice(box.dev), order);
    box.hold(aDevice(box.dev));
    box.reading = { ...box.reading, state: 'FLOOR' };
    box.answers.set(order.id, 'NO_TIME');
    const { small } = between(box, cloud.url);
    await small();
    await small();
    expect(handed(box)).toEqual([order.id]);
    box.reading = { ...box.reading, state: 'SYNCED' };
    box.answers.clear();
    await small();
    expect(box.state().orders.size).toBe(1);
  });

  it('C4 tells the clock what a head with its nonce said, and how long it was on its way', async () => {
    const box = await aBox();
    const cloud = await aCloud();
    cloud.lateMs = 80;
    await between(box, cloud.url).turn();
    const [iat, roundTripMs, upMs] = box.told[0] as [number, number, number];
    expect(iat).toBe(NOW_S);
    expect(roundTripMs).toBeGreaterThanOrEqual(79);
    expect(roundTripMs).toBeLessThan(1_000);
    expect(upMs).toBeLessThanOrEqual(performance.now());
    expect(box.nonce.out()).toBeNull();
  });

  it.each(['TIME_DISPUTE', 'ROLLBACK', 'EXPIRED', 'TIME_JUMP'])(
    'C07 tells the clock of a head that is refused for its time: %s',
    async (code) => {
      const box = await aBox();
      box.answers.set('head', code);
      const cloud = await aCloud();
      await between(box, cloud.url).turn();
      expect(box.told).toEqual([['dispute', NOW_S, expect.any(Number), expect.any(Number)]]);
    },
  );

  it('tells the clock of no head that may be anybody’s, nor of what is no head', async () => {
    const box = await aBox();
    const cloud = await aCloud();
    const { turn } = between(box, cloud.url);
    box.answers.set('head', 'THRESHOLD');
    await turn();
    box.answers.set('head', 'ROLLBACK');
    const heads: Record<string, unknown>[] = [
      { nonce: null },
      { nonce: 'A'.repeat(22) },
      { typ: 'fmplan', id: 'head' },
    ];
    for (const other of heads) {
      const base = {
        typ: 'head',
        v: 1,
        prov: 'vn56',
        id: 'head',
        epoch: 1,
        ver: 1,
        iat: 1,
        exp: 2,
        latest: {},
      };
      cloud.instead = (path, _, response) => {
        if (path === '/v1/head') response.end(envelopeOf({ ...base, ...other }));
        return path === '/v1/head';
      };
      await turn();
    }
    expect(box.told).toEqual([]);
  });
});

describe('a cloud that is no help', () => {
  const quiet = async (url: string): Promise<SyncReport> => {
    const box = await aBox();
    box.hold(aDevice(box.dev), aPlan(AREA, [anItem('a', [{ ...sound, sha256: 'A'.repeat(43) }])]));
    box.record(3);
    const report = await between(box, url).turn();
    expect(box.handed).toEqual([]);
    expect(box.confirmed).toBe(0);
    return report;
  };
  const sound = { size: 100, mime: 'audio/wav', durMs: 1_000 } as const;

  it('that is not there costs two attempts', async () => {
    const report = await quiet(`http://127.0.0.1:${await closedPort()}`);
    expect(report).toMatchObject({ asked: 2, reached: false });
    expect(report.trouble).toContain('ECONNREFUSED');
  });

  it('that never answers costs two waits', async () => {
    const server = await rawServer(() => undefined);
    open.push(server);
    const report = await quiet(server.url);
    expect(report).toMatchObject({ asked: 2, reached: false, trouble: 'head: no byte for 300 ms' });
  });

  it('that answers 500 to everything changes nothing', async () => {
    const cloud = await aCloud();
    cloud.instead = (_path, _request, response) => {
      response.writeHead(500).end('<html>nginx</html>');
      return true;
    };
    expect(await quiet(cloud.url)).toMatchObject({ reached: false, headAccepted: false });
  });

  it('that answers garbage to everything has it judged by admit and confirms nothing', async () => {
    const box = await aBox();
    const cloud = await aCloud();
    box.hold(aDevice(box.dev));
    box.record(3);
    cloud.instead = (_path, _request, response) => {
      response.end('garbage \0 ÿ {');
      return true;
    };
    const report = await between(box, cloud.url).turn();
    expect(new Set(handed(box))).toEqual(new Set(['rubbish']));
    expect(box.confirmed).toBe(0);
    expect(report.ordersHeard).toBe(false);
  });

  it('F05 that answers without end is cut off at the size of an envelope', async () => {
    const box = await aBox();
    let sent = 0;
    const cloud = await aCloud();
    cloud.instead = (_path, _request, response) => {
      const pour = (): void => {
        while (!response.destroyed && response.write(Buffer.alloc(65_536))) sent += 65_536;
      };
      response.on('drain', pour);
      pour();
      return true;
    };
    const report = await between(box, cloud.url).turn();
    expect(report.trouble).toMatch(/more than \d+ bytes/);
    expect(sent).toBeLessThan(20_000_000);
    expect(box.handed).toEqual([]);
  });

  it('that says 429 is not asked for the same again until Retry-After is over, and for other things it is', async () => {
    const box = await aBox();
    const cloud = await aCloud(aDevice(box.dev), aPlan(AREA, []));
    cloud.instead = (path, _, response) => {
      if (path === '/v1/head') response.writeHead(429, { 'retry-after': '1' }).end();
      return path === '/v1/head';
    };
    const { turn } = between(box, cloud.url);
    const first = await turn();
    expect(first.headAccepted).toBe(false);
    expect(box.state().docs.has(`plan:${AREA}`)).toBe(true);
    await turn();
    expect(cloud.asked.filter((path) => path === 'head')).toHaveLength(1);
    await new Promise((resolve) => setTimeout(resolve, 1_050));
    await turn();
    expect(cloud.asked.filter((path) => path === 'head')).toHaveLength(2);
  });
});

describe('media', () => {
  const withPlan = async (play: (cloud: TestCloud) => readonly ReturnType<TestCloud['offer']>[]) => {
    const box = await aBox();
    const cloud = await aCloud();
    const items = play(cloud).map((media, n) => anItem(`item-${n}`, [media]));
    box.hold(aDevice(box.dev), aPlan(AREA, items));
    return { box, cloud, ...between(box, cloud.url) };
  };

  it('that documents name are fetched, whole, and once', async () => {
    const sound = someSound(300_000);
    const { box, cloud, small } = await withPlan((from) => [from.offer(sound)]);
    expect(await small()).toMatchObject({ mediaFetched: 1, mediaMissing: 0 });
    const [hash = ''] = cloud.asked.flatMap((path) => path.split('media/')[1] ?? []);
    expect(box.shelf.has(hash)).toBe(true);
    await small();
    expect(cloud.asked.filter((path) => path.startsWith('media/'))).toHaveLength(1);
  });

  it('of an order come before those of a plan', async () => {
    const { box, cloud, small } = await withPlan((from) => [from.offer(someSound(1_000))]);
    const siren = cloud.offer(someSound(2_000));
    await box.admit(envelopeOf(anAlert({ play: siren })), 'mqtt');
    await small();
    expect(cloud.asked.filter((path) => path.startsWith('media/'))[0]).toBe(`media/${siren.sha256}`);
  });

  it('F05 resume where a broken line stopped', async () => {
    const sound = someSound(400_000);
    const { box, cloud, small } = await withPlan((from) => [from.offer(sound)]);
    const ranges: (string | undefined)[] = [];
    cloud.instead = (path, request, response) => {
      if (!path.startsWith('/v1/media/')) return false;
      ranges.push(request.headers.range);
      if (ranges.length > 1) return false;
      response.writeHead(200, { 'content-length': sound.length });
      response.write(sound.subarray(0, 150_000), () => setTimeout(() => response.destroy(), 50));
      return true;
    };
    expect(await small()).toMatchObject({ mediaMissing: 1, broken: true });
    expect(await small()).toMatchObject({ mediaMissing: 0, broken: false });
    expect(ranges).toEqual([undefined, 'bytes=150000-']);
    expect(box.shelf.usedBytes()).toBe(400_000);
  });

  it('are read past what is held where the server knows no ranges', async () => {
    const sound = someSound(100_000);
    const { cloud, small } = await withPlan((from) => [from.offer(sound)]);
    let times = 0;
    cloud.instead = (path, _, response) => {
      if (!path.startsWith('/v1/media/')) return false;
      times += 1;
      response.writeHead(200, { 'content-length': sound.length });
      if (times > 1) response.end(sound);
      else response.write(sound.subarray(0, 40_000), () => setTimeout(() => response.destroy(), 50));
      return true;
    };
    await small();
    expect(await small()).toMatchObject({ mediaMissing: 0 });
  });

  it('from another place than asked for are refused before a byte is written', async () => {
    const sound = someSound(100_000);
    const { box, cloud, small } = await withPlan((from) => [from.offer(sound)]);
    let times = 0;
    cloud.instead = (path, _, response) => {
      if (!path.startsWith('/v1/media/')) return false;
      times += 1;
      if (times === 1) {
        response.writeHead(200, { 'content-length': sound.length });
        response.write(sound.subarray(0, 40_000), () => setTimeout(() => response.destroy(), 50));
      } else if (times === 2) {
        response.writeHead(206, { 'content-range': 'bytes 0-59999/100000' }).end(sound.subarray(0, 60_000));
      }
      return times < 3;
    };
    await small();
    const report = await small();
    expect(report.trouble).toContain('asked for bytes 40000-99999/100000, got bytes 0-59999/100000');
    expect(box.shelf.usedBytes()).toBe(40_000);
    expect(await small()).toMatchObject({ mediaMissing: 0 });
  });

  it('that are not what their hash says are not kept, and not asked for again at once', async () => {
    const sound = someSound(50_000);
    const { box, cloud, small } = await withPlan((from) => [from.offer(sound)]);
    cloud.instead = (path, _, response) => {
      if (path.startsWith('/v1/media/')) response.end(someSound(50_000));
      return path.startsWith('/v1/media/');
    };
    const report = await small();
    expect(report).toMatchObject({ mediaFetched: 0, mediaMissing: 1 });
    expect(report.trouble).toContain('wrong-hash');
    await small();
    expect(cloud.asked.filter((path) => path.startsWith('media/'))).toHaveLength(1);
    expect(box.shelf.usedBytes()).toBe(0);
  });

  it('F05 longer than their document says are cut off', async () => {
    const sound = someSound(50_000);
    const { cloud, small } = await withPlan((from) => [from.offer(sound)]);
    cloud.instead = (path, _, response) => {
      if (path.startsWith('/v1/media/')) {
        response.write(sound);
        response.end(someSound(50_000));
      }
      return path.startsWith('/v1/media/');
    };
    expect((await small()).trouble).toContain('more than 50000 bytes');
  });

  it('that end too soon are not taken for whole, though the server says that this was all', async () => {
    const sound = someSound(50_000);
    const { box, cloud, small } = await withPlan((from) => [from.offer(sound)]);
    cloud.instead = (path, request, response) => {
      const isFirst = path.startsWith('/v1/media/') && request.headers.range === undefined;
      if (isFirst) response.end(sound.subarray(0, 20_000));
      return isFirst;
    };
    expect((await small()).trouble).toContain('30000 bytes are missing at the end');
    expect(box.shelf.usedBytes()).toBe(20_000);
    expect(await small()).toMatchObject({ mediaMissing: 0 });
  });

  it('stop for something more urgent, and lose nothing', async () => {
    const sound = someSound(400_000);
    const { cloud, turn, small } = await withPlan((from) => [from.offer(sound)]);
    cloud.instead = (path, request, response) => {
      if (!path.startsWith('/v1/media/') || request.headers.range !== undefined) return false;
      response.writeHead(200, { 'content-length': sound.length });
      response.write(sound.subarray(0, 200_000));
      return true;
    };
    const hurry = AbortSignal.timeout(100);
    const begun = performance.now();
    expect(await turn({ documents: false, hurry })).toMatchObject({ mediaMissing: 1, trouble: null });
    expect(performance.now() - begun).toBeLessThan(290);
    expect(await small()).toMatchObject({ mediaMissing: 0 });
  });

  it('that do not fit push out what nobody needs, and are reported where that is not enough', async () => {
    const box = await aBox(100_000);
    const cloud = await aCloud();
    const [old, fresh, huge] = [someSound(60_000), someSound(70_000), someSound(200_000)].map((each) =>
      cloud.offer(each),
    ) as [ReturnType<TestCloud['offer']>, ReturnType<TestCloud['offer']>, ReturnType<TestCloud['offer']>];
    const { small } = between(box, cloud.url);
    box.hold(aDevice(box.dev), aPlan(AREA, [anItem('a', [old])]));
    await small();
    expect(box.shelf.has(old.sha256)).toBe(true);
    box.hold(aPlan(AREA, [anItem('a', [fresh])]));
    expect(await small()).toMatchObject({ mediaMissing: 0, noSpace: false });
    expect(box.shelf.has(old.sha256)).toBe(false);
    box.hold(aPlan(AREA, [anItem('a', [fresh]), anItem('b', [huge])]));
    expect(await small()).toMatchObject({ mediaMissing: 1, noSpace: true });
    expect(box.shelf.has(fresh.sha256)).toBe(true);
  });
});
