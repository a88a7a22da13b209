/**
 * The secret of a station's heartbeat (protocol.md §7): made here, sealed in the signer's home, never changed again.
 * The seed of each day follows from it, so a copy of the file made on the first day serves as long as the chain.
 */
import { createHmac, randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { fromBase64url, parseJson, toBase64url, utf8 } from '../shared/protocol/bytes.ts';
import { anchorOf } from '../shared/protocol/fm/beat-frame.ts';
import type { BeatDay } from '../shared/protocol/fm/beat-frame.ts';
import { station } from '../shared/protocol/schema/documents.ts';
import { bytes16, bytes32, instant } from '../shared/protocol/schema/primitives.ts';
import { readText, writeNew } from './files.ts';
import { openSealed, sealText } from './seal.ts';
import { done, refused } from './text.ts';
import type { Outcome } from './text.ts';

const heartbeat = z.strictObject({
  typ: z.literal('loa-fm-heartbeat'),
  frequencyKhz: station.shape.frequencyKhz,
  pi: station.shape.pi,
  t0: instant,
  chain: bytes16,
  /** Whoever has it can beat for every day of the chain. It is written nowhere but through `keepHeartbeat`. */
  secret: bytes32,
});
export type Heartbeat = z.infer<typeof heartbeat>;

/** An fmplan has room for the anchors of so many days, and days are numbered in 12 bits. */
export const MOST_DAYS = 92;
export const LAST_DAY = 4095;
const LABEL = utf8('loa-fm-seed-v1');

/** `t0` is a local midnight: days of the chain are days of people. */
export const newHeartbeat = (of: Pick<Heartbeat, 'frequencyKhz' | 'pi' | 't0'>): Heartbeat => ({
  typ: 'loa-fm-heartbeat',
  ...of,
  chain: toBase64url(randomBytes(16)),
  secret: toBase64url(randomBytes(32)),
});

/** The seed of a day tells nothing of another: HMAC-SHA-256(secret, label ‖ 0x00 ‖ chain ‖ day (2 bytes))[0..15]. */
export function dayOfChain({ chain, secret }: Heartbeat, day: number): BeatDay {
  const bytes = [...LABEL, 0, ...(fromBase64url(chain) ?? []), day >> 8, day & 255];
  const mac = createHmac('sha256', fromBase64url(secret) ?? new Uint8Array()).update(Uint8Array.from(bytes));
  return { chain, day, seed: toBase64url(mac.digest().subarray(0, 16)) };
}

/** The anchors of the days `first` to `last`; `tell` hears how many are done, for a day takes 2,880 hashes. */
export function anchorsOf(
  beating: Heartbeat,
  { first, last }: { readonly first: number; readonly last: number },
  tell: (done: number, of: number) => void = () => undefined,
): Record<string, string> {
  const anchors: Record<string, string> = {};
  for (let day = first; day <= last; day++) {
    anchors[String(day)] = anchorOf(dayOfChain(beating, day));
    tell(day - first + 1, last - first + 1);
  }
  return anchors;
}

export const heartbeatPath = (home: string, chain: string): string => join(home, 'beats', `${chain}.age`);

/** On the disk when this returns: no anchor may be signed whose secret a power cut has taken. */
export async function keepHeartbeat(
  home: string,
  beating: Heartbeat,
  passphrase: string,
  workFactor?: number,
): Promise<Outcome<string>> {
  await mkdir(join(home, 'beats'), { recursive: true, mode: 0o700 });
  const sealed = await sealText(JSON.stringify(beating), passphrase, workFactor);
  return writeNew(heartbeatPath(home, beating.chain), sealed);
}

export async function openHeartbeat(
  home: string,
  chain: string,
  passphrase: string,
): Promise<Outcome<Heartbeat>> {
  const file = await readText(heartbeatPath(home, chain));
  if (!file.ok) return file;
  const plain = await openSealed(file.value, passphrase, damaged);
  if (!plain.ok) return plain;
  const read = heartbeat.safeParse(parseJson(plain.value)).data;
  return read?.chain === chain ? done(read) : damaged;
}

const damaged = refused(
  'Tệp nhịp xác thực bị hỏng hoặc là của chuỗi khác. Hãy dùng bản sao.',
  'The file of the heartbeat is damaged, or of another chain. Use a copy.',
);
