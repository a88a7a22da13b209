import { expect, test } from 'vitest';
import { aBox, NOW_MS } from '../view/a-box.fixture.ts';
import { Feed } from './feed.ts';
import type { News, Whole } from './state.ts';
import type { Ears, Wires } from './wires.ts';

const WHOLE: Whole = {
  fleet: { prov: 'vn56', nowMs: NOW_MS, boxes: [aBox()] },
  ...{ places: [], orders: [], records: [], breaks: [], plans: [] },
};
const REFUSAL = { vi: 'Cần mã truy cập', en: 'This needs the token' };

/** A browser whose time and network stand still until the test moves them. */
class StillBrowser implements Wires {
  readonly streams: { ears: Ears; isOpen: boolean }[] = [];
  readonly asked: string[] = [];
  answers = true;
  #atMs = 0;
  #waiting: { atMs: number; work: () => void }[] = [];

  listen(ears: Ears): () => void {
    const stream = { ears, isOpen: true };
    this.streams.push(stream);
    return () => {
      stream.isOpen = false;
    };
  }

  after(ms: number, work: () => void): () => void {
    const waits = { atMs: this.#atMs + ms, work };
    this.#waiting.push(waits);
    return () => {
      this.#waiting = this.#waiting.filter((each) => each !== waits);
    };
  }

  whole: Wires['whole'] = () => {
    this.asked.push('whole');
    return Promise.resolve(this.answers ? { ok: true, value: WHOLE } : { ok: false, why: REFUSAL });
  };

  pulse: Wires['pulse'] = () => {
    this.asked.push('pulse');
    return Promise.resolve(this.answers ? null : { why: REFUSAL });
  };

  nowMs = (): number => this.#atMs;

  async pass(ms: number): Promise<void> {
    for (const end = this.#atMs + ms; ;) {
      const next = this.#waiting.toSorted((a, b) => a.atMs - b.atMs)[0];
      this.#atMs = Math.min(next?.atMs ?? end, end);
      if (next === undefined || next.atMs > end) return;
      this.#waiting = this.#waiting.filter((each) => each !== next);
      next.work();
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  get ears(): Ears {
    const ears = this.streams.at(-1)?.ears;
    if (ears === undefined) throw new Error('nobody listens');
    return ears;
  }
}

async function opened() {
  const browser = new StillBrowser();
  const news: News[] = [];
  const feed = new Feed((each) => news.push(each), browser);
  feed.open();
  browser.ears.opened();
  await browser.pass(0);
  return { browser, news, feed, kinds: () => news.splice(0).map(({ kind }) => kind) };
}

test('everything is asked for when the stream stands, and each event is passed on', async () => {
  const { browser, news, kinds } = await opened();
  expect(kinds()).toEqual(['whole']);
  browser.ears.event(JSON.stringify({ kind: 'box', box: aBox() }));
  expect(news).toEqual([{ kind: 'event', event: { kind: 'box', box: aBox() } }]);
});

test('publications that come in a bunch lead to one question for everything', async () => {
  const { browser, kinds } = await opened();
  const published = {
    typ: 'plan',
    id: 'plan:56',
    epoch: 1,
    ver: 2,
    digest: 'A'.repeat(43),
    publishedAtMs: 1,
  };
  browser.asked.length = 0;
  for (let times = 0; times < 3; times += 1) {
    browser.ears.event(JSON.stringify({ kind: 'published', published }));
    await browser.pass(100);
  }
  await browser.pass(1000);
  expect(browser.asked).toEqual(['whole']);
  expect(kinds().at(-1)).toBe('whole');
});

test('a stream that broke is said at once, and everything is asked for when it stands again', async () => {
  const { browser, kinds } = await opened();
  kinds();
  browser.ears.lost(false);
  await browser.pass(60_000);
  expect(kinds()).toEqual(['lost']);
  expect(browser.asked).toEqual(['whole']);
  expect(browser.streams).toHaveLength(1);
  browser.ears.opened();
  await browser.pass(0);
  expect(kinds()).toEqual(['whole']);
});

test('a stream that the browser gave up is opened anew, and the reason is asked for', async () => {
  const { browser, news } = await opened();
  browser.answers = false;
  browser.ears.lost(true);
  await browser.pass(3000);
  expect(browser.streams.map(({ isOpen }) => isOpen)).toEqual([false, true]);
  expect(news.at(-1)).toMatchObject({ kind: 'lost', why: REFUSAL });
});

test('a cloud that is dead behind a standing stream is found out within a pulse, and so is its return', async () => {
  const { browser, kinds } = await opened();
  await browser.pass(60_000);
  expect(kinds()).toEqual(['whole']);
  browser.answers = false;
  await browser.pass(15_000);
  expect(kinds()).toEqual(['lost']);
  browser.answers = true;
  await browser.pass(3000);
  expect(kinds()).toEqual(['whole']);
});

test('an event of another version is said, not shown', async () => {
  const { browser, news } = await opened();
  browser.ears.event('{"kind":"weather"}');
  browser.ears.event('no JSON');
  expect(news.slice(1).map((each) => each.kind === 'lost' && each.why?.en)).toEqual([
    expect.stringMatching(/Reload the page/),
    expect.stringMatching(/Reload the page/),
  ]);
});

test('a feed that was closed asks and says nothing more', async () => {
  const { browser, feed, kinds } = await opened();
  kinds();
  feed.close();
  browser.asked.length = 0;
  await browser.pass(60_000);
  expect([browser.asked, kinds(), browser.streams[0]?.isOpen]).toEqual([[], [], false]);
});

test('a feed that is closed while an answer is under way waits for nothing more', async () => {
  const { browser, feed } = await opened();
  let asked = 0;
  browser.pulse = () => {
    asked += 1;
    feed.close();
    return Promise.resolve(null);
  };
  await browser.pass(60_000);
  expect(asked).toBe(1);
});
