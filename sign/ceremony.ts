/**
 * The people of a province and their powers: drafts of trust and keyring from public keys and names
 * (protocol.md §3), checked with the verifier's own rules before anybody signs.
 */
import { z } from 'zod';
import { checkGrants, checkKeys } from '../shared/protocol/keys.ts';
import { keyringGrant, orderKind } from '../shared/protocol/schema/authority.ts';
import type { Grant, Key, Role } from '../shared/protocol/schema/authority.ts';
import { keyring, trust } from '../shared/protocol/schema/documents.ts';
import type { Keyring, Trust } from '../shared/protocol/schema/documents.ts';
import { area, epoch, integer } from '../shared/protocol/schema/primitives.ts';
import type { Rejection } from '../shared/protocol/state.ts';
import { checkSuccessor } from '../shared/protocol/trust.ts';
import { CODES } from './codes.ts';
import type { PublicKey } from './keys.ts';
import { done, refused, parsedAs } from './text.ts';
import type { Outcome } from './text.ts';

export const DAY_S = 86_400;

/** A grant as people speak of it: by names. Every key of a person in the ceremony, the spare too, is meant. */
export const grantPlan = z.strictObject({
  role: keyringGrant.shape.role,
  area,
  people: z.array(z.string()).min(1),
  threshold: integer(1, 8),
  epoch: epoch.default(1),
  /** Seconds; left out: the usual life of its role. */
  maxTtlS: integer(60, 63_072_000).optional(),
  kinds: z.array(orderKind).default([]),
});
export type GrantPlan = z.input<typeof grantPlan>;

/** The usual lives of protocol.md §3, in seconds. */
function usualTtlS({ role, kinds }: { role: Role; kinds: readonly string[] }): number {
  if (role === 'root') return 500 * DAY_S;
  if (role === 'publisher') return 92 * DAY_S;
  if (role === 'head') return 2 * DAY_S;
  if (role !== 'emergency') return 400 * DAY_S;
  return kinds.some((kind) => ['template', 'halt', 'test'].includes(kind)) ? 21_600 : DAY_S;
}

type People = { readonly keys: readonly PublicKey[]; readonly grants: readonly GrantPlan[] };
type Life = { readonly prov: string; readonly ver: number; readonly iat: number; readonly lifeS: number };

export function draftTrust(wanted: People & Life & { floorReset?: number | null }): Outcome<Trust> {
  const grants = grantsOf(wanted);
  if (!grants.ok) return grants;
  const draft = parsedAs(trust, {
    ...common('trust', 'trust', 0, wanted),
    keys: keysOf(wanted.keys),
    grants: grants.value,
    floorReset: wanted.floorReset ?? null,
  });
  return draft.ok ? checkedTrust(draft.value) : draft;
}

/** What protocol V9 asks of a first trust: `accept` takes that one as it is, so it is asked here. */
const checkedTrust = (draft: Trust, last: Trust = draft): Outcome<Trust> =>
  checked(draft, checkSuccessor(draft, last));

const checked = <T>(draft: T, fault: Rejection | null): Outcome<T> =>
  fault === null ? done(draft) : { ok: false, why: CODES[fault] };

export function draftKeyring(wanted: People & Life & { area: string; epoch: number }): Outcome<Keyring> {
  const grants = grantsOf(wanted);
  if (!grants.ok) return grants;
  const draft = parsedAs(keyring, {
    ...common('keyring', `keyring:${wanted.area}`, wanted.epoch, wanted),
    area: wanted.area,
    keys: keysOf(wanted.keys),
    grants: grants.value,
  });
  if (!draft.ok) return draft;
  return checked(
    draft.value,
    checkKeys(draft.value.keys) ?? checkGrants(draft.value.grants, draft.value.keys),
  );
}

const common = (typ: string, id: string, under: number, { prov, ver, iat, lifeS }: Life) => ({
  typ,
  v: 1,
  prov,
  id,
  epoch: under,
  ver,
  iat,
  exp: iat + lifeS,
});

export const keysOf = (keys: readonly PublicKey[]): Record<string, Key> =>
  Object.fromEntries(keys.map(({ kid, jwk, holder }) => [kid, { jwk, holder }]));

/** Names made kids. */
export function grantsOf({ keys, grants }: People): Outcome<readonly Grant[]> {
  const resolved: Grant[] = [];
  for (const wanted of grants.map((each) => grantPlan.parse(each))) {
    const unknown = wanted.people.find((person) => !keys.some(({ holder }) => holder === person));
    if (unknown !== undefined) return nobody(unknown);
    const { people, maxTtlS, ...rest } = wanted;
    const kids = keys.filter(({ holder }) => people.includes(holder)).map(({ kid }) => kid);
    resolved.push({ ...rest, keys: kids, maxTtlS: maxTtlS ?? usualTtlS(wanted) });
  }
  return done(resolved);
}

const nobody = (person: string): Outcome<never> =>
  refused(
    `Không có khóa công khai của "${person}" trong lễ này; tên phải viết đúng như trong tệp khóa.`,
    `There is no public key of "${person}" in this ceremony; names must be written as in the key file.`,
  );

/** What may change from one trust to the next. `grants` replace those of their roles as a whole. */
export type TrustChanges = {
  readonly addKeys: readonly PublicKey[];
  /** Holders who leave: all their keys go, from every grant. */
  readonly dropPeople: readonly string[];
  /** Single keys that go; their holders may stay with another. */
  readonly dropKeys: readonly string[];
  readonly grants: readonly GrantPlan[];
  /** The broom after a compromise: voids everything signed under these roles before. */
  readonly raiseEpoch: readonly Role[];
  /** UTC seconds: lowers a poisoned floor. */
  readonly floorReset: number | null;
};

/** Trust N+1; it wants the thresholds of both N and N+1. */
export function nextTrust(
  last: Trust,
  changes: TrustChanges,
  life: { iat: number; lifeS: number },
): Outcome<Trust> {
  const goes = (kid: string, { holder }: Key): boolean =>
    changes.dropKeys.includes(kid) || changes.dropPeople.includes(holder);
  const stay = Object.entries(last.keys).filter(([kid, key]) => !goes(kid, key));
  const keys = [...stay.map(([kid, key]) => ({ kid, ...key })), ...changes.addKeys];
  const replaced = grantsOf({ keys, grants: changes.grants });
  if (!replaced.ok) return replaced;
  const kept = last.grants.filter(({ role }) => !replaced.value.some((grant) => grant.role === role));
  const grants = [...kept.map((grant) => withoutKeys(grant, keys)), ...replaced.value];
  const draft = parsedAs(trust, {
    ...last,
    ver: last.ver + 1,
    iat: life.iat,
    exp: life.iat + life.lifeS,
    keys: keysOf(keys),
    grants: grants.map((grant) => raised(grant, last, changes)),
    floorReset: changes.floorReset,
  });
  return draft.ok ? checkedTrust(draft.value, last) : draft;
}

const withoutKeys = (grant: Grant, keys: readonly PublicKey[]): Grant => ({
  ...grant,
  keys: grant.keys.filter((kid) => keys.some((key) => key.kid === kid)),
});

/** An epoch never falls, and a role has one. */
function raised(grant: Grant, last: Trust, { raiseEpoch }: TrustChanges): Grant {
  const before = last.grants.find(({ role }) => role === grant.role)?.epoch;
  if (before === undefined) return grant;
  return { ...grant, epoch: raiseEpoch.includes(grant.role) ? before + 1 : before };
}
