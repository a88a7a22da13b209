/** `npm run vectors -- FOLDER`: every vector below a folder, none skipped (README.md here has the format). */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runVector } from './suites.ts';

async function main(folder: string | undefined): Promise<number> {
  if (folder === undefined) {
    console.error('usage: npm run vectors -- FOLDER');
    return 2;
  }
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.json'))
    .sort();
  let passed = 0;
  let failed = 0;
  for (const file of files) {
    const vectors = JSON.parse(readFileSync(join(folder, file), 'utf8')) as unknown[];
    for (const vector of vectors) {
      const failure = await runVector(vector);
      if (failure === null) passed++;
      else {
        failed++;
        console.log(`${file}: ${failure}`);
      }
    }
  }
  console.log(`${passed} passed, ${failed} failed`);
  return failed > 0 ? 1 : 0;
}

process.exitCode = await main(process.argv[2]);
