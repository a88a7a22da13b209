import { beforeEach, describe, expect, it } from 'vitest';
import { NOW, P, freshBox, signed, trust as trust1 } from '../../shared/protocol/a-province.fixture.ts';
import type { Head } from '../../shared/protocol/schema/documents.ts';
import type { BoxState } from '../../shared/protocol/state.ts';
import type { SyncAnchor } from '../store/store.ts';
import { askHead } from '../sync/documents.ts';
import { Nonce } from '../sync/nonce.ts';
import { Turn, SyncMemory } from '../sync/turn.ts';
import type { SyncDeps } from '../sync/turn.ts';
import { waitsSchema } from '../sync/waits.ts';
import { Admission } from '../verify/admit.ts';
import { BoxClock } from './clock.ts';
import { noRtc } from './linux.ts';

const HOUR_S = 3600;
const MINUTE_MS = 60_000;
const waits = waitsSchema.parse({});
const fresh = await freshBox();

/** The real verifier, the real clock and the real question for a head; the cloud tells what the test wants. */
class Place {
  upMs = 1_000_000;
  boots = 1;
  state: BoxState = fresh;
  noted: unknown[][] = [];
  kept: SyncAnchor | null = null;
  clock = this.#start();
  readonly nonce = new Nonce(() => 'g'.repeat(22));
  /** By how much the cloud's clock is ahead of what the test calls the truth. */
  cloudAheadS = 0;
  roundTripMs = 200;
  answer: Partial<Head> = {};
  readonly admission = new Admission({
    store: {
      state: () => this.state,
      commitState: (next) => (this.state = next),
      noteReject: () => undefined,
    },
    clock: () => this.clock.clock(),
    nonce: () => this.nonce.out(),
    upMs: () => this.upMs,
    accepted: () => undefined,
  });

  #start(): BoxClock {
    const store = {
      state: () => this.state,
      syncAnchor: () => this.kept,
      keepSyncAnchor: (anchor: SyncAnchor) => (this.kept = anchor),
      raiseFloor: (floor: number) => (this.state = { ...this.state, floor }),
      noteClock: (...line: unknown[]) => this.noted.push(line),
    };
    const uptime = { bootId: `boot-${this.boots}`, upMs: () => this.upMs };
    const clock = new BoxClock({ store, uptime, rtc: noRtc });
    clock.open();
    return clock;
  }

  restart(): void {
    this.clock = this.#start();
  }

  trueS(): number {
    return NOW + Math.floor(this.upMs / 1000);
  }

  head(over: Partial<Head>): Promise<Uint8Array> {
    const iat = this.trueS() + this.cloudAheadS;
    const common = { v: 1, prov: 'vn56', id: 'head', epoch: 1, ver: 1, latest: {}, nonce: null } as const;
    return signed({ ...common, typ: 'head', iat, exp: iat + 86_400, ...over }, P.online);
  }

  /** Asks the cloud once; what became of it. */
  async ask(): Promise<Readonly<Record<string, number>>> {
    const cloud = {
      head: async (nonce: string) => {
        this.upMs += this.roundTripMs / 2;
        const bytes = await this.head({ nonce, ...this.answer });
        this.upMs += this.roundTripMs / 2;
        return { kind: 'got' as const, bytes };
      },
    };
    const deps = {
      ...{ prov: 'vn56', cloud, waits, nonce: this.nonce },
      clock: this.clock,
      store: { state: () => this.state },
      admit: (bytes: Uint8Array, channel: 'http' | 'mqtt', confirmed: null) =>
        this.admission.admit(bytes, channel, confirmed),
    } as unknown as SyncDeps;
    const errand = { documents: true, orders: false, nudged: new Map(), hurry: new AbortController().signal };
    const turn = new Turn(deps, new SyncMemory(waits), errand);
    await askHead(turn);
    return turn.report.refused;
  }

  /** By how much the box's clock is ahead of the truth. */
  aheadS(): number {
    return Math.round(this.clock.read().nowMs / 1000 - (NOW + this.upMs / 1000)) + 0;
  }
}

let place: Place;
beforeEach(async () => {
  place = new Place();
  await place.ask();
  place.upMs += HOUR_S * 1000;
});

/** The cloud tells another time, and a person confirms it. */
async function confirmed(cloudAheadS: number): Promise<void> {
  place.cloudAheadS = cloudAheadS;
  await place.ask();
  expect(place.clock.confirm(place.clock.disputed()?.aheadMs ?? NaN)).toBeNull();
}

describe('a time that is disputed', () => {
  it('C07 is shown with what the cloud said and how long ago, and moves nothing', async () => {
    place.cloudAheadS = 2 * HOUR_S;
    expect(await place.ask()).toEqual({ TIME_DISPUTE: 1 });
    place.upMs += 5 * MINUTE_MS;
    const dispute = place.clock.disputed();
    expect(Math.round((dispute?.saidAtMs ?? 0) / 1000)).toBe(place.trueS() + 2 * HOUR_S);
    expect(dispute?.aheadMs).toBeCloseTo(2 * HOUR_S * 1000, -4);
    expect(dispute).toMatchObject({ heardAgoMs: 5 * MINUTE_MS, blocked: null });
    expect(place.aheadS()).toBe(0);
  });

  it('C07 is a dispute too where the cloud is behind: its head is ROLLBACK, or EXPIRED', async () => {
    place.clock.keepFloor();
    place.cloudAheadS = -2 * HOUR_S;
    expect(await place.ask()).toEqual({ ROLLBACK: 1 });
    expect(place.clock.disputed()).toMatchObject({ blocked: 'below-floor' });
    place.cloudAheadS = -48 * HOUR_S;
    expect(await place.ask()).toEqual({ EXPIRED: 1 });
    expect(place.clock.disputed()?.aheadMs).toBeCloseTo(-48 * HOUR_S * 1000, -4);
  });

  it('is none where a trust was dated a little ahead of a right clock', async () => {
    place.state = { ...place.state, floor: place.trueS() + 200 };
    expect(await place.ask()).toEqual({ ROLLBACK: 1 });
    expect(place.clock.disputed()).toBeNull();
  });

  it('is none where only the link is slow, and is one where no link is so slow', async () => {
    place.roundTripMs = 60_000;
    // Signed as the question left, and halfway.
    for (const off of [-30, 0]) {
      place.cloudAheadS = off;
      expect(await place.ask()).toEqual({ TIME_DISPUTE: 1 });
      expect(place.clock.disputed()).toBeNull();
    }
    for (const off of [-90, 90]) {
      place.cloudAheadS = 0;
      place.roundTripMs = 200;
      await place.ask();
      place.roundTripMs = 60_000;
      place.cloudAheadS = off;
      await place.ask();
      expect(place.clock.disputed()).not.toBeNull();
    }
  });

  it('is told of wherever a head that came in time is refused for it', async () => {
    place.roundTripMs = 9_000;
    for (const off of [-11, 20]) {
      place.cloudAheadS = off;
      expect(await place.ask()).toEqual({ TIME_DISPUTE: 1 });
      expect(place.clock.disputed()).not.toBeNull();
    }
  });

  it('is over once the cloud agrees again', async () => {
    place.cloudAheadS = HOUR_S;
    await place.ask();
    place.cloudAheadS = 0;
    await place.ask();
    expect(place.clock.disputed()).toBeNull();
  });
});

describe('a person who confirms the time of the cloud', () => {
  it('C07 has the next head with our nonce set the clock, and it is written down from what to what', async () => {
    await confirmed(2 * HOUR_S);
    expect(place.clock.settlement()).toMatchObject({ kind: 'open' });
    expect(await place.ask()).toEqual({});
    expect(place.aheadS()).toBe(2 * HOUR_S);
    expect(place.clock.read()).toMatchObject({ state: 'SYNCED', u: 3 });
    expect(place.clock.disputed()).toBeNull();
    expect(place.clock.settlement()).toMatchObject({ kind: 'settled' });
    const { fromAtMs = 0, toAtMs = 0 } = place.clock.lastSync()?.settled ?? {};
    expect(toAtMs - fromAtMs).toBeCloseTo(2 * HOUR_S * 1000, -4);
    expect(place.noted.map(([, code]) => code)).toEqual(['TIME_CONFIRMED', 'TIME_SETTLED']);
    const iso = new Date(toAtMs).toISOString().slice(0, 16);
    expect(place.noted[1]?.[2]).toMatch(new RegExp(`^.*>${iso}`));
    // And the power that goes, or another sync, makes nobody forget it.
    await place.ask();
    place.boots++;
    place.restart();
    await place.ask();
    expect(place.clock.lastSync()?.settled).toEqual({ fromAtMs, toAtMs });
  });

  it('confirms it once: said again it is neither longer open nor written down again', async () => {
    await confirmed(2 * HOUR_S);
    place.upMs += 9 * MINUTE_MS;
    expect(place.clock.confirm(place.clock.disputed()?.aheadMs ?? NaN)).toBeNull();
    expect(place.noted).toHaveLength(1);
    place.upMs += MINUTE_MS + 1;
    expect(place.clock.settlement()).toEqual({ kind: 'expired' });
    expect(place.clock.confirm(place.clock.disputed()?.aheadMs ?? NaN)).toBeNull();
    expect(place.clock.settlement()).toMatchObject({ kind: 'open' });
  });

  it('may set a clock back too, as long as the floor allows', async () => {
    await confirmed(-600);
    await place.ask();
    expect(place.aheadS()).toBe(-600);
  });

  it('C07 gives the cloud one answer: the next that differs is disputed as ever', async () => {
    await confirmed(2 * HOUR_S);
    await place.ask();
    place.cloudAheadS = 4 * HOUR_S;
    place.upMs += MINUTE_MS;
    expect(await place.ask()).toEqual({ TIME_DISPUTE: 1 });
    expect(place.aheadS()).toBe(2 * HOUR_S);
  });

  it('C07 confirms that time and no other: a cloud that then tells another gets nothing, and not a second try', async () => {
    await confirmed(2 * HOUR_S);
    place.cloudAheadS = 5 * HOUR_S;
    const { floor } = place.state;
    expect(await place.ask()).toEqual({ TIME_DISPUTE: 1 });
    expect(place.clock.settlement()).toEqual({ kind: 'refused', why: 'other-time' });
    place.cloudAheadS = 2 * HOUR_S;
    expect(await place.ask()).toEqual({ TIME_DISPUTE: 1 });
    expect([place.aheadS(), place.state.floor]).toEqual([0, floor]);
  });

  it('C11 gives no more than a sync moves for the rest of the day', async () => {
    await confirmed(2 * HOUR_S);
    await place.ask();
    place.cloudAheadS += 9;
    for (let hour = 0; hour < 5; hour++) {
      place.upMs += HOUR_S * 1000;
      await place.ask();
    }
    expect(place.aheadS()).toBe(2 * HOUR_S);
  });

  it('C07 profits no head without our nonce, nor an order or trust that comes meanwhile', async () => {
    await confirmed(2 * HOUR_S);
    const { floor } = place.state;
    place.answer = { nonce: null };
    expect(await place.ask()).toEqual({ FROM_FUTURE: 1 });
    place.answer = { nonce: 'w'.repeat(22) };
    expect(await place.ask()).toEqual({ BAD_NONCE: 1 });
    const confirmedClock = place.clock.confirmed(0);
    const iat = place.trueS() + 2 * HOUR_S;
    const later = await signed({ ...trust1, ver: 2, iat, exp: iat + 86_400 }, P.rootA, P.rootB);
    place.nonce.ask();
    expect((await place.admission.admit(later, 'http', confirmedClock)).code).toBe('FROM_FUTURE');
    expect(place.state.floor).toBe(floor);
    expect(place.clock.settlement()).toMatchObject({ kind: 'open' });
  });

  it('is forgotten after ten minutes of uptime', async () => {
    await confirmed(2 * HOUR_S);
    place.upMs += 10 * MINUTE_MS + 1;
    expect(place.clock.settlement()).toEqual({ kind: 'expired' });
    expect(await place.ask()).toEqual({ TIME_DISPUTE: 1 });
    expect(place.aheadS()).toBe(0);
  });

  it('is forgotten when the agent restarts', async () => {
    await confirmed(2 * HOUR_S);
    place.restart();
    expect(await place.ask()).toEqual({ TIME_DISPUTE: 1 });
    expect(place.aheadS()).toBe(0);
  });

  it('is not served by an answer that took more than 10 s, and waits for a quicker one', async () => {
    await confirmed(2 * HOUR_S);
    const { floor } = place.state;
    place.roundTripMs = 10_002;
    expect(await place.ask()).toEqual({ TIME_DISPUTE: 1 });
    expect([place.aheadS(), place.state.floor]).toEqual([0, floor]);
    place.roundTripMs = 10_000;
    expect(await place.ask()).toEqual({});
    expect(place.aheadS()).toBe(2 * HOUR_S);
  });

  it('cannot settle it where nothing is disputed, or where the difference is another than was seen', async () => {
    expect(place.clock.confirm(0)).toBe('no-dispute');
    place.cloudAheadS = 2 * HOUR_S;
    await place.ask();
    expect(place.clock.confirm(HOUR_S * 1000)).toBe('changed');
    expect(place.clock.settlement()).toBeNull();
  });

  it('C04 cannot go below the floor that a wrong head has raised: that takes a floorReset, and then it is over', async () => {
    await confirmed(9 * HOUR_S);
    await place.ask();
    place.cloudAheadS = 0;
    expect(await place.ask()).toEqual({ ROLLBACK: 1 });
    const aheadMs = place.clock.disputed()?.aheadMs ?? NaN;
    expect(place.clock.confirm(aheadMs)).toBe('below-floor');
    const iat = place.trueS();
    const reset = { ...trust1, ver: 2, iat, exp: iat + 86_400, floorReset: iat };
    const { code } = await place.admission.admit(await signed(reset, P.rootA, P.rootB), 'http');
    expect([code, place.state.floor]).toEqual(['ACCEPTED', iat]);
    expect(await place.ask()).toEqual({ TIME_DISPUTE: 1 });
    expect(place.clock.confirm(aheadMs)).toBeNull();
    await place.ask();
    expect([place.aheadS(), place.state.floor]).toEqual([0, place.trueS()]);
  });

  it('C03 cannot take a time beyond what the trust allows', async () => {
    place.cloudAheadS = 200 * 24 * HOUR_S;
    expect(await place.ask()).toEqual({ TIME_JUMP: 1 });
    expect(place.clock.confirm(place.clock.disputed()?.aheadMs ?? NaN)).toBe('beyond-trust');
  });

  it('finds it settled where the cloud came back to the time of the box', async () => {
    await confirmed(2 * HOUR_S);
    place.cloudAheadS = 0;
    await place.ask();
    expect(place.clock.settlement()).toEqual({ kind: 'agreed' });
    expect(await place.ask()).toEqual({});
    expect(place.clock.disputed()).toBeNull();
    expect(place.aheadS()).toBe(0);
  });
});

describe('a box in FLOOR whose floor is above the time of the cloud', () => {
  it('C04 says so: not only that it does not know the time', async () => {
    place.boots++;
    place.restart();
    place.state = { ...place.state, floor: place.trueS() + 400 };
    expect(await place.ask()).toEqual({ ROLLBACK: 1 });
    expect(place.clock.read().state).toBe('FLOOR');
    expect(place.clock.disputed()).toMatchObject({ blocked: 'below-floor' });
  });
});
