import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Draft } from '../../shared/wire/staff.ts';
import { draft as draftSchema, draftsAnswer } from '../../shared/wire/staff.ts';
import {
  aDevice,
  aPerson,
  anAlert,
  anItem,
  aPlan,
  aTrust,
  COMMUNE,
  officers,
  openWorld,
  publishers,
  publishGround,
  registrars,
  roots,
  sealed,
  soundOf,
  START_S,
} from '../province.fixture.ts';
import type { Person, World } from '../province.fixture.ts';
import type { SignedDocument } from '../../shared/protocol/schema/documents.ts';

let world: World;
beforeEach(async () => {
  world = await openWorld();
  await publishGround(world, ['d-abcdefghijklmnop']);
});
afterEach(() => world.close());

const add = (payload: unknown): Promise<Response> => world.post('/api/drafts', { payload });
const draftIn = async (answer: Response): Promise<Draft> => draftSchema.parse(await answer.json());

async function sign(digest: string, document: SignedDocument, person: Person): Promise<Response> {
  const { signatures } = await sealed(document, [person]);
  return world.post(`/api/drafts/${digest}/signatures`, signatures[0]);
}

describe('a draft', () => {
  it('becomes live with the last signature that was missing, and tells on the way who signed', async () => {
    const plan = aPlan();
    const fresh = await draftIn(await add(plan));
    expect(fresh).toMatchObject({ progress: { code: 'THRESHOLD', holders: [], missing: 2 }, signatures: [] });
    const half = await draftIn(await sign(fresh.digest, plan, publishers[0]));
    expect(half.progress).toEqual({ code: 'THRESHOLD', holders: ['Võ Tác Giả'], missing: 1 });
    expect(half.publishedAtMs).toBeNull();
    // Signatures stand in the order in which they came.
    world.clock.nowMs += 1000;
    const whole = await draftIn(await sign(fresh.digest, plan, publishers[1]));
    expect(whole.progress).toEqual({
      code: 'ACCEPTED',
      holders: ['Võ Tác Giả', 'Đỗ Phê Duyệt'],
      missing: 0,
    });
    expect(whole.publishedAtMs).toBe(world.clock.nowMs);
    const live = await fetch(`${world.url}/v1/doc/plan:${COMMUNE}`);
    expect(await live.json()).toEqual(await sealed(plan, publishers));
    expect(draftsAnswer.parse(await (await world.get('/api/drafts')).json())).toEqual([]);
  });

  it('goes live when both people sign in the same moment', async () => {
    const plan = aPlan();
    const { digest } = await draftIn(await add(plan));
    await Promise.all(publishers.map((person) => sign(digest, plan, person)));
    expect((await fetch(`${world.url}/v1/doc/plan:${COMMUNE}`)).status).toBe(200);
  });

  it('A14 of an alert, half signed, is still there after somebody has drafted another order under its id', async () => {
    const alert = anAlert();
    const { digest } = await draftIn(await add(alert));
    await sign(digest, alert, officers[0]);
    await add(anAlert({ text: 'Không có gì' }));
    const whole = await draftIn(await sign(digest, alert, officers[1]));
    expect(whole.progress.code).toBe('ACCEPTED');
  });

  it('of an alert goes out with the second officer', async () => {
    const alert = anAlert();
    const { digest } = await draftIn(await add(alert));
    await sign(digest, alert, officers[0]);
    expect(await (await fetch(`${world.url}/v1/orders?area=${COMMUNE}`)).json()).toEqual([]);
    await sign(digest, alert, officers[1]);
    expect(await (await fetch(`${world.url}/v1/orders?area=${COMMUNE}`)).json()).toHaveLength(1);
  });

  it('of a trust counts the old roots and the new', async () => {
    const successor = aPerson('Hồ Kế Nhiệm');
    const trust = aTrust(world.headJwk);
    const keys = { ...trust.keys, [successor.kid]: { jwk: jwkOf(successor), holder: successor.holder } };
    const grants = trust.grants.map((each) =>
      each.role === 'root' ? { ...each, keys: [roots[0].kid, successor.kid] } : each,
    );
    const next = { ...trust, ver: 2, iat: trust.iat + 10, keys, grants };
    const { digest } = await draftIn(await add(next));
    const byOld = await draftIn(await sign(digest, next, roots[0]));
    expect(byOld.progress).toMatchObject({ code: 'THRESHOLD', missing: 1 });
    const byBothOld = await draftIn(await sign(digest, next, roots[1]));
    expect(byBothOld.progress).toMatchObject({ code: 'THRESHOLD', missing: 1 });
    const done = await draftIn(await sign(digest, next, successor));
    expect(done.publishedAtMs).not.toBeNull();
  });

  it('names the field that is wrong, in Vietnamese and in English', async () => {
    const answer = await add({ ...aPlan(), items: [{ ...anItem(), startAt: '5 giờ' }] });
    expect(answer.status).toBe(400);
    const refused = (await answer.json()) as {
      code: string;
      field: string;
      text: { vi: string; en: string };
    };
    expect(refused).toMatchObject({ code: 'BAD_SCHEMA', field: 'items.0.startAt' });
    expect(refused.text.vi).toContain('items.0.startAt: ');
    expect(refused.text.vi).not.toBe(refused.text.en);
  });

  it('names the field inside the branch that was meant, not the whole union', async () => {
    const source = { kind: 'tuner', frequencyKhz: 1, pi: null };
    const answer = await add({ ...aPlan(), items: [{ ...anItem(), source }] });
    expect(await answer.json()).toMatchObject({ field: 'items.0.source.frequencyKhz' });
  });

  it.each([
    ['an unknown type', { ...aPlan(), typ: 'playlist' }, 'UNSUPPORTED_TYPE'],
    ['another province', { ...aPlan(), prov: 'vn79' }, 'WRONG_PROVINCE'],
    ['an id that does not follow from the area', { ...aPlan(), id: 'plan:56' }, 'BAD_ID'],
    ['an end before its beginning', { ...aPlan(), exp: START_S - 100 }, 'BAD_TIMES'],
    ['a life that is too long', { ...aPlan(), exp: START_S + 100 * 86_400 }, 'TTL_TOO_LONG'],
    ['an old epoch', { ...aPlan(), epoch: 0 }, 'OLD_EPOCH'],
    ['a field that nobody knows', { ...aPlan(), colour: 'red' }, 'BAD_SCHEMA'],
  ])('with %s is refused before anyone signs', async (_what, payload, code) => {
    expect(await (await add(payload)).json()).toMatchObject({ code });
  });

  it('may be corrected while nobody has signed it', async () => {
    const first = await draftIn(await add(aPlan()));
    const second = await draftIn(await add(aPlan({ items: [] })));
    const open = draftsAnswer.parse(await (await world.get('/api/drafts')).json());
    expect(open.map(({ digest }) => digest)).toEqual([second.digest]);
    expect(first.digest).not.toBe(second.digest);
  });

  it('cannot be replaced by another truth of the same version once somebody has signed it', async () => {
    const plan = aPlan();
    const { digest } = await draftIn(await add(plan));
    await sign(digest, plan, publishers[0]);
    expect(await (await add(aPlan({ items: [] }))).json()).toMatchObject({ code: 'EQUIVOCATION' });
    expect((await add(aPlan({ items: [], ver: 2 }))).status).toBe(200);
  });

  it('of an older version than the live one is refused', async () => {
    await world.post('/api/envelopes', await sealed(aPlan({ ver: 5 }), publishers));
    expect(await (await add(aPlan({ ver: 4 }))).json()).toMatchObject({ code: 'ROLLBACK' });
    expect(await (await add(aPlan({ ver: 5, items: [] }))).json()).toMatchObject({ code: 'EQUIVOCATION' });
  });

  it('added twice is one draft', async () => {
    await add(aPlan());
    await add(aPlan());
    expect(await (await world.get('/api/drafts')).json()).toHaveLength(1);
  });

  it('that waits for a recording goes live when asked again after the upload', async () => {
    const bytes = Buffer.concat([Buffer.from('OggS'), Buffer.alloc(100)]);
    const sha256 = createHash('sha256').update(bytes).digest('base64url');
    const plan = aPlan({
      items: [anItem(soundOf({ sha256, size: bytes.length, mime: 'audio/ogg', durMs: 1000 }))],
    });
    const { digest } = await draftIn(await add(plan));
    await sign(digest, plan, publishers[0]);
    const signed = await draftIn(await sign(digest, plan, publishers[1]));
    expect(signed).toMatchObject({ publishedAtMs: null, progress: { code: 'ACCEPTED', missing: 0 } });
    const early = await world.post(`/api/drafts/${digest}/publish`, {});
    expect(await early.json()).toMatchObject({ code: 'MEDIA_MISSING' });
    const upload = await fetch(`${world.url}/api/media/${sha256}`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${world.token}` },
      body: bytes,
    });
    expect(upload.status).toBe(200);
    expect((await world.post(`/api/drafts/${digest}/publish`, {})).status).toBe(200);
  });
});

describe('a signature', () => {
  it('of somebody who may not sign this is not collected', async () => {
    const plan = aPlan();
    const { digest } = await draftIn(await add(plan));
    expect(await (await sign(digest, plan, registrars[0])).json()).toMatchObject({
      code: 'SIGNATURE_COUNTS_NOT',
    });
    expect(await draftIn(await world.get(`/api/drafts/${digest}`))).toMatchObject({ signatures: [] });
  });

  it('for other bytes is not collected', async () => {
    const { digest } = await draftIn(await add(aPlan()));
    const other = aPlan({ items: [] });
    expect((await sign(digest, other, publishers[0])).status).toBe(409);
  });

  it('for another type is not collected', async () => {
    const { digest } = await draftIn(await add(aPlan()));
    const { signatures } = await sealed(aDevice('d-abcdefghijklmnop'), [publishers[0]]);
    const answer = await world.post(`/api/drafts/${digest}/signatures`, signatures[0]);
    expect(await answer.json()).toMatchObject({ code: 'TYPE_MISMATCH' });
  });

  it('S04 of the same key twice is refused', async () => {
    const plan = aPlan();
    const { digest } = await draftIn(await add(plan));
    await sign(digest, plan, publishers[0]);
    expect(await (await sign(digest, plan, publishers[0])).json()).toMatchObject({ code: 'DUP_SIGNER' });
  });

  it('for a draft that is not there answers 404', async () => {
    expect((await sign('A'.repeat(43), aPlan(), publishers[0])).status).toBe(404);
  });
});

function jwkOf({ key }: Person) {
  return { kty: 'OKP', crv: 'Ed25519', x: key.x } as const;
}
