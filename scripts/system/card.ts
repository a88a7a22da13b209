/**
 * A card of a box's own: an ext4 in a file, behind a loop device, so that everything that reaches it is counted, the
 * journal of the file system included. Needs root, and loop devices in the kernel.
 */
import { execFile } from 'node:child_process';
import { mkdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

const SIZE_BYTES = 2 * 1024 ** 3;
/** Of the counters in /sys/block, whatever the device says of itself. */
const SECTOR_BYTES = 512;
const SECTORS_WRITTEN = 6;

export type Card = {
  /** Since it was put in; what is still on its way is made to arrive first. */
  writtenBytes(): Promise<number>;
  /** It is gone once the last file on it is closed. */
  remove(): Promise<void>;
};

/** Mounted on `folder` as Raspberry Pi OS mounts its own. */
export async function cardAt(folder: string): Promise<Card> {
  const file = `${folder}.card`;
  await writeFile(file, '');
  await truncate(file, SIZE_BYTES);
  // All of it made now: what ext4 makes later, in the background, is no write of a box.
  await run('mkfs.ext4', ['-q', '-E', 'lazy_itable_init=0,lazy_journal_init=0', file]);
  await mkdir(folder, { recursive: true });
  const device = (await run('losetup', ['--find', '--show', file])).stdout.trim();
  await run('mount', ['-o', 'noatime', device, folder]);
  const counters = `/sys/block/${basename(device)}/stat`;
  return {
    writtenBytes: async () => {
      await run('sync', ['--file-system', folder]);
      const fields = (await readFile(counters, 'utf8')).trim().split(/ +/);
      return Number(fields[SECTORS_WRITTEN]) * SECTOR_BYTES;
    },
    remove: async () => {
      await run('umount', ['--lazy', folder]);
      await run('losetup', ['--detach', device]);
      await rm(file);
    },
  };
}
