import { afterEach, describe, expect, it } from 'vitest';
import { MAX_BATCH_BYTES } from '../../shared/records/batch.ts';
import { TestBox } from './box.fixture.ts';
import { TestCloud } from './cloud.fixture.ts';
import { HttpCloud } from './http-cloud.ts';
import { syncOnce } from './sync-once.ts';
import { SyncMemory } from './turn.ts';
import type { SyncReport } from './turn.ts';
import { waitsSchema } from './waits.ts';

const waits = waitsSchema.parse({ connectMs: 500, idleMs: 300, exchangeMs: 1_000, refusedMs: 100 });
const open: { close?(): Promise<void> | void; remove?(): void }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) {
    await each.close?.();
    each.remove?.();
  }
});

async function aPair() {
  const box = new TestBox();
  const cloud = await new TestCloud().open();
  const client = new HttpCloud({
    baseUrl: cloud.url,
    plainUrl: null,
    waits,
    upMs: () => performance.now(),
  });
  open.push(client, cloud, box);
  await box.shelf.open();
  const memory = new SyncMemory(waits);
  const errand = {
    documents: false,
    orders: false,
    nudged: new Map<string, never>(),
    hurry: new AbortController().signal,
  };
  return { box, cloud, turn: (): Promise<SyncReport> => syncOnce(box.deps(client, waits), memory, errand) };
}

describe('upload', () => {
  it('brings every record up once, in order and in one chain', async () => {
    const { box, cloud, turn } = await aPair();
    box.record(250);
    expect(await turn()).toMatchObject({ uploaded: 250, trouble: null });
    expect([...cloud.records.keys()]).toEqual(Array.from({ length: 250 }, (_, n) => n + 1));
    expect(cloud).toMatchObject({ faults: [], doubled: 0 });
    await turn();
    expect(cloud.asked).toHaveLength(3);
  });

  it('K01 loses and doubles nothing when two of three answers are lost', async () => {
    const { box, cloud, turn } = await aPair();
    let lost = 0;
    let times = 0;
    for (let round = 0; round < 12; round++) {
      box.record(30);
      // The records arrive, and the answer does not: the box cannot know, and sends them again.
      cloud.swallow = () => {
        times += 1;
        if (times % 3 === 0) return false;
        lost += 1;
        return true;
      };
      await turn();
    }
    cloud.swallow = () => false;
    await turn();
    expect(lost).toBeGreaterThan(5);
    expect(box.confirmed).toBe(360);
    expect([...cloud.records.keys()].sort((a, b) => a - b)).toEqual(
      Array.from({ length: 360 }, (_, n) => n + 1),
    );
    expect(cloud.doubled).toBeGreaterThan(0);
    expect(cloud.faults).toEqual([]);
  });

  it('stops after a day of records in one turn, and goes on with the next', async () => {
    const { box, turn } = await aPair();
    box.record(2_150);
    expect((await turn()).uploaded).toBe(2_000);
    expect((await turn()).uploaded).toBe(150);
  });

  it('makes no request longer than the cloud would read', async () => {
    const { box, cloud, turn } = await aPair();
    box.record(100, { title: 'ế'.repeat(120), sha256: Array<string>(50).fill('A'.repeat(43)) });
    let longest = 0;
    cloud.instead = (_path, request) => {
      longest = Math.max(longest, Number(request.headers['content-length']));
      return false;
    };
    expect((await turn()).uploaded).toBe(100);
    expect(cloud.asked.length).toBeGreaterThan(1);
    expect(longest).toBeLessThanOrEqual(MAX_BATCH_BYTES);
  });

  it('K01 forgets no record that an answer speaks of and that was never sent', async () => {
    const { box, cloud, turn } = await aPair();
    box.record(150);
    cloud.instead = (_path, _request, response) => {
      response.end(JSON.stringify({ chain: 'AAECAwQFBgcICQoLDA0ODw', nextSeq: 1_000_000 }));
      return true;
    };
    await turn();
    expect(box.confirmed).toBe(150);
    box.record(10);
    cloud.instead = () => false;
    await turn();
    // What the liar kept is gone, and the cloud that comes after it sees the hole.
    expect([...cloud.records.keys()][0]).toBe(151);
  });

  it.each([
    ['another chain', { chain: 'BAECAwQFBgcICQoLDA0ODw', nextSeq: 4 }],
    ['nothing new', { chain: 'AAECAwQFBgcICQoLDA0ODw', nextSeq: 1 }],
    ['no number', { chain: 'AAECAwQFBgcICQoLDA0ODw', nextSeq: '4' }],
    ['more than it should', { chain: 'AAECAwQFBgcICQoLDA0ODw', nextSeq: 4, and: 'more' }],
  ])('confirms nothing by an answer that names %s, and does not press', async (_, answer) => {
    const { box, cloud, turn } = await aPair();
    box.record(3);
    cloud.instead = (_path, _request, response) => {
      response.end(JSON.stringify(answer));
      return true;
    };
    expect((await turn()).trouble).toBe('records: the answer confirms none of them');
    await turn();
    expect(box.confirmed).toBe(0);
    expect(cloud.asked).toHaveLength(1);
    cloud.instead = () => false;
    await new Promise((resolve) => setTimeout(resolve, 120));
    expect((await turn()).uploaded).toBe(3);
  });

  it('says in the cloud’s own words why records were refused, and keeps them', async () => {
    const { box, cloud, turn } = await aPair();
    box.record(3);
    cloud.instead = (_path, _request, response) => {
      const text = { vi: 'Chưa đăng ký', en: 'Register it first' };
      response.writeHead(409).end(JSON.stringify({ code: 'UNKNOWN_BOX', field: null, text }));
      return true;
    };
    expect((await turn()).trouble).toBe('records: the server answers 409, UNKNOWN_BOX: Register it first');
    expect(box.confirmed).toBe(0);
  });

  it('carries what the fleet is to be watched by: versions held, clock, and refusals', async () => {
    const { box, cloud, turn } = await aPair();
    box.record(1);
    box.reading = { ...box.reading, state: 'HOLDOVER', u: 7 };
    await turn();
    expect(cloud.lastBatch).toMatchObject({
      dev: box.dev,
      held: { trust: { epoch: 0, ver: 1 } },
      clock: { state: 'HOLDOVER', u: 7 },
    });
  });
});
