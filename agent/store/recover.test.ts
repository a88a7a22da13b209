import { describe, expect, it } from 'vitest';
import { readStored } from '../../shared/protocol/envelope.ts';
import { initialState } from '../../shared/protocol/state.ts';
import type { BoxState } from '../../shared/protocol/state.ts';
import { bytesOf, vector } from './a-box.fixture.ts';
import { copyOf } from './floors.ts';
import type { FloorsCopy } from './floors.ts';
import { recovered } from './recover.ts';

const trust = readStored(bytesOf(vector('T01-bring-up').trust));
if (typeof trust === 'string' || trust.document.typ !== 'trust') throw new Error('no trust');
const factory = initialState({
  prov: 'vn56',
  dev: 'd-mkpifw63jf5rreg3',
  floor: 0,
  trust: { ...trust, document: trust.document },
});
const row = (exp: number, ended = false) => ({ exp, ended, stored: null, fm: null });
const floor = (keyringEpoch: number, epoch: number, ver: number, digest = 'x') => ({
  keyringEpoch,
  epoch,
  ver,
  digest,
});

const state = (more: Partial<BoxState>): BoxState => ({ ...factory, floor: 100, ...more });
const copy = (more: Partial<FloorsCopy>): FloorsCopy => ({ ...copyOf(state({})), ...more });
const found = (database: BoxState | null, second: FloorsCopy | null, more = {}): BoxState =>
  recovered({ database, copy: second, factory, enrolled: false, buildTime: 0, ...more });

describe('database and copy of one trust version (protocol D4)', () => {
  it('give the max of each, in whichever of the two it stands', () => {
    const one = { floor: 500, clearedAt: 1, haltedAt: 20, stoppedAt: 3 };
    const other = { floor: 400, clearedAt: 10, haltedAt: 2, stoppedAt: 30 };
    const most = { floor: 500, clearedAt: 10, haltedAt: 20, stoppedAt: 30 };
    expect(found(state(one), copy(other))).toMatchObject(most);
    expect(found(state(other), copy(one))).toMatchObject(most);
  });

  it('compare versions by keyring epoch, then epoch, then ver', () => {
    const rising = [floor(1, 1, 1, 'a'), floor(1, 1, 9, 'b'), floor(1, 2, 1, 'c'), floor(2, 1, 1, 'd')];
    for (const [i, lower] of rising.entries()) {
      for (const higher of rising.slice(i)) {
        const withFloor = (of: typeof lower) => state({ floors: new Map([['plan:56', of]]) });
        expect(
          found(withFloor(lower), copy({ floors: { 'plan:56': higher } })).floors.get('plan:56'),
        ).toEqual(higher);
        expect(
          found(withFloor(higher), copy({ floors: { 'plan:56': lower } })).floors.get('plan:56'),
        ).toEqual(higher);
      }
    }
  });

  it('D06 keep every order digest of both, its longest memory, and that it ended', () => {
    const database = state({
      orders: new Map([
        ['both', row(10, true)],
        ['mine', row(30)],
      ]),
    });
    const orders = { both: { exp: 20, ended: false }, theirs: { exp: 40, ended: true } };
    const merged = found(database, copy({ orders })).orders;
    expect(Object.fromEntries(merged)).toEqual({ both: row(20, true), mine: row(30), theirs: row(40, true) });
    expect(
      found(
        state({ orders: new Map([['x', row(1)]]) }),
        copy({ orders: { x: { exp: 1, ended: true } } }),
      ).orders.get('x'),
    ).toEqual(row(1, true));
  });

  it('but of two different trusts of that version nothing is taken until it is the known one', () => {
    const known = { ver: 1, digest: 'other' };
    expect(found(state({}), copy({ trust: known })).trustFloor).toEqual(known);
    expect(found(state({}), copy({})).trustFloor).toBeNull();
  });
});

describe('database and copy of different trust versions', () => {
  const ahead = copy({
    trust: { ver: 7, digest: 'seven' },
    floor: 50,
    clearedAt: 5,
    floors: { a: floor(0, 1, 1) },
    orders: { o: { exp: 9, ended: false } },
  });

  it('a copy ahead counts whole, also where its floor is lower: a floorReset may lie between', () => {
    const database = state({ floor: 900, clearedAt: 900, orders: new Map([['old', row(950)]]) });
    const after = found(database, ahead);
    expect(after).toMatchObject({ floor: 50, clearedAt: 5, trustFloor: ahead.trust });
    expect([...after.orders.keys()]).toEqual(['o']);
    expect([...after.floors.keys()]).toEqual(['a']);
    expect(after.trust).toBe(database.trust);
  });

  it('a copy behind counts for nothing', () => {
    const database = state({ floor: 60, trustFloor: { ver: 8, digest: 'eight' } });
    expect(found(database, ahead)).toEqual(database);
  });

  it('a box that is still catching up remembers how far it had been, however often it starts', () => {
    const once = found(null, ahead);
    const twice = found(once, copyOf(once));
    expect(twice.trustFloor).toEqual(ahead.trust);
    expect(found(null, copyOf(twice)).trustFloor).toEqual(ahead.trust);
  });
});

describe('what is left when both are gone', () => {
  it('is a quarantine on an enrolled box and a first start on another', () => {
    expect(found(null, null, { enrolled: true }).quarantined).toBe(true);
    expect(found(null, null).quarantined).toBe(false);
    expect(found(null, copy({}), { enrolled: true }).quarantined).toBe(false);
    expect(found(state({}), null, { enrolled: true }).quarantined).toBe(false);
  });

  it('is never below the build time', () => {
    expect(found(null, null, { buildTime: 1_800_000_000 }).floor).toBe(1_800_000_000);
    expect(found(state({ floor: 7 }), copy({ floor: 8 }), { buildTime: 1_800_000_000 }).floor).toBe(
      1_800_000_000,
    );
  });
});
