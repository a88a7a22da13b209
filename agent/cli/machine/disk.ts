/** Room, rights and mount of the folders that the configuration names. */
import { readdir, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { textOf, within } from './bounded.ts';

export type Disk = {
  readonly freeBytes: number;
  /** 0–1; null where the file system has no fixed number of them. */
  readonly inodesFree: number | null;
  readonly readOnly: boolean | null;
};

const LOOK_MS = 2000;

export function probeDisk(folder: string, proc: string): Promise<Disk | null> {
  const look = async (): Promise<Disk> => {
    const { bavail, bsize, files, ffree } = await statfs(folder);
    const mounts = await textOf(join(proc, 'mounts'));
    return {
      freeBytes: bavail * bsize,
      inodesFree: files === 0 ? null : ffree / files,
      readOnly: mounts === null ? null : isReadOnly(folder, mounts),
    };
  };
  return within(LOOK_MS, look());
}

/** The longest mount point above the folder; of two at one place the later is seen. */
export function isReadOnly(folder: string, mounts: string): boolean | null {
  const above = mounts
    .split('\n')
    .map((line) => line.split(' '))
    .map(([, point = '', , options = '']) => ({ point: point.replaceAll('\\040', ' '), options }))
    .filter(({ point }) => point === '/' || folder === point || folder.startsWith(`${point}/`));
  const nearest = above.reduce((one, other) => (other.point.length >= one.point.length ? other : one), {
    point: '',
    options: '',
  });
  return nearest.point === '' ? null : nearest.options.split(',').includes('ro');
}

/** Files in the key folder that others than owner and group may read. Null: it cannot be told. */
export function probeKeys(folder: string): Promise<readonly string[] | null> {
  const look = async (): Promise<readonly string[]> => {
    const names = ['.', ...(await readdir(folder))];
    const modes = await Promise.all(
      names.map(async (name) => ({ name, mode: (await stat(join(folder, name))).mode })),
    );
    // The folder keeps everybody out: what its files allow opens nothing.
    if (modes.some(({ name, mode }) => name === '.' && (mode & 0o007) === 0)) return [];
    return modes.filter(({ name, mode }) => name !== '.' && (mode & 0o004) !== 0).map(({ name }) => name);
  };
  return within(LOOK_MS, look());
}
