import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { accept } from '../../shared/protocol/accept.ts';
import { activeOrders } from '../../shared/protocol/orders.ts';
import type { BoxState } from '../../shared/protocol/state.ts';
import { allVectors, anAudit, bytesOf, somewhere, statesOf, storeFor, vector } from './a-box.fixture.ts';
import type { Vector } from './a-box.fixture.ts';
import type { SqliteStore } from './sqlite-store.ts';
import { NotKept } from './store.ts';

let places: ReturnType<typeof somewhere>;
const open: SqliteStore[] = [];
beforeEach(() => {
  places = somewhere();
});
afterEach(() => {
  for (const store of open.splice(0)) store.close();
  places.remove();
});

const BRING_UP = vector('T01-bring-up');

function opened(of: Vector, dev?: string): SqliteStore {
  const store = storeFor(of, places, dev);
  store.open();
  open.push(store);
  return store;
}

function closed(store: SqliteStore): void {
  open.splice(open.indexOf(store), 1);
  store.close();
}

/** Through the first steps of a vector, into the store; closed again. */
async function filled(of: Vector, steps = of.steps.length): Promise<BoxState> {
  const store = opened(of);
  for (const state of await statesOf({ ...of, steps: of.steps.slice(0, steps) }, store.state())) {
    if (state !== store.state()) store.commitState(state, anAudit());
  }
  const state = store.state();
  closed(store);
  return state;
}

const answerTo = async (store: SqliteStore, step: Vector['steps'][number]) =>
  accept(bytesOf(step.input), store.state(), step.clock, step.nonce);

const DIGEST = 'f'.repeat(43);
const database = (): string => join(places.folder, 'loa.db');
const copy = (): string => join(places.copyFolder, 'floors.json');
const loseDatabase = (): void => {
  rmSync(places.folder, { recursive: true });
};

describe('the state of accept', () => {
  it('survives a restart after every step of every accept vector, with the same answers', async () => {
    for (const each of allVectors().filter(({ steps }) => steps.length > 1)) {
      const home = somewhere();
      const codes: string[] = [];
      for (const { input, clock, nonce } of each.steps) {
        const store = storeFor(each, home);
        store.open();
        const answer = await accept(bytesOf(input), store.state(), clock, nonce);
        codes.push(answer.code);
        if (answer.code === 'ACCEPTED') store.commitState(answer.state, anAudit());
        store.close();
      }
      const last = storeFor(each, home);
      last.open();
      const { floor, trust, docs } = last.state();
      last.close();
      home.remove();
      expect({ id: each.id, codes, floor, trust: trust.document.ver, docs: [...docs.keys()].sort() }).toEqual(
        {
          id: each.id,
          codes: each.steps.map(({ expect: { code } }) => code),
          floor: Math.max(each.after.floor, each.box.floor),
          trust: each.after.trust,
          docs: Object.keys(each.after.docs).sort(),
        },
      );
    }
  });

  it('comes back value for value', async () => {
    const state = await filled(BRING_UP);
    expect(state.docs.size).toBeGreaterThan(6);
    expect(opened(BRING_UP).state()).toEqual(state);
  });

  it('keeps an order that came by radio with its frame', async () => {
    const state = await filled(BRING_UP);
    const frame = Uint8Array.from({ length: 76 }, (_, i) => 255 - i);
    const fm = {
      frame,
      kind: 'halt',
      area: '56',
      template: null,
      plays: 1,
      iat: 1,
      exp: 2_000_000_000,
      signer: 'k',
    } as const;
    const orders = new Map(state.orders).set(DIGEST, { exp: fm.exp, ended: false, stored: null, fm });
    const store = opened(BRING_UP);
    store.commitState({ ...state, orders }, anAudit({ channel: 'fm' }));
    closed(store);
    expect(opened(BRING_UP).state().orders.get(DIGEST)).toEqual({
      exp: fm.exp,
      ended: false,
      stored: null,
      fm,
    });
  });

  it('is never below the build time', () => {
    const late = { ...BRING_UP, box: { ...BRING_UP.box, floor: 1_900_000_000 } };
    expect(opened(late).state().floor).toBe(1_900_000_000);
  });

  it('of a province whose trust this is not does not open, and says what to do', () => {
    const store = storeFor({ ...BRING_UP, box: { ...BRING_UP.box, prov: 'vn01' } }, places);
    expect(() => {
      store.open();
    }).toThrow(/trust of vn01 .*Install the file trust\/1/);
  });
});

describe('what is written', () => {
  /** Sizes and times of everything below the box's folders. */
  const traces = (): unknown =>
    [places.folder, places.copyFolder, places.keyFolder].flatMap((folder) =>
      readdirSync(folder).map((name) => {
        const { size, mtimeNs, ctimeNs, ino } = statSync(join(folder, name), { bigint: true });
        return [name, name.endsWith('-shm') ? 0 : [size, mtimeNs, ctimeNs, ino]];
      }),
    );

  it('R03 a thousand deliveries of what is stored write nothing at all', async () => {
    await filled(BRING_UP);
    const store = opened(BRING_UP);
    const [plan, order] = [BRING_UP.steps[9], BRING_UP.steps[10]];
    if (plan === undefined || order === undefined) throw new Error('no steps');
    const before = traces();
    for (let i = 0; i < 500; i++) {
      for (const step of [plan, order]) {
        const { code, state } = await answerTo(store, step);
        expect(state).toBe(store.state());
        store.noteReject(anAudit({ code }), null);
      }
    }
    expect(traces()).toEqual(before);
    expect(store.rejects()).toEqual({ DUPLICATE: 500, REPLAY: 500 });
    closed(store);
    expect(opened(BRING_UP).rejects()).toEqual({ DUPLICATE: 500, REPLAY: 500 });
  });

  it('a commit touches the rows that changed and no other', async () => {
    await filled(BRING_UP);
    const store = opened(BRING_UP);
    const reader = new Database(database(), { readonly: true });
    const rowids = (): unknown => reader.prepare('SELECT rowid, id FROM documents ORDER BY id').all();
    const before = rowids();
    store.raiseFloor(store.state().floor + 3_600);
    expect(rowids()).toEqual(before);
    reader.close();
  });

  it('a start that finds everything as it was writes nothing into the database', async () => {
    await filled(BRING_UP);
    const before = readFileSync(database());
    closed(opened(BRING_UP));
    expect(readFileSync(database()).equals(before)).toBe(true);
  });

  it('the hourly floor only goes up', async () => {
    const { floor } = await filled(BRING_UP);
    const store = opened(BRING_UP);
    store.raiseFloor(floor + 3_600);
    store.raiseFloor(floor);
    closed(store);
    expect(opened(BRING_UP).state().floor).toBe(floor + 3_600);
  });

  it('refusals are bounded: 2,000 lines of audit, one piece of evidence per code and hour, 64 in all, the oldest stay', () => {
    const store = opened(BRING_UP);
    const big = new Uint8Array(100_000).fill(7);
    for (let hour = 0; hour < 100; hour++) {
      for (let i = 0; i < 5; i++)
        store.noteReject(anAudit({ code: 'THRESHOLD', atMs: hour * 3_600_000 + i }), big);
    }
    for (let i = 0; i < 5_000; i++) store.noteReject(anAudit({ code: 'BAD_JSON' }), null);
    for (let i = 0; i < 3_000; i++) store.raiseFloor(store.state().floor + 1);
    closed(store);
    const reader = new Database(database(), { readonly: true });
    const one = (sql: string): unknown => reader.prepare(sql).pluck().get();
    expect(one('SELECT count(*) FROM audit')).toBeLessThanOrEqual(2_000);
    expect(one('SELECT count(*) FROM evidence')).toBe(64);
    expect(one('SELECT max(hour) FROM evidence')).toBe(63);
    expect(one('SELECT max(length(bytes)) FROM evidence')).toBe(16_384);
    reader.close();
    expect(opened(BRING_UP).rejects()).toEqual({ THRESHOLD: 500, BAD_JSON: 5_000 });
  });

  it('D05 on a full disk nothing is half kept: NotKept, and the old state stands', async ({ skip }) => {
    const mounted = (): boolean =>
      spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=600k', 'tmpfs', places.folder]).status === 0;
    mkdirSync(places.folder, { recursive: true });
    if (!mounted()) skip('only root may mount');
    try {
      await filled(BRING_UP, 4);
      const store = opened(BRING_UP);
      const before = store.state();
      const filler = join(places.folder, 'filler');
      for (let size = 1; size < 600; size++) {
        try {
          writeFileSync(filler, new Uint8Array(size * 1024));
        } catch (cause) {
          expect(cause).toMatchObject({ code: 'ENOSPC' });
          break;
        }
      }
      const states = await statesOf({ ...BRING_UP, steps: BRING_UP.steps.slice(4) }, before);
      expect(() => {
        for (const state of states.slice(1)) store.commitState(state, anAudit());
      }).toThrow(NotKept);
      const kept = store.state();
      // What may be lost is lost quietly; who looks at the disk meanwhile finds it whole.
      store.noteReject(anAudit({ code: 'THRESHOLD' }), new Uint8Array(16_384));
      expect(store.rejects()).toEqual({ THRESHOLD: 1 });
      const other = opened(BRING_UP);
      expect(other.state()).toEqual(kept);
      closed(other);
      rmSync(filler);
      closed(store);
      expect(opened(BRING_UP).state()).toEqual(kept);
    } finally {
      for (const store of open.splice(0)) store.close();
      spawnSync('umount', [places.folder]);
    }
  });
});

describe('a loss', () => {
  it('D04 of the second copy is made good at the next start', async () => {
    const state = await filled(BRING_UP);
    writeFileSync(copy(), readFileSync(copy()).subarray(0, 100));
    const store = opened(BRING_UP);
    expect(store.state()).toEqual(state);
    expect(store.faults()).toEqual([]);
    closed(store);
    loseDatabase();
    expect(opened(BRING_UP).state().floor).toBe(state.floor);
  });

  const damages: Readonly<Record<string, () => void>> = {
    zeroed: () => {
      writeFileSync(database(), new Uint8Array(statSync(database()).size));
    },
    emptied: () => {
      truncateSync(database(), 0);
    },
    'cut in half': () => {
      truncateSync(database(), Math.floor(statSync(database()).size / 2));
    },
    'overwritten in the middle': () => {
      const content = readFileSync(database());
      content.fill(0xa5, 4_096, Math.floor(content.length * 0.75));
      writeFileSync(database(), content);
    },
    deleted: loseDatabase,
  };
  it.each(Object.keys(damages))(
    'D04 D06 database %s: factory trust, the floors kept, nothing but trust is taken until their version, no order sounds again',
    async (damage) => {
      const of = vector('T09-officer-removed');
      const state = await filled(of);
      damages[damage]?.();
      const store = opened(of);
      const found = store.state();
      expect(found.trust.document.ver).toBe(1);
      expect(found.trustFloor).toEqual({ ver: state.trust.document.ver, digest: state.trust.digest });
      expect(found.floor).toBe(state.floor);
      expect(found.floors).toEqual(state.floors);
      expect([...found.orders.keys()].sort()).toEqual([...state.orders.keys()].sort());
      expect(found.docs.size).toBe(0);
      const last = of.steps.at(-1);
      if (last === undefined) throw new Error('no steps');
      expect(activeOrders(found, last.clock)).toEqual([]);
      // Everything that ever came, comes again, in its order: the box catches up, and no order sounds again.
      const codes: string[] = [];
      for (const step of of.steps) {
        const answer = await answerTo(store, { ...step, clock: last.clock });
        codes.push(answer.code);
        if (answer.code === 'ACCEPTED') store.commitState(answer.state, anAudit());
      }
      expect(codes[0]).toBe('NEED_NEWER_TRUST');
      expect(store.state().trust.digest).toBe(state.trust.digest);
      for (const step of of.steps) {
        const { code, state: next } = await answerTo(store, { ...step, clock: last.clock });
        if (code === 'ACCEPTED') store.commitState(next, anAudit());
        codes.push(code);
      }
      expect(activeOrders(store.state(), last.clock)).toEqual([]);
      expect(codes).toContain('REPLAY');
    },
  );

  it('D04 of a corrupt database moves it aside, once, and says so', async () => {
    await filled(BRING_UP);
    writeFileSync(database(), 'not a database, and long enough to be read as one'.repeat(100));
    const store = opened(BRING_UP);
    expect(store.faults()).toEqual(['database-replaced']);
    expect(readFileSync(`${database()}.aside`, 'utf8')).toContain('not a database');
    closed(store);
    expect(opened(BRING_UP).faults()).toEqual([]);
  });

  it('D04 of both on an enrolled box is QUARANTINE, until a head with my nonce', async () => {
    await filled(BRING_UP);
    loseDatabase();
    writeFileSync(copy(), 'torn');
    const store = opened(BRING_UP);
    expect(store.state().quarantined).toBe(true);
    for (const step of BRING_UP.steps.slice(0, 1)) {
      const { state } = await answerTo(store, step);
      store.commitState(state, anAudit());
    }
    expect(store.state().quarantined).toBe(true);
    closed(store);
    const again = opened(BRING_UP); // a restart does not end it
    expect(again.state().quarantined).toBe(true);
    const head = BRING_UP.steps[1];
    if (head === undefined) throw new Error('no head');
    const { state, sync } = await answerTo(again, head);
    again.commitState(state, anAudit());
    // No old order sounds again: everything up to the head is over.
    expect(again.state()).toMatchObject({
      quarantined: false,
      clearedAt: sync,
      haltedAt: sync,
      stoppedAt: sync,
    });
    closed(again);
    expect(opened(BRING_UP).state().quarantined).toBe(false);
  });

  it('D04 the copy remembers a quarantine of a database that is lost again', async () => {
    await filled(BRING_UP);
    loseDatabase();
    rmSync(copy());
    closed(opened(BRING_UP));
    loseDatabase();
    expect(opened(BRING_UP).state().quarantined).toBe(true);
  });

  it('of both on a box that never had a device document is a first start', async () => {
    await filled(BRING_UP, 2);
    loseDatabase();
    rmSync(copy());
    const store = opened(BRING_UP);
    expect(store.state()).toMatchObject({ quarantined: false, trustFloor: null });
    expect(store.faults()).toEqual([]);
  });

  it('of the commits since an old image: the copy with the higher trust counts whole, and nothing plays until trust is there', async () => {
    const of = vector('T09-officer-removed');
    await filled(of, 8);
    cpSync(places.folder, `${places.folder}.old`, { recursive: true });
    const state = await filled(of);
    expect(state.trust.document.ver).toBeGreaterThan(1);
    loseDatabase();
    cpSync(`${places.folder}.old`, places.folder, { recursive: true });
    const found = opened(of).state();
    expect(found.floor).toBe(state.floor);
    expect(found.trustFloor).toEqual({ ver: state.trust.document.ver, digest: state.trust.digest });
    expect([...found.orders.keys()].sort()).toEqual([...state.orders.keys()].sort());
  });

  it('of the device key: another name, so another box, which takes nothing over but the floors', async () => {
    const state = await filled(BRING_UP);
    const store = opened(BRING_UP, 'd-aaaaaaaaaaaaaaaa');
    expect(store.faults()).toEqual(['database-replaced']);
    expect(store.state().docs.size).toBe(0);
    expect(store.state().floors).toEqual(state.floors);
  });

  it('of the second folder is a condition, not a silence', async () => {
    await filled(BRING_UP);
    const store = opened(BRING_UP);
    rmSync(places.copyFolder, { recursive: true });
    store.raiseFloor(store.state().floor + 10);
    expect(store.faults()).toEqual(['floors-copy-failed']);
    mkdirSync(places.copyFolder);
    store.raiseFloor(store.state().floor + 10);
    expect(store.faults()).toEqual([]);
    expect(existsSync(copy())).toBe(true);
  });
});
