import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { utf8 } from '../../shared/protocol/bytes.ts';
import { activeOrders } from '../../shared/protocol/orders.ts';
import type { BoxState, Clock } from '../../shared/protocol/state.ts';
import { allVectors, bytesOf, somewhere, storeFor, vector } from '../store/a-box.fixture.ts';
import type { Vector } from '../store/a-box.fixture.ts';
import { NotKept } from '../store/store.ts';
import type { Audit, Store } from '../store/store.ts';
import { Admission } from './admit.ts';
import type { Admitted, Channel } from './admit.ts';

let places: ReturnType<typeof somewhere>;
let box: Box;
beforeEach(() => {
  places = somewhere();
});
afterEach(() => {
  box.store.close();
  places.remove();
});

type Written = { readonly state: BoxState; readonly audit: Audit };

/** A box with a real store; what it does is written down in its order. */
class Box {
  readonly store: Store;
  readonly course: string[] = [];
  readonly committed: Written[] = [];
  readonly evidence: (string | null)[] = [];
  clock: Clock = { state: 'FLOOR', now: 0, u: 0 };
  nonce: string | null = null;
  upMs = 1_000_000;
  isFull = false;
  readonly admission: Admission;
  readonly #of: Vector;

  constructor(of: Vector) {
    this.#of = of;
    this.store = storeFor(of, places);
    this.store.open();
    this.admission = new Admission({
      store: {
        state: () => this.store.state(),
        commitState: (state, audit) => {
          if (this.isFull) throw new NotKept('full');
          this.store.commitState(state, audit);
          this.committed.push({ state, audit });
          this.course.push('commit');
        },
        noteReject: (audit, evidence) => {
          this.store.noteReject(audit, evidence);
          this.evidence.push(evidence === null ? null : audit.code);
        },
      },
      clock: () => this.clock,
      nonce: () => this.nonce,
      upMs: () => this.upMs,
      accepted: () => {
        expect(this.store.state()).toBe(this.committed.at(-1)?.state);
        this.course.push('act');
      },
    });
  }

  /** Step n of the vector, at its clock. */
  step(n: number, channel: Channel = 'http'): Promise<Admitted> {
    const step = this.#of.steps[n];
    if (step === undefined) throw new Error('no such step');
    this.clock = step.clock;
    this.nonce = step.nonce;
    return this.admission.admit(bytesOf(step.input), channel);
  }

  async steps(from: number, to: number): Promise<readonly string[]> {
    const codes: string[] = [];
    for (let n = from; n < to; n++) codes.push((await this.step(n)).code);
    return codes;
  }

  active(): readonly string[] {
    return activeOrders(this.store.state(), this.clock).map(({ digest }) => digest);
  }
}

const boxOf = (id: string): Box => (box = new Box(vector(id)));
const expected = (id: string): readonly string[] => vector(id).steps.map(({ expect: { code } }) => code);

describe('admit', () => {
  it('keeps each document before anybody may act on it (protocol V20)', async () => {
    const of = boxOf('T01-bring-up');
    expect(await of.steps(0, 11)).toEqual(expected('T01-bring-up'));
    expect(of.course).toEqual(Array.from({ length: 9 }, () => ['commit', 'act']).flat());
    expect(of.committed.map(({ audit }) => audit.id).slice(0, 4)).toEqual([
      'trust',
      'head',
      'device:d-mkpifw63jf5rreg3',
      'keyring:56.22366',
    ]);
  });

  it('hands on the time of a head with our nonce, and what is stale', async () => {
    const of = boxOf('T01-bring-up');
    await of.step(0);
    const { sync } = await of.step(1);
    expect(sync).toBe(vector('T01-bring-up').steps[1]?.clock.now);
    const freeze = vector('F01-said-with-everything');
    of.store.close();
    places.remove();
    const other = boxOf(freeze.id);
    const stale: unknown[] = [];
    for (let n = 0; n < freeze.steps.length; n++) stale.push((await other.step(n)).stale);
    expect(stale).toEqual(freeze.steps.map(({ expect: wanted }) => ('stale' in wanted ? wanted.stale : [])));
  });

  it('acts on nothing that the disk did not take: NOT_KEPT, and the state stands', async () => {
    const of = boxOf('T01-bring-up');
    await of.steps(0, 4);
    const before = of.store.state();
    of.course.length = 0;
    of.isFull = true;
    expect(await of.step(4)).toEqual({ code: 'NOT_KEPT', stale: [], sync: null, retryAfterTrust: false });
    expect([of.store.state(), of.course]).toEqual([before, []]);
    of.isFull = false;
    expect((await of.step(4)).code).toBe('ACCEPTED');
  });

  it('R14 one order over three channels at once is taken once; the rest is REPLAY', async () => {
    const of = boxOf('T01-bring-up');
    await of.steps(0, 8);
    of.course.length = 0;
    const codes = await Promise.all(
      (['mqtt', 'http', 'stick', 'mqtt', 'http'] as const).map((channel) => of.step(8, channel)),
    );
    expect(codes.map(({ code }) => code)).toEqual(['ACCEPTED', 'REPLAY', 'REPLAY', 'REPLAY', 'REPLAY']);
    expect(of.course).toEqual(['commit', 'act']);
    expect(of.active()).toHaveLength(1);
  });

  it('R03 what is stored already commits nothing and wakes nobody', async () => {
    const id = 'R03-orders-and-plans-thousandfold';
    const of = boxOf(id);
    expect(await of.steps(0, vector(id).steps.length)).toEqual(expected(id));
    expect(of.committed).toHaveLength(expected(id).filter((code) => code === 'ACCEPTED').length);
  });

  it('S18 the 21st halt of one officer in an hour is RATE and writes nothing', async () => {
    const id = 'S18-halts';
    const of = boxOf(id);
    const codes = await of.steps(0, vector(id).steps.length);
    expect(codes).toEqual(expected(id));
    expect(codes).toContain('RATE');
    expect(of.committed).toHaveLength(codes.filter((code) => code === 'ACCEPTED').length);
  });

  it('T05 T09 a trust without a registrar or an officer ends what they vouched for, in the same commit', async () => {
    for (const id of ['T05-registrar-removed', 'T09-officer-removed']) {
      const of = boxOf(id);
      const { steps, after } = vector(id);
      expect(await of.steps(0, steps.length)).toEqual(expected(id));
      expect([...of.store.state().docs.keys()].sort()).toEqual(Object.keys(after.docs).sort());
      if (id.startsWith('T09')) {
        const trusts = of.committed.map(({ audit }) => audit.id).lastIndexOf('trust');
        const [before, then] = [of.committed[trusts - 1], of.committed[trusts]];
        if (before === undefined || then === undefined) throw new Error('no trust came');
        const now = of.clock;
        expect(activeOrders(then.state, now).length).toBeLessThan(activeOrders(before.state, now).length);
      }
      of.store.close();
      places.remove();
    }
    boxOf('T01-bring-up');
  });

  it('asks for a newer trust where one may help, and for nothing else', async () => {
    const of = boxOf('T04-catch-up');
    const codes = new Map<string, boolean>();
    for (let n = 0; n < vector('T04-catch-up').steps.length; n++) {
      const { code, retryAfterTrust } = await of.step(n);
      codes.set(code, retryAfterTrust);
    }
    const future = { typ: 'plan2', v: 1 };
    const unknown = await of.admission.admit(envelope(future), 'http');
    expect([unknown.code, unknown.retryAfterTrust]).toEqual(['UNSUPPORTED_TYPE', true]);
    expect(Object.fromEntries(codes)).toEqual({ GAP: true, ACCEPTED: false, TRUST_EXPIRED: false });
  });

  it.each(['THRESHOLD', 'DUP_SIGNER', 'ESCALATION', 'EQUIVOCATION', 'WEAK_KEY', 'BAD_GRANT'])(
    'keeps evidence of %s, which smells of an attack',
    async (code) => {
      const of = allVectors().find(({ steps }) => steps.some(({ expect: wanted }) => wanted.code === code));
      if (of === undefined) throw new Error('no vector');
      await boxOf(of.id).steps(0, of.steps.length);
      expect(box.evidence).toContain(code);
    },
  );

  it('keeps no evidence of what is only late, wrong or not for this box', async () => {
    const alarms = new Set([
      'THRESHOLD',
      'DUP_SIGNER',
      'ESCALATION',
      'EQUIVOCATION',
      'WEAK_KEY',
      'BAD_GRANT',
    ]);
    const id = 'A19-no-device-document';
    await boxOf(id).steps(0, vector(id).steps.length);
    expect(expected(id).some((code) => alarms.has(code))).toBe(false);
    expect(new Set(box.evidence)).toEqual(new Set([null]));
  });

  it('judges on after a bug in one turn', async () => {
    const of = boxOf('T01-bring-up');
    const clock = of.clock;
    Object.defineProperty(of, 'clock', {
      configurable: true,
      get: () => {
        throw new Error('a bug');
      },
    });
    await expect(of.admission.admit(bytesOf(vector('T01-bring-up').steps[0]?.input), 'http')).rejects.toThrow(
      'a bug',
    );
    Object.defineProperty(of, 'clock', { value: clock, writable: true });
    expect((await of.step(0)).code).toBe('ACCEPTED');
  });
});

describe('boot (protocol V18)', () => {
  it('T05 drops what is no longer authorised before anything plays', async () => {
    const id = 'T05-registrar-removed';
    const of = boxOf(id);
    const trustAt = vector(id).steps.findIndex((_, n) => n > 0 && isTrust(vector(id), n) && n > 5);
    await of.steps(0, trustAt);
    const before = of.store.state();
    await of.step(trustAt);
    const { trust } = of.store.state();
    // As if a crash of an older agent had left the trust beside documents that it no longer covers.
    of.store.commitState(
      { ...before, trust },
      { atMs: 0, channel: 'boot', code: 'ACCEPTED', id: null, digest: null },
    );
    expect(of.store.state().docs.size).toBe(before.docs.size);
    await of.admission.boot();
    expect([...of.store.state().docs.keys()].sort()).toEqual(Object.keys(vector(id).after.docs).sort());
    expect(of.committed.at(-1)?.audit).toMatchObject({ channel: 'boot', code: 'REAUTHORISED' });
  });

  it('writes nothing where everything still stands', async () => {
    const of = boxOf('T01-bring-up');
    await of.steps(0, 9);
    const { length } = of.committed;
    await of.admission.boot();
    expect(of.committed).toHaveLength(length);
  });
});

describe('a flood', () => {
  const rubbish = utf8('{"payload":');

  it('of over 20 malformed in a second makes its channel back off for a minute, and no other', async () => {
    const of = boxOf('T01-bring-up');
    for (let i = 0; i < 21; i++) expect((await of.admission.admit(rubbish, 'mqtt')).code).toBe('BAD_JSON');
    expect((await of.admission.admit(rubbish, 'mqtt')).code).toBe('BACKOFF');
    expect((await of.step(0, 'mqtt')).code).toBe('BACKOFF');
    expect((await of.step(0, 'http')).code).toBe('ACCEPTED');
    of.upMs += 59_999;
    expect((await of.admission.admit(rubbish, 'mqtt')).code).toBe('BACKOFF');
    of.upMs += 1;
    expect((await of.admission.admit(rubbish, 'mqtt')).code).toBe('BAD_JSON');
    expect(of.store.rejects()).toEqual({ BAD_JSON: 22 });
  });

  it('of 20 in a second, and of refusals that are well formed, makes nobody back off', async () => {
    const of = boxOf('T01-bring-up');
    for (let second = 0; second < 5; second++) {
      for (let i = 0; i < 20; i++) await of.admission.admit(rubbish, 'mqtt');
      of.upMs += 1_000;
    }
    await of.steps(0, 9);
    for (let i = 0; i < 100; i++) expect((await of.step(8, 'mqtt')).code).toBe('REPLAY');
  });

  it('that comes all at once is cut off at the door: at most 64 wait on a channel', async () => {
    const of = boxOf('T01-bring-up');
    await of.steps(0, 9);
    const answers = await Promise.all(Array.from({ length: 500 }, () => of.step(8, 'mqtt')));
    expect(answers.filter(({ code }) => code === 'REPLAY')).toHaveLength(64);
    expect(answers.filter(({ code }) => code === 'BACKOFF')).toHaveLength(436);
    expect((await of.step(8, 'mqtt')).code).toBe('REPLAY');
  });

  it('T10 of trusts costs at most 64 commits a minute', async () => {
    const of = boxOf('T04-catch-up');
    const next = of.store.state();
    // What the chain is does not matter here: each version is one commit.
    const commits = new Admission({
      store: { state: () => next, commitState: () => undefined, noteReject: () => undefined },
      clock: () => vector('T04-catch-up').steps[1]?.clock ?? of.clock,
      nonce: () => null,
      upMs: () => of.upMs,
      accepted: () => undefined,
    });
    const trust2 = bytesOf(vector('T04-catch-up').steps[1]?.input);
    const codes: string[] = [];
    for (let i = 0; i < 100; i++) codes.push((await commits.admit(trust2, 'http')).code);
    expect(codes.filter((code) => code === 'ACCEPTED')).toHaveLength(64);
    expect(codes.slice(64).every((code) => code === 'BACKOFF')).toBe(true);
    of.upMs += 60_001;
    expect((await commits.admit(trust2, 'http')).code).toBe('ACCEPTED');
  });

  it('E06 of reordered, replayed and broken documents ends in the state that their right order leaves, at most', async () => {
    const { steps } = vector('T01-bring-up');
    const inputs = steps.slice(0, 9).map(({ input }) => bytesOf(input));
    const broken = inputs.map((bytes) => bytes.map((byte, i) => (i === bytes.length >> 1 ? byte ^ 1 : byte)));
    const all = [...inputs, ...broken];
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(all.length - 1), { maxLength: 40 }), async (course) => {
        const home = somewhere();
        const store = storeFor(vector('T01-bring-up'), home);
        store.open();
        const admission = new Admission({
          store,
          clock: () => steps[8]?.clock ?? { state: 'FLOOR', now: 0, u: 0 },
          nonce: () => null,
          upMs: () => 0,
          accepted: () => undefined,
        });
        for (const n of course) {
          const before = store.state();
          const { code } = await admission.admit(all[n] ?? new Uint8Array(), 'mqtt');
          if (n >= inputs.length) expect(code).not.toBe('ACCEPTED');
          if (code !== 'ACCEPTED') expect(store.state()).toBe(before);
        }
        const known = new Set(inputs.map((bytes) => Buffer.from(bytes).toString()));
        for (const { bytes } of store.state().docs.values())
          expect(known.has(Buffer.from(bytes).toString())).toBe(true);
        expect(store.state().orders.size).toBeLessThanOrEqual(1);
        store.close();
        home.remove();
      }),
      { numRuns: 25 },
    );
    boxOf('T01-bring-up');
  });
});

function envelope(payload: object): Uint8Array {
  const b64 = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const header = { alg: 'Ed25519', kid: 'A'.repeat(43), typ: 'loa-plan2+jws' };
  return utf8(
    JSON.stringify({ payload: b64(payload), signatures: [{ protected: b64(header), signature: 'AA' }] }),
  );
}

function isTrust(of: Vector, n: number): boolean {
  const { payload } = of.steps[n]?.input as { payload: string };
  return (JSON.parse(Buffer.from(payload, 'base64url').toString()) as { typ: string }).typ === 'trust';
}
