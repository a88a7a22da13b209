/** Files on the signer's machine: bounded reading of what others made, and writing that never replaces anything. */
import { constants, existsSync } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { done, refused } from './text.ts';
import type { Outcome } from './text.ts';

/** Nothing longer can be a document, a draft or a key. */
const MAX_FILE_BYTES = 1024 * 1024;

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'UNKNOWN';

/** The bytes of a regular file; a pipe, a device or a file too long is refused before it is read. */
export async function readBytes(path: string): Promise<Outcome<Uint8Array>> {
  try {
    // Without O_NONBLOCK, opening a pipe would wait for its writer for ever.
    await using file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const stat = await file.stat();
    if (!stat.isFile() || stat.size > MAX_FILE_BYTES) {
      return refused(
        `${path}: không phải tệp thường, hoặc lớn hơn 1 MiB.`,
        `${path}: not a regular file, or larger than 1 MiB.`,
      );
    }
    return done(await file.readFile());
  } catch (error) {
    return unreadable(path, codeOf(error));
  }
}

function unreadable(path: string, code: string): Outcome<never> {
  if (code === 'ENOENT') return refused(`${path}: không có tệp này.`, `${path}: there is no such file.`);
  return refused(`${path}: không đọc được (${code}).`, `${path}: cannot be read (${code}).`);
}

export async function readText(path: string): Promise<Outcome<string>> {
  const bytes = await readBytes(path);
  return bytes.ok ? done(Buffer.from(bytes.value).toString('utf8')) : bytes;
}

/** Whether nobody but its owner can read it; asked of a file that was just read. */
export const isForOwnerAlone = async (path: string): Promise<boolean> =>
  ((await stat(path)).mode & 0o077) === 0;

/** Whether a new file may get this name, asked before the work that would go into it. */
export const checkFree = (path: string): Outcome<string> =>
  existsSync(path) ? unwritable(path, 'EEXIST') : done(path);

/** Makes a new file, readable by its owner alone, that is on the disk when this returns. */
export async function writeNew(path: string, content: string | Uint8Array): Promise<Outcome<string>> {
  try {
    await using file = await open(path, 'wx', 0o600);
    await file.writeFile(content);
    await file.sync();
    await syncFolder(dirname(path));
    return done(path);
  } catch (error) {
    return unwritable(path, codeOf(error));
  }
}

function unwritable(path: string, code: string): Outcome<never> {
  if (code === 'EEXIST') {
    return refused(
      `${path}: đã có tệp này, loa-sign không ghi đè. Hãy chọn tên khác bằng --out.`,
      `${path}: exists already, and loa-sign replaces nothing. Choose another name with --out.`,
    );
  }
  return refused(`${path}: không ghi được (${code}).`, `${path}: cannot be written (${code}).`);
}

/** A new name in a folder survives a power cut only when the folder itself has been written. */
export async function syncFolder(path: string): Promise<void> {
  await using folder = await open(path, constants.O_RDONLY);
  await folder.sync();
}
