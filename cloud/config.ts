/** The cloud's one configuration file: strict, read once, all faults told at once with the nearest known key. */
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import { faultsIn } from '../shared/messages/faults.ts';
import { say, text } from '../shared/messages/text.ts';
import type { Text } from '../shared/messages/text.ts';
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

/** One for each thing that is wrong. */
export type ConfigFaults = { readonly ok: false; readonly faults: readonly Text[] };
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
  const content = readText(file);
  if (content === null) {
    return faults([
      text(say`Không đọc được tệp cấu hình ${file}`, say`The configuration file ${file} cannot be read`),
    ]);
  }
  const json = parse(content);
  if (json === undefined) return faults([text(say`${file} không phải JSON`, say`${file} is not JSON`)]);
  const base = dirname(resolve(file));
  const checked = checkConfig(withEnvironment(json, environment));
  return checked.ok ? { ok: true, config: absolute(checked.config, base) } : checked;
}

export function checkConfig(value: unknown): ConfigRead {
  const result = config.safeParse(value);
  if (result.success) return { ok: true, config: result.data };
  return faults(faultsIn(result.error.issues, config, value));
}

const faults = (found: readonly Text[]): ConfigFaults => ({ ok: false, faults: found });

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

function parse(content: string): unknown {
  try {
    return JSON.parse(content);
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
    const set = environment[name];
    if (set !== undefined) value = withValue(value, path, number === true ? Number(set) : set);
  }
  return value;
}

function withValue(into: unknown, path: readonly string[], value: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  const object = isObject(into) ? into : {};
  return { ...object, [key]: withValue(object[key], rest, value) };
}
