import { describe, expect, it, beforeEach, afterEach } from 'vitest';
import {
  aDevice,
  aKeyring,
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
} from '../province.fixture.ts';
import type { World } from '../province.fixture.ts';
import { accept } from '../../shared/protocol/accept.ts';
import { filesIn } from '../app.ts';
import { openDatabase } from '../database.ts';
import { loadLive } from './keep.ts';
import { asBoxOf } from './live.ts';

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

const dev = 'd-abcdefghijklmnop';
const envelopes = '/api/envelopes';

describe('publishing a whole envelope', () => {
  it('makes a plan that two people signed available to boxes, byte for byte as it was signed', async () => {
    await publishGround(world, [dev]);
    const plan = await sealed(aPlan(), publishers);
    const answer = await world.post(envelopes, plan);
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ id: `plan:${COMMUNE}`, epoch: 1, ver: 1 });
    const fetched = await fetch(`${world.url}/v1/doc/plan:${COMMUNE}`);
    expect(await fetched.json()).toEqual(plan);
  });

  it('says who signed and how many are missing where one person is not enough', async () => {
    await publishGround(world, [dev]);
    const answer = await world.post(envelopes, await sealed(aPlan(), [publishers[0]]));
    expect(answer.status).toBe(409);
    const { code, text } = (await answer.json()) as { code: string; text: { vi: string; en: string } };
    expect(code).toBe('THRESHOLD');
    expect(text.vi).toContain('Võ Tác Giả');
    expect(text.en).toContain('Still missing: 1');
    expect((await fetch(`${world.url}/v1/doc/plan:${COMMUNE}`)).status).toBe(404);
  });

  it('refuses a second truth under one id, epoch and version, and an older version', async () => {
    await publishGround(world, [dev]);
    await world.post(envelopes, await sealed(aPlan({ ver: 2 }), publishers));
    const other = aPlan({ ver: 2, items: [anItem({ title: 'Khác' })] });
    expect(await codeOf(world.post(envelopes, await sealed(other, publishers)))).toBe('EQUIVOCATION');
    expect(await codeOf(world.post(envelopes, await sealed(aPlan({ ver: 1 }), publishers)))).toBe('ROLLBACK');
    const kept = await (await fetch(`${world.url}/v1/doc/plan:${COMMUNE}`)).json();
    expect(kept).toEqual(await sealed(aPlan({ ver: 2 }), publishers));
  });

  it('refuses a plan whose recording is not on the shelf, and tells which', async () => {
    await publishGround(world, [dev]);
    const media = { sha256: 'A'.repeat(43), size: 10, mime: 'audio/ogg', durMs: 1000 } as const;
    const plan = aPlan({ items: [anItem(soundOf(media))] });
    const answer = await world.post(envelopes, await sealed(plan, publishers));
    expect(await answer.json()).toMatchObject({ code: 'MEDIA_MISSING' });
  });

  it('lets an alert out even where its recording is missing', async () => {
    const media = { sha256: 'A'.repeat(43), size: 10, mime: 'audio/ogg', durMs: 1000 } as const;
    const answer = await world.post(envelopes, await sealed(anAlert({ play: media }), officers));
    expect(answer.status).toBe(200);
  });

  it('takes trust after trust, each signed by the roots before it, and never one out of turn', async () => {
    const second = aTrust(world.headJwk, { ver: 2, iat: aTrust(world.headJwk).iat + 10 });
    const third = aTrust(world.headJwk, { ver: 3, iat: aTrust(world.headJwk).iat + 20 });
    expect(await codeOf(world.post(envelopes, await sealed(third, roots)))).toBe('GAP');
    expect(await codeOf(world.post(envelopes, await sealed(second, [roots[0]])))).toBe('THRESHOLD');
    expect((await world.post(envelopes, await sealed(second, roots))).status).toBe(200);
    expect((await world.post(envelopes, await sealed(third, roots))).status).toBe(200);
    for (const [n, trust] of [second, third].entries()) {
      const answer = await fetch(`${world.url}/v1/trust/${n + 2}`);
      expect(await answer.json()).toEqual(await sealed(trust, roots));
      expect(answer.headers.get('cache-control')).toContain('immutable');
    }
    expect((await fetch(`${world.url}/v1/trust/4`)).status).toBe(404);
  });

  it('T05 stops serving what a new trust has taken the ground from', async () => {
    await publishGround(world, [dev]);
    await world.post(envelopes, await sealed(aPlan(), publishers));
    const trust = aTrust(world.headJwk);
    const raised = trust.grants.map((each) => (each.role === 'registrar' ? { ...each, epoch: 2 } : each));
    const second = { ...trust, ver: 2, iat: trust.iat + 10, grants: raised };
    expect((await world.post(envelopes, await sealed(second, roots))).status).toBe(200);
    expect((await fetch(`${world.url}/v1/doc/keyring:${COMMUNE}`)).status).toBe(404);
    expect((await fetch(`${world.url}/v1/doc/plan:${COMMUNE}`)).status).toBe(404);
    world = await world.restarted();
    expect((await fetch(`${world.url}/v1/doc/plan:${COMMUNE}`)).status).toBe(404);
  });

  it('keeps everything published over a restart', async () => {
    await publishGround(world, [dev]);
    await world.post(envelopes, await sealed(aPlan(), publishers));
    world = await world.restarted();
    expect((await fetch(`${world.url}/v1/doc/plan:${COMMUNE}`)).status).toBe(200);
    expect(await codeOf(world.post(envelopes, await sealed(aPlan(), publishers)))).toBe('DUPLICATE');
    const other = aPlan({ items: [] });
    expect(await codeOf(world.post(envelopes, await sealed(other, publishers)))).toBe('EQUIVOCATION');
  });

  it('judges each publication against the one before, however many arrive at once', async () => {
    await publishGround(world, [dev]);
    const rivals = await Promise.all(
      ['Một', 'Hai', 'Ba'].map((title) => sealed(aPlan({ items: [anItem({ title })] }), publishers)),
    );
    const answers = await Promise.all(rivals.map((each) => world.post(envelopes, each)));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409, 409]);
  });

  it('refuses a head from outside, even one that its own key signed', async () => {
    const answer = await fetch(`${world.url}/v1/head`);
    expect(await codeOf(world.post(envelopes, await answer.json()))).toBe('BAD_NONCE');
  });
});

describe('orders', () => {
  it('are handed to every box below their scope until they expire, the newest first', async () => {
    const first = anAlert();
    const second = anAlert({ id: '01J0000000000000000000000B', iat: first.iat + 30, scope: ['56'] });
    const elsewhere = anAlert({ id: '01J0000000000000000000000C', scope: ['56.99999'] });
    for (const order of [first, second, elsewhere]) {
      expect((await world.post(envelopes, await sealed(order, officers))).status).toBe(200);
    }
    const asked = await fetch(`${world.url}/v1/orders?area=${COMMUNE}`);
    expect(await asked.json()).toEqual([await sealed(second, officers), await sealed(first, officers)]);
    world.clock.nowMs = first.exp * 1000;
    expect(await (await fetch(`${world.url}/v1/orders?area=${COMMUNE}`)).json()).toEqual([]);
  });

  it('R08 are published once', async () => {
    const alert = await sealed(anAlert(), officers);
    await world.post(envelopes, alert);
    expect(await codeOf(world.post(envelopes, alert))).toBe('REPLAY');
  });

  it('A14 are told apart by digest: an earlier order that took the id does not keep the real one out', async () => {
    const halt = { ...anAlert(), kind: 'halt', play: null, text: null } as ReturnType<typeof anAlert>;
    expect((await world.post(envelopes, await sealed(halt, [officers[0]]))).status).toBe(200);
    expect((await world.post(envelopes, await sealed(anAlert(), officers))).status).toBe(200);
  });

  it('of one commune are not held back by a halt in another', async () => {
    const halt = { ...anAlert(), kind: 'halt', text: null, scope: ['56.11111'] } as ReturnType<
      typeof anAlert
    >;
    await world.post(envelopes, await sealed(halt, [officers[0]]));
    const test = {
      ...anAlert({ id: '01J0000000000000000000000B' }),
      ...{ kind: 'test', text: null, iat: halt.iat - 10 },
    } as ReturnType<typeof anAlert>;
    expect((await world.post(envelopes, await sealed(test, [officers[0]]))).status).toBe(200);
  });
});

describe('W02', () => {
  it('flipping a draft to approved in the database brings nothing to a box', async () => {
    await publishGround(world, [dev]);
    const created = await world.post('/api/drafts', { payload: aPlan() });
    const { digest } = (await created.json()) as { digest: string };
    const database = await openDatabase(filesIn(world.config.folder).database);
    await database.updateTable('draft').set({ publishedAtMs: 1, holders: '["A","B"]' }).execute();
    await database.destroy();
    expect((await fetch(`${world.url}/v1/doc/plan:${COMMUNE}`)).status).toBe(404);
    const forced = await world.post(`/api/drafts/${digest}/publish`, {});
    expect(await forced.json()).toMatchObject({ code: 'THRESHOLD' });
  });

  it('an unsigned plan that someone writes into the document table is refused by a box', async () => {
    await publishGround(world, [dev]);
    const database = await openDatabase(filesIn(world.config.folder).database);
    const live = await loadLive(database, world.config.prov, world.config.trustFile);
    await database.destroy();
    const plan = aPlan();
    const forged = Buffer.from(JSON.stringify(await sealed(plan, [publishers[0]])));
    const box = asBoxOf(live, plan, false, '');
    const clock = { state: 'SYNCED', now: plan.iat + 60, u: 2 } as const;
    expect((await accept(forged, box, clock, null)).code).toBe('THRESHOLD');
  });
});

describe('a device document', () => {
  it('that revokes a box is published like any other', async () => {
    await publishGround(world, [dev]);
    const revoked = aDevice(dev, { ver: 2, state: 'revoked' });
    expect((await world.post(envelopes, await sealed(revoked, registrars))).status).toBe(200);
    const fleet = (await (await world.get('/api/fleet')).json()) as {
      boxes: { dev: string; state: string }[];
    };
    expect(fleet.boxes).toMatchObject([{ dev, state: 'revoked' }]);
  });

  it('A06 wants two registrars', async () => {
    const answer = await world.post(envelopes, await sealed(aKeyring(), [registrars[0]]));
    expect(await answer.json()).toMatchObject({ code: 'THRESHOLD' });
  });
});

async function codeOf(answer: Promise<Response>): Promise<string> {
  return ((await (await answer).json()) as { code: string }).code;
}
