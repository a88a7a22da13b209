/** Small files that a power cut leaves either old or new: temp, fsync, rename, fsync of the folder (protocol D3). */
import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

export function makeFolder(folder: string): void {
  if (mkdirSync(folder, { recursive: true }) !== undefined) syncFolder(dirname(folder));
}

/** The name, not only the content, is on the disk after this. */
export function syncFolder(folder: string): void {
  withFile(folder, 'r', 0, fsyncSync);
}

export function writeDurably(path: string, content: string, mode = 0o640): void {
  const temp = `${path}.new`;
  withFile(temp, 'w', mode, (file) => {
    writeFileSync(file, content);
    fsyncSync(file);
  });
  renameSync(temp, path);
  syncFolder(dirname(path));
}

function withFile(path: string, flags: string, mode: number, work: (file: number) => void): void {
  const file = openSync(path, flags, mode);
  try {
    work(file);
  } finally {
    closeSync(file);
  }
}
