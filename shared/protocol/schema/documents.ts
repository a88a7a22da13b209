/** The nine signed documents of protocol.md §2, as strict schemas: what they do not name, they refuse. */
import { z } from 'zod';
import { key, keyringGrant, trustGrant } from './authority.ts';
import { item } from './item.ts';
import { media } from './media.ts';
import { order } from './order.ts';
import type { Order } from './order.ts';
import {
  area,
  bounded,
  bytes16,
  dev,
  distinct,
  epoch,
  instant,
  integer,
  kid,
  percent,
  province,
  sha256,
  slug,
  text,
  timeOfDay,
  version,
} from './primitives.ts';

const common = <T extends string>(typ: T) => ({
  typ: z.literal(typ),
  v: z.literal(1),
  prov: province,
  id: text(1, 80),
  epoch,
  ver: version,
  iat: instant,
  exp: instant,
});

export const trust = z.strictObject({
  ...common('trust'),
  epoch: z.literal(0),
  keys: bounded(kid, key, 1, 1024),
  grants: z.array(trustGrant).min(1).max(512),
  floorReset: instant.nullable(),
});
export type Trust = z.infer<typeof trust>;

export const keyring = z.strictObject({
  ...common('keyring'),
  area,
  keys: bounded(kid, key, 0, 32),
  grants: z.array(keyringGrant).max(8),
});
export type Keyring = z.infer<typeof keyring>;

export const plan = z.strictObject({
  ...common('plan'),
  area,
  zone: z
    .string()
    .max(64)
    .regex(/^[A-Za-z_]+(\/[A-Za-z0-9_+-]+){0,2}$/),
  items: distinct(item, 0, 500, ({ id }) => id),
});
export type Plan = z.infer<typeof plan>;

const template = z.strictObject({
  n: integer(0, 255),
  title: text(1, 120),
  warning: z.boolean(),
  media,
  plays: integer(1, 10),
  volume: percent,
});
/** One stored announcement; a `warning` is one that a single officer may sound but not silence. */
export type Template = z.infer<typeof template>;

export const templates = z.strictObject({
  ...common('templates'),
  area,
  items: distinct(template, 0, 64, ({ n }) => n),
});
export type Templates = z.infer<typeof templates>;

const beat = z.strictObject({
  t0: instant,
  chain: bytes16,
  anchors: bounded(
    z
      .string()
      .regex(/^(0|[1-9]\d{0,3})$/)
      .refine((day) => Number(day) <= 4095),
    bytes16,
    0,
    92,
  ),
});
export const station = z
  .strictObject({
    frequencyKhz: integer(50_000, 108_000),
    pi: z.string().regex(/^[0-9a-f]{4}$/),
    rssiMin: integer(0, 127),
    rssiMax: integer(0, 127),
    beat: beat.nullable(),
  })
  .refine(({ rssiMin, rssiMax }) => rssiMin <= rssiMax, { path: ['rssiMax'], error: 'not below rssiMin' });
/** `rssiMin` and `rssiMax` in dBµV. */
export type Station = z.infer<typeof station>;

/** `days`: bit 0 is Monday. */
const window = z.strictObject({
  days: integer(1, 127),
  from: timeOfDay,
  to: timeOfDay,
  afterMin: integer(1, 10_080),
});

export const fmplan = z
  .strictObject({
    ...common('fmplan'),
    area,
    mode: z.enum(['data', 'beat', 'pi']),
    stations: z.array(station).max(8),
    windows: z.array(window).max(16),
    dailyMaxMin: integer(1, 1440),
    volume: percent,
    orderKeys: distinct(kid, 0, 64),
  })
  .refine(({ mode, stations }) => mode !== 'beat' || stations.every((each) => each.beat !== null), {
    path: ['stations'],
    error: 'mode beat wants a beat in every station',
  });
export type Fmplan = z.infer<typeof fmplan>;

export const device = z.strictObject({
  ...common('device'),
  dev,
  area,
  state: z.enum(['active', 'revoked']),
  tags: distinct(slug, 0, 16),
  volumeMax: percent,
  quiet: z
    .tuple([timeOfDay, timeOfDay])
    .refine(([from, to]) => from !== to, { error: 'two different times' })
    .nullable(),
  clockless: z.enum(['silent', 'fm', 'plan']),
});
export type Device = z.infer<typeof device>;

export const head = z.strictObject({
  ...common('head'),
  nonce: bytes16.nullable(),
  latest: bounded(
    z
      .string()
      .max(80)
      .regex(/^[a-z]+(:[a-z0-9.-]+)?$/),
    z.strictObject({ epoch, ver: version }),
    0,
    1024,
  ),
});
export type Head = z.infer<typeof head>;

const artifact = z.strictObject({ arch: z.enum(['arm64', 'x64']), sha256, size: integer(1, 268_435_456) });

export const release = z.strictObject({
  ...common('release'),
  semver: z.string().regex(/^\d{1,4}\.\d{1,4}\.\d{1,6}$/),
  minVer: version,
  artifacts: distinct(artifact, 1, 2, ({ arch }) => arch),
});
export type Release = z.infer<typeof release>;

const KIB = 1024;

/** Every type that this version knows, with its schema and the largest envelope that carries it, in bytes. */
export const TYPES = {
  trust: { schema: trust, maxBytes: 256 * KIB },
  keyring: { schema: keyring, maxBytes: 64 * KIB },
  plan: { schema: plan, maxBytes: 256 * KIB },
  order: { schema: order, maxBytes: 16 * KIB },
  templates: { schema: templates, maxBytes: 64 * KIB },
  fmplan: { schema: fmplan, maxBytes: 64 * KIB },
  device: { schema: device, maxBytes: 16 * KIB },
  head: { schema: head, maxBytes: 64 * KIB },
  release: { schema: release, maxBytes: 16 * KIB },
} as const;

/** Nothing longer is looked at (protocol V1). */
export const MAX_ENVELOPE_BYTES = 256 * KIB;

export type DocumentType = keyof typeof TYPES;
export type SignedDocument = Trust | Keyring | Plan | Order | Templates | Fmplan | Device | Head | Release;
/** The document of one type: `DocumentOf<'plan'>` is `Plan`. */
export type DocumentOf<T extends DocumentType> = Extract<SignedDocument, { typ: T }>;
export type { Order };
