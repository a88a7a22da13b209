import { spawn } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, it } from 'vitest';
import { aRecord } from '../../shared/records/a-record.fixture.ts';
import { hashAfter, firstHash } from '../../shared/records/chain.ts';
import type { BoxState } from '../../shared/protocol/state.ts';
import { anAudit, somewhere, statesOf, storeFor, vector } from './a-box.fixture.ts';
import { readCopy } from './floors.ts';
import type { SqliteStore } from './sqlite-store.ts';

const BOX = vector('T01-bring-up');

/** The chain leads from h₀ to the last record without a hole, a double or a change; answers how many there are. */
function chainLength(store: SqliteStore): number {
  const batch = store.outbox(100_000);
  if (batch === null) return 0;
  expect(batch.before).toBe(firstHash(BOX.box.dev, batch.chain));
  expect(batch.records.map(({ seq }) => seq)).toEqual(batch.records.map((_, index) => index + 1));
  const last = hashAfter(batch.before, batch.records);
  store.confirm(batch.chain, batch.records.length + 1);
  store.end('probe', aRecord(0));
  expect(store.outbox(1)?.before).toBe(last);
  return batch.records.length;
}

/** What a box promised when it went on to the next thing. */
type Promised = { readonly state: BoxState; readonly records: number; readonly begun: number };

it('D01 after a power cut at any write of the log the box holds everything it promised, and at most the one thing more', async () => {
  const places = somewhere();
  const store = storeFor(BOX, places);
  store.open();
  const wal = join(places.folder, 'loa.db-wal');
  const promised: { readonly walBytes: number; readonly copy: Uint8Array; readonly what: Promised }[] = [];
  let records = 0;
  const promise = (begun: number): void => {
    promised.push({
      walBytes: statSync(wal).size,
      copy: readFileSync(join(places.copyFolder, 'floors.json')),
      what: { state: store.state(), records, begun },
    });
  };
  promise(0);
  const { seq: _, ...record } = aRecord(1);
  for (const state of (await statesOf(BOX, store.state())).slice(1)) {
    if (state === store.state()) continue;
    store.commitState(state, anAudit());
    promise(0);
    store.begin({ key: 'a', record });
    promise(1);
    store.end('a', record);
    records++;
    promise(0);
  }
  // The pages of the first start are in the log too: nothing has been checkpointed.
  const log = readFileSync(wal);
  const base = readFileSync(join(places.folder, 'loa.db'));
  const FRAME = 24 + 4_096;
  const cuts: number[] = [];
  for (let at = promised[0]?.walBytes ?? 0; at <= log.length; at += FRAME) cuts.push(at, at + 1_000);
  expect(cuts.length).toBeGreaterThan(100);

  for (const cut of cuts) {
    const home = somewhere();
    const kept = promised.filter(({ walBytes }) => walBytes <= cut).length - 1;
    const [least, most] = [promised[kept], promised[kept + 1] ?? promised[kept]];
    if (least === undefined || most === undefined) throw new Error('nothing was promised');
    mkdirSync(home.folder);
    mkdirSync(home.copyFolder);
    writeFileSync(join(home.folder, 'loa.db'), base);
    // What the disk had not yet of the log may be anything.
    writeFileSync(
      join(home.folder, 'loa.db-wal'),
      Buffer.concat([log.subarray(0, cut), Buffer.alloc(500, 0xa5)]),
    );
    writeFileSync(join(home.copyFolder, 'floors.json'), least.copy);
    const again = storeFor(BOX, home);
    again.open();
    expect(again.faults()).toEqual([]);
    expect([least.what.state, most.what.state]).toContainEqual(again.state());
    const begun = again.begun().length;
    expect([least, most].map(({ what }) => [what.begun, what.records])).toContainEqual([
      begun,
      chainLength(again),
    ]);
    again.close();
    home.remove();
  }
  store.close();
  places.remove();
});

it('D01 killed again and again at any moment: no promised record is lost, none is doubled, no floor and no order goes back', async () => {
  const root = mkdtempSync(join(tmpdir(), 'loa-kill-'));
  const ended = new Set<string>();
  const begun = new Set<string>();
  const orders = new Set<string>();
  let floor = 0;
  for (let run = 0; run < 8; run++) {
    const child = spawn(
      process.execPath,
      [join(import.meta.dirname, 'crash-child.fixture.ts'), root, `${run}`],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    const gone = new Promise((resolve) => child.once('close', resolve));
    let promises = 0;
    for await (const line of createInterface({ input: child.stdout })) {
      const said = JSON.parse(line) as { begun?: string; ended?: string; floor?: number; digest?: string };
      if (said.begun !== undefined) begun.add(said.begun);
      if (said.ended !== undefined) ended.add(said.ended);
      if (said.floor !== undefined) floor = Math.max(floor, said.floor);
      if (said.digest !== undefined) orders.add(said.digest);
      // After so many promises, and a little later: somewhere within the next one.
      if (++promises === 1 + 5 * run) setTimeout(() => child.kill('SIGKILL'), run % 4);
    }
    await gone;

    // The second copy alone tells every order and floor too: it may lag by what was not promised yet.
    const copy = readCopy(join(root, 'copy', 'floors.json'));
    expect(copy?.floor).toBeGreaterThanOrEqual(floor);
    expect(Object.keys(copy?.orders ?? {})).toEqual(expect.arrayContaining([...orders]));
    // The disk as the kill left it, looked at elsewhere: the next run goes on from the original.
    const look = somewhere();
    mkdirSync(look.folder);
    for (const part of ['loa.db', 'loa.db-wal'])
      copyFileSync(join(root, 'store', part), join(look.folder, part));
    const store = storeFor(BOX, look);
    store.open();
    expect(store.state().floor).toBeGreaterThanOrEqual(floor);
    expect([...store.state().orders.keys()]).toEqual(expect.arrayContaining([...orders]));
    const titles = store.records(100_000).map(({ title }) => title);
    expect(new Set(titles).size).toBe(titles.length);
    expect(titles).toEqual(expect.arrayContaining([...ended]));
    const open = store.begun().map(({ key }) => key);
    expect(open.length).toBeLessThanOrEqual(1);
    for (const key of begun) expect(titles.includes(key) || open.includes(key)).toBe(true);
    expect(open.filter((key) => titles.includes(key))).toEqual([]);
    expect(chainLength(store)).toBe(titles.length);
    store.close();
    look.remove();
  }
  expect(ended.size).toBeGreaterThan(8);
  rmSync(root, { recursive: true });
});
