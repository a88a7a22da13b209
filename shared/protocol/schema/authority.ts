/** Keys, and the grants that say which people may sign what (protocol.md §2 and §3). */
import { z } from 'zod';
import { area, bytes32, distinct, epoch, holder, integer, kid } from './primitives.ts';

export const jwk = z.discriminatedUnion('kty', [
  z.strictObject({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: bytes32 }),
  z.strictObject({ kty: z.literal('EC'), crv: z.literal('P-256'), x: bytes32, y: bytes32 }),
]);
export type Jwk = z.infer<typeof jwk>;

/** A public key and the person who holds it: two keys of one person count once. */
export const key = z.strictObject({ jwk, holder });
export type Key = z.infer<typeof key>;

export const orderKind = z.enum(['alert', 'clear', 'stop', 'live', 'template', 'halt', 'test']);
export type OrderKind = z.infer<typeof orderKind>;

const trustRoles = ['root', 'registrar', 'emergency', 'templates', 'head', 'release'] as const;

const grantFields = {
  area,
  epoch,
  keys: distinct(kid, 1, 16),
  threshold: integer(1, 8),
  maxTtlS: integer(60, 63_072_000),
  kinds: distinct(orderKind, 0, 7),
};

const kindsFitRole = ({ role, kinds }: { role: string; kinds: readonly unknown[] }): boolean =>
  (role === 'emergency') === kinds.length > 0;
const kindsError = {
  path: ['kinds'],
  error: 'an emergency grant names kinds of orders, no other grant does',
};

export const trustGrant = z
  .strictObject({ role: z.enum(trustRoles), ...grantFields })
  .refine(kindsFitRole, kindsError);
/** Any role in shape; that it is a publisher's or a small emergency one is V10's to say. */
export const keyringGrant = z
  .strictObject({ role: z.enum([...trustRoles, 'publisher']), ...grantFields })
  .refine(kindsFitRole, kindsError);
export type Grant = z.infer<typeof keyringGrant>;
export type Role = Grant['role'];
