import { spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Media, Mime } from '../../shared/protocol/schema/media.ts';
import { mimeMatches } from './mime.ts';
import { DiskShelf } from './shelf.ts';
import type { ShelfOptions } from './shelf.ts';
import { NoSpace } from './store.ts';

const KIB = 1024;
let folder: string;
let nowMs: number;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'loa-shelf-'));
  nowMs = 1_790_000_000_000;
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

type Recording = { readonly media: Media; readonly content: Uint8Array };

/** Something that begins like an Ogg file. */
function recording(sizeBytes: number, mime: Mime = 'audio/ogg', start = 'OggS'): Recording {
  const content = randomBytes(sizeBytes);
  content.write(start, 'latin1');
  const sha256 = createHash('sha256').update(content).digest('base64url');
  return { content, media: { sha256, size: sizeBytes, mime, durMs: 1_000 } };
}

async function opened(more: Partial<ShelfOptions> = {}): Promise<DiskShelf> {
  const shelf = new DiskShelf({
    folder,
    quotaBytes: 1024 * KIB,
    reserveBytes: 0,
    nowMs: () => nowMs,
    ...more,
  });
  await shelf.open();
  return shelf;
}

async function put(shelf: DiskShelf, { media, content }: Recording): Promise<string> {
  const receiving = await shelf.receive(media);
  await receiving.write(content.subarray(receiving.offset));
  return receiving.finish();
}

const files = (): readonly string[] => readdirSync(folder).filter((name) => name !== 'partial');
const partials = (): readonly string[] => readdirSync(join(folder, 'partial'));
const pathOf = (sha256: string): string => join(folder, Buffer.from(sha256, 'base64url').toString('hex'));

describe('taking media in', () => {
  it('keeps a file under its hash, also after a restart', async () => {
    const one = recording(300 * KIB);
    const shelf = await opened();
    expect(shelf.has(one.media.sha256)).toBe(false);
    expect(await put(shelf, one)).toBe('kept');
    const again = await opened();
    expect(again.has(one.media.sha256)).toBe(true);
    expect(again.usedBytes()).toBe(300 * KIB);
    const path = await again.verified(one.media.sha256);
    expect(path === null ? null : readFileSync(path).equals(one.content)).toBe(true);
  });

  it('is not there before it is whole', async () => {
    const one = recording(10 * KIB);
    const shelf = await opened();
    const receiving = await shelf.receive(one.media);
    await receiving.write(one.content);
    expect(shelf.has(one.media.sha256)).toBe(false);
    expect(files()).toEqual([]);
    await receiving.finish();
    expect(files()).toHaveLength(1);
    expect(partials()).toEqual([]);
  });

  it('U03 goes on where it stopped, after a restart too, and hashes again what is there', async () => {
    const one = recording(700 * KIB);
    const first = await (await opened()).receive(one.media);
    await first.write(one.content.subarray(0, 500 * KIB));
    await first.pause();
    const shelf = await opened();
    expect(shelf.usedBytes()).toBe(500 * KIB);
    const second = await shelf.receive(one.media);
    expect(second.offset).toBe(500 * KIB);
    await second.write(one.content.subarray(500 * KIB));
    expect(await second.finish()).toBe('kept');
    expect(await shelf.verified(one.media.sha256)).not.toBeNull();
  });

  it('U03 refuses, and throws away, a rest that was torn meanwhile', async () => {
    const one = recording(20 * KIB);
    const shelf = await opened();
    const first = await shelf.receive(one.media);
    await first.write(one.content.subarray(0, 10 * KIB));
    await first.pause();
    const [name = ''] = partials();
    writeFileSync(join(folder, 'partial', name), randomBytes(10 * KIB));
    expect(await put(shelf, one)).toBe('wrong-hash');
    expect(partials()).toEqual([]);
    expect(await put(shelf, one)).toBe('kept');
  });

  it('begins anew where more is there than the document says', async () => {
    const one = recording(10 * KIB);
    const shelf = await opened();
    writeFileSync(
      join(folder, 'partial', Buffer.from(one.media.sha256, 'base64url').toString('hex')),
      randomBytes(11 * KIB),
    );
    const receiving = await shelf.receive(one.media);
    expect(receiving.offset).toBe(0);
    await receiving.pause();
  });

  it('refuses other bytes, fewer bytes and more bytes', async () => {
    const shelf = await opened();
    const one = recording(10 * KIB);
    const other = { ...one, content: recording(10 * KIB).content };
    const short = { ...one, content: one.content.subarray(1) };
    const long = { ...one, content: Buffer.concat([one.content, Buffer.alloc(1)]) };
    expect(await put(shelf, other)).toBe('wrong-hash');
    expect(await put(shelf, short)).toBe('wrong-size');
    expect(await put(shelf, long)).toBe('wrong-size');
    expect([files(), partials(), shelf.usedBytes()]).toEqual([[], [], 0]);
  });

  it('F05 writes no byte beyond the size that was signed', async () => {
    const one = recording(10 * KIB);
    const receiving = await (await opened()).receive(one.media);
    for (let i = 0; i < 100; i++) await receiving.write(randomBytes(3 * KIB));
    const [name = ''] = partials();
    expect(statSync(join(folder, 'partial', name)).size).toBeLessThanOrEqual(10 * KIB);
    expect(await receiving.finish()).toBe('wrong-size');
  });

  it('U05 a playlist that calls itself .mp3 is not kept: MEDIA_MIME', async () => {
    const shelf = await opened();
    const playlist = recording(2 * KIB, 'audio/mpeg', '#EXTM3U\nhttp://evil.example/a.mp3\n');
    expect(await put(shelf, playlist)).toBe('wrong-mime');
    expect(files()).toEqual([]);
  });
});

describe('reading it back', () => {
  it('U04 a file that was swapped or rotted is gone, not played', async () => {
    const one = recording(50 * KIB);
    const shelf = await opened();
    await put(shelf, one);
    one.content[40_000] = (one.content[40_000] ?? 0) ^ 1;
    writeFileSync(pathOf(one.media.sha256), one.content);
    expect(await shelf.verified(one.media.sha256)).toBeNull();
    expect(shelf.has(one.media.sha256)).toBe(false);
    expect(files()).toEqual([]);
  });

  it('a file that somebody removed is not there', async () => {
    const one = recording(KIB);
    const shelf = await opened();
    await put(shelf, one);
    rmSync(pathOf(one.media.sha256));
    expect(await shelf.verified(one.media.sha256)).toBeNull();
    expect(shelf.has(one.media.sha256)).toBe(false);
  });
});

describe('room', () => {
  it('beyond the quota there is NoSpace, until what nobody needs made room, the longest unneeded first', async () => {
    const shelf = await opened({ quotaBytes: 30 * KIB });
    const [a, b, c, d] = [recording(10 * KIB), recording(10 * KIB), recording(10 * KIB), recording(15 * KIB)];
    for (const each of [a, b, c]) {
      expect(await put(shelf, each)).toBe('kept');
      nowMs += 60_000;
    }
    nowMs += 2 * 86_400_000;
    await shelf.verified(a.media.sha256); // played today: needed later than b
    await expect(shelf.receive(d.media)).rejects.toThrow(NoSpace);
    const needed = new Set([c.media.sha256, d.media.sha256]);
    expect(await shelf.evict(needed)).toEqual([b.media.sha256, a.media.sha256]);
    expect(await put(shelf, d)).toBe('kept');
    expect(files()).toHaveLength(2);
  });

  it('knows after a restart what was needed when', async () => {
    const first = await opened({ quotaBytes: 20 * KIB });
    const [a, b, c] = [recording(10 * KIB), recording(10 * KIB), recording(10 * KIB)];
    await put(first, a);
    nowMs += 60_000;
    await put(first, b);
    nowMs += 2 * 86_400_000;
    await first.verified(a.media.sha256);
    const shelf = await opened({ quotaBytes: 20 * KIB });
    await expect(shelf.receive(c.media)).rejects.toThrow(NoSpace);
    expect(await shelf.evict(new Set())).toEqual([b.media.sha256]);
  });

  it('never drops what is needed, whatever is asked for', async () => {
    const shelf = await opened({ quotaBytes: 20 * KIB });
    const [a, b] = [recording(20 * KIB), recording(10 * KIB)];
    await put(shelf, a);
    await expect(shelf.receive(b.media)).rejects.toThrow(NoSpace);
    expect(await shelf.evict(new Set([a.media.sha256]))).toEqual([]);
    await expect(shelf.receive(b.media)).rejects.toThrow(NoSpace);
    expect(await shelf.verified(a.media.sha256)).not.toBeNull();
  });

  it('drops rests of downloads that nobody wants any more before whole files', async () => {
    const shelf = await opened({ quotaBytes: 20 * KIB });
    const [a, b, c] = [recording(10 * KIB), recording(8 * KIB), recording(9 * KIB)];
    await put(shelf, a);
    const rest = await shelf.receive(b.media);
    await rest.write(b.content.subarray(0, 5 * KIB));
    await rest.pause();
    await expect(shelf.receive(c.media)).rejects.toThrow(NoSpace);
    expect(await shelf.evict(new Set())).toEqual([b.media.sha256]);
    expect(await put(shelf, c)).toBe('kept');
  });

  it('counts what is on its way, so that two together cannot pass the quota', async () => {
    const shelf = await opened({ quotaBytes: 20 * KIB });
    const receiving = await shelf.receive(recording(15 * KIB).media);
    await expect(shelf.receive(recording(10 * KIB).media)).rejects.toThrow(NoSpace);
    await receiving.pause();
    await (await shelf.receive(recording(10 * KIB).media)).pause();
  });

  it('leaves the reserve free on the disk', async () => {
    const shelf = await opened({ reserveBytes: 2 ** 60 });
    await expect(shelf.receive(recording(KIB).media)).rejects.toThrow(NoSpace);
  });

  it('D05 a disk that is full after all answers NoSpace, and what was there stays whole', async ({
    skip,
  }) => {
    const small = mkdtempSync(join(tmpdir(), 'loa-small-'));
    const mount = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', small]);
    if (mount.status !== 0) skip('only root may mount');
    try {
      const shelf = await opened({ folder: small });
      const [a, b] = [recording(100 * KIB), recording(100 * KIB)];
      await put(shelf, a);
      const receiving = await shelf.receive(b.media);
      writeFileSync(join(small, 'other'), randomBytes(80 * KIB)); // somebody else fills the disk
      const write = async (): Promise<void> => {
        for (let at = 0; at < b.content.length; at += 10 * KIB)
          await receiving.write(b.content.subarray(at, at + 10 * KIB));
      };
      await expect(write()).rejects.toThrow(NoSpace);
      expect(await receiving.finish()).toBe('wrong-size');
      expect(shelf.has(b.media.sha256)).toBe(false);
      expect(await shelf.verified(a.media.sha256)).not.toBeNull();
    } finally {
      spawnSync('umount', [small]);
      rmSync(small, { recursive: true, force: true });
    }
  });
});

describe('magic bytes', () => {
  const heads: Readonly<Record<Mime, string>> = {
    'audio/ogg': 'OggS\0\x02',
    'audio/mpeg': '\xff\xfb\x90\x64',
    'audio/wav': 'RIFF\x24\x08\0\0WAVEfmt ',
    'audio/aac': '\xff\xf1\x50\x80',
    'image/png': '\x89PNG\r\n\x1a\n\0\0',
    'image/jpeg': '\xff\xd8\xff\xe0',
    'image/webp': 'RIFF\x24\x08\0\0WEBPVP8 ',
    'video/mp4': '\0\0\0\x20ftypisom',
  };
  const bytes = (text: string): Uint8Array => Buffer.from(text, 'latin1');
  const mimes = Object.keys(heads) as Mime[];

  it.each(mimes)('U05 %s matches its own beginning and no other', (mime) => {
    expect(mimes.filter((other) => mimeMatches(mime, bytes(heads[other])))).toEqual([mime]);
  });

  it.each([
    '#EXTM3U\n',
    '[playlist]\n',
    '<?xml version="1.0"?>',
    '<html>',
    'ffconcat version 1.0',
    '\xff\xff\xff\xff',
    '',
  ])('U05 %j matches nothing', (text) => {
    expect(mimes.filter((mime) => mimeMatches(mime, bytes(text)))).toEqual([]);
  });

  it('an MPEG file may begin with its tags', () => {
    expect(mimeMatches('audio/mpeg', bytes('ID3\x04\0\0'))).toBe(true);
  });
});
