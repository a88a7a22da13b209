/** The cloud's one configuration file: strict, read once, all faults told at once with the nearest known key. */
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import { province } from '../shared/protocol/schema/primitives.ts';
import { place } from '../shared/wire/staff.ts';

const port = z.int().min(0).max(65_535);
const address = z.strictObject({ host: z.string().min(1).default('127.0.0.1'), port });
/** Port 0 lets the system choose; `app` tells which it was. */
export type Address = z.infer<typeof address>;

const config = z.strictObject({
  prov: province,
  /** The envelope of `trust/1`, from the trust ceremony; relative to the configuration file. */
  trustFile: z.string().min(1),
  /** Database, media and the secrets made at first start; relative to the configuration file. */
  folder: z.string().min(1),
  /** Boxes, people and the console. Loopback, behind the province's TLS terminator. */
  http: address.prefault({ port: 8080 }),
  mqtt: address.prefault({ port: 1883 }),
  /** Areas with the names that people read. */
  places: z.array(place).default([]),
  /** Where the built console is; null serves none. */
  consoleFolder: z
    .string()
    .min(1)
    .nullable()
    .default(resolve(import.meta.dirname, 'console', 'dist')),
});
export type CloudConfig = z.infer<typeof config>;

/** One line for each thing that is wrong, Vietnamese first. */
export type ConfigFaults = { readonly ok: false; readonly faults: readonly string[] };
export type ConfigRead = { readonly ok: true; readonly config: CloudConfig } | ConfigFaults;

type Environment = Readonly<Record<string, string | undefined>>;

/** Environment variables that win over the file, with the path of the key that they set. */
const fromEnvironment: readonly { readonly name: string; readonly path: readonly string[]; number?: true }[] =
  [
    { name: 'LOA_CLOUD_PROV', path: ['prov'] },
    { name: 'LOA_CLOUD_TRUST_FILE', path: ['trustFile'] },
    { name: 'LOA_CLOUD_FOLDER', path: ['folder'] },
    { name: 'LOA_CLOUD_HTTP_HOST', path: ['http', 'host'] },
    { name: 'LOA_CLOUD_HTTP_PORT', path: ['http', 'port'], number: true },
    { name: 'LOA_CLOUD_MQTT_HOST', path: ['mqtt', 'host'] },
    { name: 'LOA_CLOUD_MQTT_PORT', path: ['mqtt', 'port'], number: true },
  ];

export function readConfig(file: string, environment: Environment): ConfigRead {
  const text = readText(file);
  if (text === null) {
    return faults([`${file}: không đọc được tệp cấu hình / the configuration file cannot be read`]);
  }
  const json = parse(text);
  if (json === undefined) return faults([`${file}: không phải JSON / this is not JSON`]);
  const base = dirname(resolve(file));
  const checked = checkConfig(withEnvironment(json, environment));
  return checked.ok ? { ok: true, config: absolute(checked.config, base) } : checked;
}

export function checkConfig(value: unknown): ConfigRead {
  const result = config.safeParse(value);
  return result.success ? { ok: true, config: result.data } : faults(result.error.issues.flatMap(describe));
}

const faults = (lines: readonly string[]): ConfigFaults => ({ ok: false, faults: lines });

const absolute = (read: CloudConfig, base: string): CloudConfig => ({
  ...read,
  trustFile: resolve(base, read.trustFile),
  folder: resolve(base, read.folder),
  consoleFolder: read.consoleFolder === null ? null : resolve(base, read.consoleFolder),
});

function readText(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause) return null;
    throw cause;
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    if (cause instanceof SyntaxError) return undefined;
    throw cause;
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function withEnvironment(json: unknown, environment: Environment): unknown {
  let value = json;
  for (const { name, path, number } of fromEnvironment) {
    const text = environment[name];
    if (text !== undefined) value = withValue(value, path, number === true ? Number(text) : text);
  }
  return value;
}

function withValue(into: unknown, path: readonly string[], value: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  const object = isObject(into) ? into : {};
  return { ...object, [key]: withValue(object[key], rest, value) };
}

function describe(issue: z.core.$ZodIssue): readonly string[] {
  const path = issue.path.join('.');
  if (issue.code !== 'unrecognized_keys') return [`${path === '' ? '(tệp/file)' : path}: ${issue.message}`];
  return issue.keys.map((key) => {
    const near = nearest(key, knownKeys(issue.path));
    const hint = near === null ? '' : `; ý bạn là / did you mean «${near}»?`;
    return `${[...issue.path, key].join('.')}: khóa không biết / unknown key${hint}`;
  });
}

function knownKeys(path: readonly PropertyKey[]): readonly string[] {
  if (path.length === 0) return Object.keys(config.shape);
  return path[0] === 'http' || path[0] === 'mqtt' ? Object.keys(address.shape) : Object.keys(place.shape);
}

/** The known key that takes fewest changes of a letter, if that is less than half of them. */
export function nearest(key: string, known: readonly string[]): string | null {
  const ranked = known
    .map((each) => ({ each, distance: distanceOf(key.toLowerCase(), each.toLowerCase()) }))
    .toSorted((a, b) => a.distance - b.distance);
  const [best] = ranked;
  return best !== undefined && best.distance <= best.each.length / 2 ? best.each : null;
}

/** Levenshtein, one row at a time. */
function distanceOf(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, letter] of Array.from(a).entries()) {
    const next = [i + 1];
    for (const [j, other] of Array.from(b).entries()) {
      const changed = (row[j] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(changed, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? a.length;
}
