/** The second copy of what must never go back, in a file of its own outside the database (protocol D3). */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import type { BoxState, VersionFloor } from '../../shared/protocol/state.ts';
import { writeDurably } from './durable.ts';

export type FloorsCopy = {
  readonly v: 1;
  readonly floor: number;
  readonly trust: { readonly ver: number; readonly digest: string };
  readonly floors: Readonly<Record<string, VersionFloor>>;
  readonly orders: Readonly<Record<string, { readonly exp: number; readonly ended: boolean }>>;
  readonly clearedAt: number;
  readonly haltedAt: number;
  readonly stoppedAt: number;
  readonly quarantined: boolean;
};

export function copyOf(state: BoxState): FloorsCopy {
  const { ver } = state.trust.document;
  const { floor, clearedAt, haltedAt, stoppedAt, quarantined } = state;
  return {
    v: 1,
    floor,
    // A box that is still catching up must not forget how far it had been.
    trust: state.trustFloor ?? { ver, digest: state.trust.digest },
    floors: Object.fromEntries(state.floors),
    orders: Object.fromEntries([...state.orders].map(([digest, { exp, ended }]) => [digest, { exp, ended }])),
    clearedAt,
    haltedAt,
    stoppedAt,
    quarantined,
  };
}

const sumOf = (body: string): string => createHash('sha256').update(body).digest('hex');

/** The file: the SHA-256 of the second line, and the second line. */
export function writeCopy(path: string, copy: FloorsCopy): void {
  const body = JSON.stringify(copy);
  writeDurably(path, `${sumOf(body)}\n${body}`);
}

/** Null where there is none or a cut tore it: its own sum says so. */
export function readCopy(path: string): FloorsCopy | null {
  if (!existsSync(path)) return null;
  const content = readFileSync(path, 'utf8');
  const end = content.indexOf('\n');
  const body = content.slice(end + 1);
  return content.slice(0, end) === sumOf(body) ? (JSON.parse(body) as FloorsCopy) : null;
}
