/** Recordings and pictures on the cloud's disk, each under its own hash; what does not hash to its name is never kept. */
import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { Mime } from '../../shared/protocol/schema/media.ts';
import { done, refuse } from '../outcome.ts';
import type { Outcome } from '../outcome.ts';
import { sniff, SNIFF_BYTES } from './sniff.ts';

const MIB = 1024 * 1024;

/** The ending tells the static server its Content-Type. */
const endings: Readonly<Record<Mime, string>> = {
  'audio/ogg': 'ogg',
  'audio/mpeg': 'mp3',
  'audio/wav': 'wav',
  'audio/aac': 'aac',
  'image/png': 'png',
  'image/jpeg': 'jpg',
  'image/webp': 'webp',
  'video/mp4': 'mp4',
};

/** protocol.md §2, media. */
const maxBytesOf = (mime: Mime): number => (mime.startsWith('video/') ? 512 : 64) * MIB;

export type Shelved = { readonly sha256: string; readonly size: number; readonly mime: Mime };

export type Shelf = {
  /** The folder that file names are relative to. */
  readonly folder: string;
  has(sha256: string): boolean;
  /** Name of the file within `folder`; null where it is not here. */
  fileName(sha256: string): string | null;
  /** Hashes while writing; keeps nothing but what has the hash that was said. */
  receive(sha256: string, bytes: AsyncIterable<Buffer>): Promise<Outcome<Shelved>>;
};

const hexOf = (sha256: string): string => Buffer.from(sha256, 'base64url').toString('hex');

export async function openShelf(folder: string): Promise<Shelf> {
  const incoming = join(folder, 'incoming');
  // What a crash left half written can only be sent again.
  await rm(incoming, { recursive: true, force: true });
  await mkdir(incoming, { recursive: true });
  const names = new Map<string, string>();
  for (const name of await readdir(folder)) {
    const hex = /^([0-9a-f]{64})\.[a-z0-9]+$/.exec(name)?.[1];
    if (hex !== undefined) names.set(hex, name);
  }
  return {
    folder,
    has: (sha256) => names.has(hexOf(sha256)),
    fileName: (sha256) => names.get(hexOf(sha256)) ?? null,
    async receive(sha256, bytes) {
      const temporary = join(incoming, randomUUID());
      const taken = await take(temporary, sha256, bytes);
      if (!taken.ok) return taken;
      const name = `${hexOf(sha256)}.${endings[taken.value.mime]}`;
      await rename(temporary, join(folder, name));
      await syncFolder(folder);
      names.set(hexOf(sha256), name);
      return taken;
    },
  };
}

/** On any other end than success the file is gone again. */
async function take(file: string, sha256: string, bytes: AsyncIterable<Buffer>): Promise<Outcome<Shelved>> {
  const handle = await open(file, 'wx', 0o644);
  let taken: Outcome<Shelved> = brokenOff;
  try {
    taken = await fill(handle, sha256, bytes);
  } catch (cause) {
    if (!isBrokenOff(cause)) throw cause;
  } finally {
    await handle.close();
    if (!taken.ok) await rm(file, { force: true });
  }
  return taken;
}

/** The sender went away in the middle, which is no fault of ours. */
const isBrokenOff = (cause: unknown): boolean =>
  cause instanceof Error &&
  'code' in cause &&
  (cause.code === 'ECONNRESET' || cause.code === 'ERR_STREAM_PREMATURE_CLOSE');

async function fill(
  handle: FileHandle,
  sha256: string,
  bytes: AsyncIterable<Buffer>,
): Promise<Outcome<Shelved>> {
  const hash = createHash('sha256');
  let head = Buffer.alloc(0);
  let size = 0;
  for await (const chunk of bytes) {
    if (head.length < SNIFF_BYTES) head = Buffer.concat([head, chunk]).subarray(0, SNIFF_BYTES);
    size += chunk.length;
    if (size > maxBytesOf(sniff(head) ?? 'audio/wav')) return tooBig;
    hash.update(chunk);
    await handle.write(chunk);
  }
  const mime = sniff(head);
  if (mime === null) return unknownKind;
  const found = hash.digest('base64url');
  if (found !== sha256) return wrongHash(found);
  await handle.sync();
  return done({ sha256, size, mime });
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

const tooBig = refuse(413, 'MEDIA_TOO_BIG', {
  vi: 'Tệp quá lớn: âm thanh và hình ảnh tối đa 64 MiB, phim tối đa 512 MiB.',
  en: 'The file is too big: at most 64 MiB for sound and pictures, 512 MiB for video.',
});

const brokenOff = refuse(400, 'MEDIA_BROKEN_OFF', {
  vi: 'Tệp bị ngắt giữa chừng. Hãy gửi lại.',
  en: 'The upload broke off. Send the file again.',
});

const unknownKind = refuse(415, 'MEDIA_KIND', {
  vi: 'Không phải tệp âm thanh, hình ảnh hay phim dùng được. Hãy chuyển sang OGG, MP3, WAV, AAC, PNG, JPEG, WebP hoặc MP4.',
  en: 'This is no sound, picture or video that boxes play. Convert it to OGG, MP3, WAV, AAC, PNG, JPEG, WebP or MP4.',
});

const wrongHash = (found: string) =>
  refuse(
    400,
    'MEDIA_WRONG_HASH',
    {
      vi: `Nội dung nhận được có mã băm ${found}, không phải mã trong địa chỉ: tệp đã đổi hoặc hỏng trên đường. Hãy gửi lại.`,
      en: `What arrived hashes to ${found}, not to the hash in the address: the file changed or broke on the way. Send it again.`,
    },
    'sha256',
  );
