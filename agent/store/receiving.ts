/** One file on its way to the shelf: hashed while it is written, and not there before it is whole (protocol D5). */
import { createHash } from 'node:crypto';
import type { Hash } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import type { Media } from '../../shared/protocol/schema/media.ts';
import { syncFolder } from './durable.ts';
import { HEAD_BYTES, mimeMatches } from './mime.ts';
import { NoSpace } from './store.ts';
import type { Receiving } from './store.ts';

const READ_BYTES = 256 * 1024;

export type Way = {
  readonly partial: string;
  readonly final: string;
  readonly folder: string;
  /** UTC: becomes the file's mtime, which says when it was last needed. */
  readonly nowMs: () => number;
  /** The file was kept, or closed with so many bytes of it in `partial`; called once. */
  readonly done: (end: 'kept' | number) => void;
};

/** Goes on behind what is there; that is hashed again, for a power cut may have left anything. */
export async function receive(media: Media, way: Way): Promise<Receiving> {
  const file = await open(way.partial, 'a+', 0o640);
  try {
    if ((await file.stat()).size > media.size) await file.truncate(0);
    const hash = createHash('sha256');
    const offset = await hashInto(hash, file);
    return new OnItsWay(media, way, file, hash, offset);
  } catch (cause) {
    await file.close();
    throw cause;
  }
}

/** Answers how many bytes there were. */
export async function hashInto(hash: Hash, file: FileHandle): Promise<number> {
  const buffer = new Uint8Array(READ_BYTES);
  for (let at = 0; ;) {
    const { bytesRead } = await file.read(buffer, 0, buffer.length, at);
    if (bytesRead === 0) return at;
    hash.update(buffer.subarray(0, bytesRead));
    at += bytesRead;
  }
}

class OnItsWay implements Receiving {
  readonly offset: number;
  readonly #media: Media;
  readonly #way: Way;
  readonly #file: FileHandle;
  readonly #hash: Hash;
  #size: number;
  #hasFailed = false;

  constructor(media: Media, way: Way, file: FileHandle, hash: Hash, offset: number) {
    this.offset = offset;
    this.#media = media;
    this.#way = way;
    this.#file = file;
    this.#hash = hash;
    this.#size = offset;
  }

  async write(chunk: Uint8Array): Promise<void> {
    this.#size += chunk.length;
    if (this.#size > this.#media.size) return; // `finish` says so; the disk need not hold it
    this.#hash.update(chunk);
    try {
      await this.#file.appendFile(chunk);
    } catch (cause) {
      this.#hasFailed = true; // the hash now knows more than the file
      if (isFull(cause)) throw new NoSpace(`no space for ${this.#media.sha256}`, { cause });
      throw cause;
    }
  }

  async finish(): ReturnType<Receiving['finish']> {
    const fault = await this.#fault();
    if (fault !== null) {
      await this.#file.close();
      await rm(this.#way.partial);
      this.#way.done(0);
      return fault;
    }
    const neededAtS = this.#way.nowMs() / 1000;
    await this.#file.utimes(neededAtS, neededAtS);
    await this.#file.sync();
    await this.#file.close();
    await rename(this.#way.partial, this.#way.final);
    syncFolder(this.#way.folder);
    this.#way.done('kept');
    return 'kept';
  }

  async pause(): Promise<void> {
    await this.#file.sync();
    const { size } = await this.#file.stat();
    await this.#file.close();
    this.#way.done(size);
  }

  async #fault(): Promise<'wrong-hash' | 'wrong-size' | 'wrong-mime' | null> {
    if (this.#hasFailed || this.#size !== this.#media.size) return 'wrong-size';
    if (this.#hash.digest('base64url') !== this.#media.sha256) return 'wrong-hash';
    const head = new Uint8Array(HEAD_BYTES);
    await this.#file.read(head, 0, HEAD_BYTES, 0);
    return mimeMatches(this.#media.mime, head) ? null : 'wrong-mime';
  }
}

const isFull = (cause: unknown): boolean =>
  cause instanceof Error && 'code' in cause && (cause.code === 'ENOSPC' || cause.code === 'EDQUOT');
