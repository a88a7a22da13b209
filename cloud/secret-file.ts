/** Secrets that the cloud makes for itself at its first start: one file each, for its own user alone. There is no default to forget. */
import { say, text } from '../shared/messages/text.ts';
import { StartFault } from '../shared/messages/start-fault.ts';
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, statSync, writeSync } from 'node:fs';

/** The file's content; `make` writes it where there is none. Throws where others may read it. */
export function readOrMakeSecret(file: string, make: () => string): string {
  if (!existsSync(file)) writeSecret(file, make());
  if ((statSync(file).mode & 0o077) !== 0) {
    throw new StartFault(
      text(
        say`Người khác đọc được ${file}. Hãy chạy: chmod 600 ${file}`,
        say`Others may read ${file}. Run: chmod 600 ${file}`,
      ),
    );
  }
  return readFileSync(file, 'utf8').trim();
}

function writeSecret(file: string, secret: string): void {
  // 'wx': two starts at once must not each hold a different secret.
  const handle = openSync(file, 'wx', 0o600);
  writeSync(handle, `${secret}\n`);
  fsyncSync(handle);
  closeSync(handle);
}
