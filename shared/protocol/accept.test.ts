import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  DEV,
  NOW,
  P,
  clock,
  device,
  freshBox,
  head,
  keyring,
  order,
  plan,
  signed,
  trust,
} from './a-province.fixture.ts';
import { accept } from './accept.ts';
import { utf8 } from './bytes.ts';
import { openEnvelope, readStored } from './envelope.ts';
import { activeOrders } from './orders.ts';
import { reauthorise } from './reauthorise.ts';
import type { BoxState, Code } from './state.ts';
import { acceptVector, bytesOf, stateBefore } from './vectors/accept-suite.ts';

/** Hands over one envelope after another; every one of them has to be accepted. */
async function taking(state: BoxState, ...envelopes: Uint8Array[]): Promise<BoxState> {
  let next = state;
  for (const bytes of envelopes) {
    const answer = await accept(bytes, next, clock, null);
    expect(answer.code).toBe('ACCEPTED');
    next = answer.state;
  }
  return next;
}

const codeOf = async (bytes: Uint8Array, state: BoxState, nonce: string | null = null): Promise<Code> =>
  (await accept(bytes, state, clock, nonce)).code;

let box: BoxState;
let planBytes: Uint8Array;
let alertBytes: Uint8Array;

beforeAll(async () => {
  planBytes = await signed(plan, P.author, P.approver);
  alertBytes = await signed(order({ kind: 'alert', text: 'Nước đang lên' }), P.offA, P.offB);
  box = await taking(
    await freshBox(),
    await signed(device, P.regA, P.regB),
    await signed(keyring, P.regA, P.regB),
  );
});

/** A small generator of numbers, so that a failure comes again. */
function seeded(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

describe('bytes from strangers', () => {
  test('X01 no single flipped bit of a plan or an order is accepted, and none makes accept throw', async () => {
    for (const bytes of [planBytes, alertBytes]) {
      expect(await codeOf(bytes, box)).toBe('ACCEPTED');
      for (let bit = 0; bit < bytes.length * 8; bit += 5) {
        const flipped = bytes.slice();
        flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        const answer = await accept(flipped, box, clock, null);
        expect(answer.code, `bit ${bit}`).not.toBe('ACCEPTED');
        expect(answer.state).toBe(box);
      }
    }
  });

  test('X02 of 20,000 garbled envelopes none makes accept throw, and none says anything else', async () => {
    const random = seeded(20_000);
    const digests = [planBytes, alertBytes].map((bytes) => digestIn(bytes));
    for (let round = 0; round < 20_000; round++) {
      const garbled = garble(round % 2 === 0 ? planBytes : alertBytes, random);
      const answer = await accept(garbled, box, clock, null);
      // White space between members is allowed, and so is a doubled member that the parser does not show.
      if (answer.code === 'ACCEPTED') expect(digests).toContain(digestIn(garbled));
      else expect(answer.state).toBe(box);
    }
  });
});

function digestIn(bytes: Uint8Array): string {
  const opened = openEnvelope(bytes);
  return typeof opened === 'string' ? opened : opened.digest;
}

const TOKENS = [
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '"',
  ' ',
  '\\',
  '"__proto__":{},',
  'null',
  '-0',
  '1e999',
  '\u0000',
  '\ufeff',
];

/** One to four cuts, doublings, changed bytes or tokens of JSON at random places. */
function garble(original: Uint8Array, random: (below: number) => number): Uint8Array {
  let bytes = original;
  for (let change = random(4); change >= 0; change--) {
    const at = random(bytes.length + 1);
    const to = Math.min(bytes.length, at + random(40));
    const inserts = [
      new Uint8Array(),
      bytes.slice(at, to),
      Uint8Array.of(random(256)),
      utf8(TOKENS[random(TOKENS.length)] ?? ''),
    ];
    const kept = random(2) === 0 ? at : to;
    bytes = Buffer.concat([
      bytes.subarray(0, at),
      inserts[random(4)] ?? new Uint8Array(),
      bytes.subarray(kept),
    ]);
  }
  return bytes;
}

describe('the state', () => {
  test('Invariant: accept changes no state that it was given, whatever it answers', async () => {
    const folder = join(import.meta.dirname, 'vectors/accept');
    const vectors = readdirSync(folder)
      .flatMap((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as unknown[])
      .map((vector) => acceptVector.parse(vector));
    for (const vector of vectors) {
      let state = stateBefore(vector);
      for (const { input, clock: at, nonce } of vector.steps) {
        const before = structuredClone(state);
        const answer = await accept(bytesOf(input), state, at, nonce);
        expect(state, vector.id).toEqual(before);
        if (answer.code !== 'ACCEPTED') expect(answer.state).toBe(state);
        state = answer.state;
      }
    }
  });

  test('R03 a thousand copies of one document are a thousand times DUPLICATE, and the state is the same object', async () => {
    const state = await taking(box, planBytes);
    for (let copy = 0; copy < 1000; copy++) {
      const answer = await accept(planBytes, state, clock, null);
      expect(answer.code).toBe('DUPLICATE');
      expect(answer.state).toBe(state);
    }
  });

  test('a stored document is kept as the bytes that came, not as somebody else would spell them', async () => {
    const spaced = Buffer.concat([utf8(' \n'), planBytes]);
    const state = await taking(box, spaced);
    expect(state.docs.get(plan.id)?.bytes).toEqual(spaced);
  });
});

test('what comes back from a store is what accept had put there, and damage has a code', async () => {
  const state = await taking(box, planBytes);
  expect(readStored(planBytes)).toEqual(state.docs.get(plan.id));
  expect(readStored(planBytes.subarray(1))).toBe('BAD_JSON');
});

describe('after a lost database (protocol D4)', () => {
  test('D06 nothing but trust is taken before the version of the floors is reached', async () => {
    const second = await signed({ ...trust, ver: 2 }, P.rootA, P.rootB);
    const known = { ver: 2, digest: digestIn(second) };
    const lost: BoxState = { ...(await freshBox()), trustFloor: known };
    const deviceBytes = await signed(device, P.regA, P.regB);
    expect(await codeOf(deviceBytes, lost)).toBe('NEED_NEWER_TRUST');
    const found = await taking(lost, second);
    expect(found.trustFloor).toBeNull();
    expect(await codeOf(deviceBytes, found)).toBe('ACCEPTED');
  });

  test('D06 on the way there trusts below the floors are taken and open nothing', async () => {
    const lost: BoxState = { ...(await freshBox()), trustFloor: { ver: 3, digest: 'x' } };
    const between = await taking(lost, await signed({ ...trust, ver: 2 }, P.rootA, P.rootB));
    expect(await codeOf(await signed(device, P.regA, P.regB), between)).toBe('NEED_NEWER_TRUST');
  });

  test('D06 another trust of that version is a second truth', async () => {
    const lost: BoxState = { ...(await freshBox()), trustFloor: { ver: 2, digest: 'x' } };
    expect(await codeOf(await signed({ ...trust, ver: 2 }, P.rootA, P.rootB), lost)).toBe('EQUIVOCATION');
  });

  test('in quarantine no order is active until a head with my nonce, and none from before it is', async () => {
    const nonce = 'AAAAAAAAAAAAAAAAAAAAAA';
    const silent = await taking({ ...box, quarantined: true }, alertBytes);
    expect(silent.orders.size).toBe(1);
    expect(activeOrders(silent, clock)).toEqual([]);
    const unasked = await taking(silent, await signed({ ...head, iat: NOW - 50 }, P.online));
    expect(unasked.quarantined).toBe(true);
    const { state, sync } = await accept(
      await signed({ ...head, iat: NOW, nonce }, P.online),
      unasked,
      clock,
      nonce,
    );
    expect(sync).toBe(NOW);
    expect(state).toMatchObject({ quarantined: false, clearedAt: NOW, haltedAt: NOW, stoppedAt: NOW });
    expect(activeOrders(state, clock)).toEqual([]);
  });
});

describe('V18 at boot', () => {
  test('a state whose people have not changed comes back as the very same object', async () => {
    const state = await taking(box, planBytes, alertBytes);
    expect(await reauthorise(state)).toBe(state);
  });

  test('T05 what a keyring no longer carries falls, its floor stays, and so does the device document', async () => {
    const state = await taking(box, planBytes);
    const docs = new Map(state.docs);
    docs.delete(keyring.id);
    const next = await reauthorise({ ...state, docs });
    expect([...next.docs.keys()]).toEqual([`device:${DEV}`]);
    expect(next.floors.get(plan.id)?.ver).toBe(1);
  });

  test('T09 an order under a dropped key ends, and its row stays so that it is not replayed', async () => {
    const state = await taking(box, alertBytes);
    const withoutB = {
      ...trust,
      ver: 2,
      grants: trust.grants.map((each) => ({ ...each, keys: each.keys.filter((kid) => kid !== P.offB.kid) })),
    };
    const next = await taking(state, await signed(withoutB, P.rootA, P.rootB));
    expect(activeOrders(next, clock)).toEqual([]);
    expect(await codeOf(alertBytes, next)).toBe('REPLAY');
  });
});
