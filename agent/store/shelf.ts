/** Media by their hash on the disk: whole or not there, within a quota, the longest unneeded go first (protocol D5). */
import { createHash } from 'node:crypto';
import { mkdir, open, readdir, rm, stat, statfs, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import type { Media } from '../../shared/protocol/schema/media.ts';
import { hashInto, receive } from './receiving.ts';
import { NoSpace } from './store.ts';
import type { MediaShelf, Receiving } from './store.ts';

const DAY_MS = 86_400_000;

export type ShelfOptions = {
  readonly folder: string;
  readonly quotaBytes: number;
  /** Left free on the disk, so that the store can always write. */
  readonly reserveBytes: number;
  /** UTC; a lower bound will do: it orders what was needed when. */
  readonly nowMs: () => number;
};

type Kept = { readonly size: number; readonly neededAtMs: number };

export class DiskShelf implements MediaShelf {
  readonly #options: ShelfOptions;
  /** By base64url hash. */
  readonly #kept = new Map<string, Kept>();
  /** Bytes of files that are not whole; the whole size while one is coming. */
  readonly #partial = new Map<string, number>();
  readonly #coming = new Set<string>();
  /** How much the last refusal was short of. */
  #shortBytes = 0;

  constructor(options: ShelfOptions) {
    this.#options = options;
  }

  async open(): Promise<void> {
    await mkdir(this.#partialFolder, { recursive: true });
    for (const [sha256, { size, mtimeMs }] of await listed(this.#options.folder))
      this.#kept.set(sha256, { size, neededAtMs: mtimeMs });
    for (const [sha256, { size }] of await listed(this.#partialFolder)) this.#partial.set(sha256, size);
  }

  has(sha256: string): boolean {
    return this.#kept.has(sha256);
  }

  async verified(sha256: string): Promise<string | null> {
    const kept = this.#kept.get(sha256);
    if (kept === undefined) return null;
    const path = this.#pathOf(sha256);
    if ((await hashOf(path)) !== sha256) {
      this.#kept.delete(sha256);
      await rm(path, { force: true });
      return null;
    }
    // Once a day is enough to order by, and spares the card.
    if (this.#options.nowMs() - kept.neededAtMs > DAY_MS) await this.#needed(sha256, kept);
    return path;
  }

  async receive(media: Media): Promise<Receiving> {
    const { sha256, size } = media;
    if (this.#coming.has(sha256)) throw new Error(`${sha256} is already on its way`);
    this.#coming.add(sha256);
    try {
      await this.#checkRoom(size - (this.#partial.get(sha256) ?? 0));
      const receiving = await receive(media, {
        partial: join(this.#partialFolder, fileName(sha256)),
        final: this.#pathOf(sha256),
        folder: this.#options.folder,
        nowMs: this.#options.nowMs,
        done: (end) => {
          this.#arrived(media, end);
        },
      });
      this.#partial.set(sha256, size);
      return receiving;
    } catch (cause) {
      this.#coming.delete(sha256);
      throw cause;
    }
  }

  async evict(needed: ReadonlySet<string>): Promise<readonly string[]> {
    for (const [sha256, kept] of this.#kept) if (needed.has(sha256)) await this.#needed(sha256, kept);
    const dropped: string[] = [];
    for (const { sha256, size, path } of this.#unneeded(needed)) {
      if (this.#shortBytes <= 0) break;
      await rm(path, { force: true });
      this.#kept.delete(sha256);
      this.#partial.delete(sha256);
      this.#shortBytes -= size;
      dropped.push(sha256);
    }
    this.#shortBytes = 0;
    return dropped;
  }

  usedBytes(): number {
    const kept = [...this.#kept.values()].reduce((sum, { size }) => sum + size, 0);
    return [...this.#partial.values()].reduce((sum, size) => sum + size, kept);
  }

  get #partialFolder(): string {
    return join(this.#options.folder, 'partial');
  }

  #pathOf(sha256: string): string {
    return join(this.#options.folder, fileName(sha256));
  }

  /** By our own quota, and by what the disk really has. */
  async #checkRoom(wantedBytes: number): Promise<void> {
    const { folder, quotaBytes, reserveBytes } = this.#options;
    const { bavail, bsize } = await statfs(folder);
    const freeBytes = Math.min(quotaBytes - this.usedBytes(), bavail * bsize - reserveBytes);
    if (wantedBytes <= freeBytes) return;
    this.#shortBytes = wantedBytes - freeBytes;
    throw new NoSpace(`${wantedBytes} bytes wanted, ${Math.max(freeBytes, 0)} free`);
  }

  #arrived({ sha256, size }: Media, end: 'kept' | number): void {
    this.#coming.delete(sha256);
    this.#partial.delete(sha256);
    if (end === 'kept') this.#kept.set(sha256, { size, neededAtMs: this.#options.nowMs() });
    else if (end > 0) this.#partial.set(sha256, end);
  }

  /** What never got whole first, then what was needed longest ago. */
  #unneeded(needed: ReadonlySet<string>): readonly { sha256: string; size: number; path: string }[] {
    const partial = [...this.#partial]
      .filter(([sha256]) => !needed.has(sha256) && !this.#coming.has(sha256))
      .map(([sha256, size]) => ({ sha256, size, path: join(this.#partialFolder, fileName(sha256)) }));
    const kept = [...this.#kept]
      .filter(([sha256]) => !needed.has(sha256))
      .sort(([, a], [, b]) => a.neededAtMs - b.neededAtMs)
      .map(([sha256, { size }]) => ({ sha256, size, path: this.#pathOf(sha256) }));
    return [...partial, ...kept];
  }

  async #needed(sha256: string, { size }: Kept): Promise<void> {
    const neededAtMs = this.#options.nowMs();
    this.#kept.set(sha256, { size, neededAtMs });
    await utimes(this.#pathOf(sha256), neededAtMs / 1000, neededAtMs / 1000);
  }
}

/** Hex, as on a stick: no name begins with a dash, and case does not matter. */
const fileName = (sha256: string): string => Buffer.from(sha256, 'base64url').toString('hex');

async function listed(folder: string): Promise<Map<string, { size: number; mtimeMs: number }>> {
  const files = new Map<string, { size: number; mtimeMs: number }>();
  for (const name of await readdir(folder)) {
    if (!/^[0-9a-f]{64}$/.test(name)) continue;
    const { size, mtimeMs } = await stat(join(folder, name));
    files.set(Buffer.from(name, 'hex').toString('base64url'), { size, mtimeMs });
  }
  return files;
}

/** Null where the disk has lost the bytes, or does not give them any more. */
async function hashOf(path: string): Promise<string | null> {
  try {
    await using file = await open(path, 'r');
    const hash = createHash('sha256');
    await hashInto(hash, file);
    return hash.digest('base64url');
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && (cause.code === 'ENOENT' || cause.code === 'EIO'))
      return null;
    throw cause;
  }
}
