/** Boxes for tests: real signed documents from the conformance vectors, and stores in folders of their own. */
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { accept } from '../../shared/protocol/accept.ts';
import { utf8 } from '../../shared/protocol/bytes.ts';
import type { BoxState, Clock } from '../../shared/protocol/state.ts';
import { SqliteStore } from './sqlite-store.ts';
import type { StorePlaces } from './sqlite-store.ts';
import type { Audit } from './store.ts';

type Input = Record<string, unknown>;
export type Vector = {
  readonly id: string;
  readonly title: string;
  readonly box: { readonly prov: string; readonly dev: string; readonly floor: number };
  readonly trust: unknown;
  readonly steps: readonly {
    readonly clock: Clock;
    readonly nonce: string | null;
    readonly input: Input;
    readonly expect: { readonly code: string };
  }[];
  readonly after: {
    readonly floor: number;
    readonly trust: number;
    readonly docs: Record<string, [number, number]>;
  };
};

const folder = join(import.meta.dirname, '../../shared/protocol/vectors/accept');

export const allVectors = (): readonly Vector[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .flatMap((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as Vector[]);

export function vector(id: string): Vector {
  const found = allVectors().find((each) => each.id === id);
  if (found === undefined) throw new Error(`no vector ${id}`);
  return found;
}

export const bytesOf = (input: unknown): Uint8Array => {
  const raw = (input as Input)['base64'];
  return typeof raw === 'string' ? Buffer.from(raw, 'base64') : utf8(JSON.stringify(input));
};

const MEMORY = '/dev/shm';

/** Folders that go when the test is over; in memory where there is some, for each commit costs two fsyncs. */
export function somewhere(): StorePlaces & { readonly root: string; remove(): void } {
  const root = mkdtempSync(join(existsSync(MEMORY) ? MEMORY : tmpdir(), 'loa-store-'));
  return {
    root,
    folder: join(root, 'store'),
    copyFolder: join(root, 'copy'),
    keyFolder: join(root, 'keys'),
    remove: () => {
      rmSync(root, { recursive: true, force: true });
    },
  };
}

/** The vector's `floor` stands in for the build time: both are a time below which now cannot be. */
export const storeFor = ({ box, trust }: Vector, places: StorePlaces, dev = box.dev): SqliteStore =>
  new SqliteStore(places, { prov: box.prov, dev, factoryTrust: bytesOf(trust), buildTime: box.floor });

export const anAudit = (more: Partial<Audit> = {}): Audit => ({
  atMs: 1_790_000_000_000,
  channel: 'http',
  code: 'ACCEPTED',
  id: null,
  digest: null,
  ...more,
});

/** Every state that the box went through, the one before the first step too. */
export async function statesOf({ steps }: Vector, first: BoxState): Promise<readonly BoxState[]> {
  const states = [first];
  for (const { input, clock, nonce } of steps) {
    const { state } = await accept(bytesOf(input), states.at(-1) ?? first, clock, nonce);
    states.push(state);
  }
  return states;
}
