import { beforeAll, expect, test } from 'vitest';
import { accept } from '../shared/protocol/accept.ts';
import type { Trust } from '../shared/protocol/schema/documents.ts';
import { draftKeyring, draftTrust, nextTrust } from './ceremony.ts';
import type { GrantPlan, TrustChanges } from './ceremony.ts';
import type { SigningKey } from './keys.ts';
import {
  clockAt,
  DAY_S,
  grantsFor,
  knowing,
  newCast,
  NOW,
  person,
  signed,
  trustOf,
} from './a-cast.fixture.ts';
import type { Cast } from './a-cast.fixture.ts';
import { valueOf } from './text.ts';

let cast: Cast;
beforeAll(async () => {
  cast = await newCast();
});

const life = { prov: 'vn56', ver: 1, iat: NOW, lifeS: 365 * DAY_S };
const withGrant = (change: GrantPlan) =>
  draftTrust({ ...life, keys: Object.values(cast), grants: [...grantsFor(cast), change] });
const grantOf = (trust: Trust, role: string) => trust.grants.find((grant) => grant.role === role);

test('a grant by names means every key of each person, the spare too', async () => {
  const spare = await person(cast.an.holder);
  const trust = valueOf(
    draftTrust({ ...life, keys: [...Object.values(cast), spare], grants: grantsFor(cast) }),
  );
  expect(grantOf(trust, 'root')?.keys).toEqual([cast.an.kid, cast.binh.kid, cast.chi.kid, spare.kid]);
});

test('grants get the usual life of their role', () => {
  const lives = trustOf(cast).grants.map(({ maxTtlS }) => maxTtlS);
  expect(lives).toEqual([500 * DAY_S, 400 * DAY_S, 400 * DAY_S, DAY_S, 6 * 3600, 2 * DAY_S]);
});

test('a name that nobody in the ceremony bears is refused and named', () => {
  const result = withGrant({
    role: 'release',
    area: '56',
    threshold: 2,
    people: ['Nguyễn Văn Ân', cast.an.holder],
  });
  expect(result).toMatchObject({
    ok: false,
    why: { en: expect.stringContaining('Nguyễn Văn Ân') as string },
  });
});

test.each<[string, Partial<GrantPlan>]>([
  ['one person for release', { role: 'release', threshold: 1 }],
  ['one person for alerts', { role: 'emergency', kinds: ['alert'], threshold: 1 }],
  ['more people than there are', { role: 'release', threshold: 4 }],
  ['a second root grant', { role: 'root', threshold: 2 }],
  ['two epochs for one role', { role: 'registrar', threshold: 2, epoch: 7 }],
])('A16 the ceremony refuses %s', (_, change) => {
  const people = [cast.an.holder, cast.binh.holder, cast.chi.holder];
  const result = withGrant({ role: 'release', area: '56', threshold: 2, people, ...change });
  expect(result).toMatchObject({
    ok: false,
    why: { en: expect.stringContaining('grant breaks the rules') as string },
  });
});

test('a trust that would live longer than its root grant allows is refused', () => {
  const result = draftTrust({
    ...life,
    lifeS: 501 * DAY_S,
    keys: Object.values(cast),
    grants: grantsFor(cast),
  });
  expect(result).toMatchObject({ ok: false, why: { en: expect.stringContaining('longer') as string } });
});

test('A17 a keyring that lets one person publish is refused', () => {
  const grants: GrantPlan[] = [{ role: 'publisher', area: '56.1', threshold: 1, people: [cast.an.holder] }];
  expect(draftKeyring({ ...life, area: '56.1', epoch: 1, keys: [cast.an], grants })).toMatchObject({
    ok: false,
  });
});

const nothing: TrustChanges = {
  addKeys: [],
  dropPeople: [],
  dropKeys: [],
  grants: [],
  raiseEpoch: [],
  floorReset: null,
};

async function answerTo(next: Trust, keys: readonly SigningKey[]): Promise<string> {
  const { bytes } = await signed<'trust'>(next, keys);
  return (await accept(bytes, await knowing(cast), clockAt(NOW), null)).code;
}

test('the next trust drops a person everywhere, and a box takes it from the thresholds of both versions', async () => {
  const en = await person('Võ Én');
  const grants = grantsFor({ ...cast, chi: en });
  const changes = { ...nothing, addKeys: [en], dropPeople: [cast.chi.holder], grants };
  const next = valueOf(nextTrust(trustOf(cast), changes, { iat: NOW, lifeS: 365 * DAY_S }));
  expect(next.ver).toBe(2);
  expect(JSON.stringify(next)).not.toContain(cast.chi.kid);
  expect(await answerTo(next, [cast.an, cast.binh])).toBe('ACCEPTED');
  expect(await answerTo(next, [cast.an, cast.chi])).toBe('THRESHOLD');
  expect(await answerTo(next, [cast.an, en])).toBe('THRESHOLD');
});

test('the broom raises the epoch of its role alone, and no epoch ever falls', () => {
  const people = [cast.an.holder, cast.binh.holder];
  const registrar: GrantPlan = { role: 'registrar', area: '56', threshold: 2, people, epoch: 1 };
  const last = valueOf(
    nextTrust(trustOf(cast), { ...nothing, raiseEpoch: ['registrar'] }, { iat: NOW, lifeS: DAY_S }),
  );
  expect([grantOf(last, 'registrar')?.epoch, grantOf(last, 'root')?.epoch]).toEqual([2, 1]);
  const next = valueOf(nextTrust(last, { ...nothing, grants: [registrar] }, { iat: NOW, lifeS: DAY_S }));
  expect(grantOf(next, 'registrar')?.epoch).toBe(2);
});

test('dropping so many people that a threshold cannot be met is refused', () => {
  const changes = { ...nothing, dropPeople: [cast.an.holder, cast.binh.holder] };
  expect(nextTrust(trustOf(cast), changes, { iat: NOW, lifeS: DAY_S })).toMatchObject({ ok: false });
});
