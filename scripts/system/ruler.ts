/** A recording like a ruler: its pitch rises in steps, so that whoever hears it begin knows from which place it was played. */
import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { MadeMedia } from '../province/media.ts';

const RATE = 48_000;
const STEP_MS = 250;
const FIRST_HZ = 400;
const STEP_HZ = 40;
const LEVEL = 16_000;

/** How exactly `placeAt` tells: the step, and what the player's seek and the ear's window may add. */
export const RULER_MS = 2 * STEP_MS;

/** `tailMs` of silence at its end, within its length, tells one play from the next. */
export async function ruler(folder: string, lengthS: number, tailMs = 0): Promise<MadeMedia> {
  const bytes = wav(lengthS * RATE, (tailMs * RATE) / 1000);
  const sha256 = createHash('sha256').update(bytes).digest('base64url');
  const path = join(folder, `ruler-${lengthS}-${tailMs}.wav`);
  await writeFile(path, bytes);
  return { path, media: { sha256, size: bytes.length, mime: 'audio/wav', durMs: lengthS * 1000 } };
}

/** Milliseconds into a ruler that begins to be heard with this pitch. */
export function placeAt(startHz: number): number {
  return Math.max(0, Math.round((startHz - FIRST_HZ) / STEP_HZ)) * STEP_MS;
}

function wav(samples: number, silent: number): Buffer {
  const bytes = Buffer.alloc(44 + samples * 2);
  bytes.write('RIFF', 0);
  bytes.writeUInt32LE(36 + samples * 2, 4);
  bytes.write('WAVEfmt ', 8);
  bytes.writeUInt32LE(16, 16);
  bytes.writeUInt16LE(1, 20);
  bytes.writeUInt16LE(1, 22);
  bytes.writeUInt32LE(RATE, 24);
  bytes.writeUInt32LE(RATE * 2, 28);
  bytes.writeUInt16LE(2, 32);
  bytes.writeUInt16LE(16, 34);
  bytes.write('data', 36);
  bytes.writeUInt32LE(samples * 2, 40);
  let turns = 0;
  for (let at = 0; at < samples - silent; at += 1) {
    const step = Math.floor((at * 1000) / RATE / STEP_MS);
    turns += (FIRST_HZ + STEP_HZ * step) / RATE;
    bytes.writeInt16LE(Math.round(LEVEL * Math.cos(2 * Math.PI * turns)), 44 + at * 2);
  }
  return bytes;
}
