/** `npm run vectors -- FOLDER`: every vector below a folder, none skipped (README.md here has the format). */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseJson } from '../bytes.ts';
import { runVector } from './suites.ts';

function vectorsOf(path: string): readonly unknown[] {
  const content = parseJson(readFileSync(path, 'utf8'));
  // A file that is no list of vectors counts as one that fails.
  return Array.isArray(content) ? content : [path];
}

async function runFolder(folder: string): Promise<{ passed: number; failed: number }> {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const total = { passed: 0, failed: 0 };
  for (const file of files.filter((name) => name.endsWith('.json')).sort()) {
    for (const vector of vectorsOf(join(folder, file))) {
      const failure = await runVector(vector);
      if (failure !== null) console.log(`${file}: ${failure}`);
      total[failure === null ? 'passed' : 'failed']++;
    }
  }
  return total;
}

const folder = process.argv[2];
if (folder === undefined || statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) {
  console.error(
    folder === undefined ? 'Which folder? npm run vectors -- FOLDER' : `There is no folder ${folder}.`,
  );
  process.exitCode = 2;
} else {
  const { passed, failed } = await runFolder(folder);
  console.log(`${passed} passed, ${failed} failed`);
  if (failed > 0) process.exitCode = 1;
  // Nothing was shown, and a gate must not take that for good.
  if (passed + failed === 0) {
    console.error(`No vectors lie below ${folder}.`);
    process.exitCode = 2;
  }
}
