/** `npm run resolve -- FILE`: resolve from outside. FILE holds plans, a box and instants; each instant gets a line of JSON. */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { plan } from '../protocol/schema/documents.ts';
import { area, distinct, slug } from '../protocol/schema/primitives.ts';
import type { Abilities, Verdict } from './intent.ts';
import { nameOf } from './intent.ts';
import { resolve } from './resolve.ts';
import { explain } from './words.ts';

const LAST_OF_YEAR_9999 = 253_402_300_799;

const question = z.object({
  plans: z.array(plan),
  box: z.object({ area: area.nullable(), tags: distinct(slug, 0, 16) }),
  at: z.array(z.int().min(0).max(LAST_OF_YEAR_9999)),
});
type Question = z.infer<typeof question>;

const EVERYTHING: Abilities = {
  sound: ['media', 'stream', 'tuner', 'live'],
  screen: ['media', 'stream', 'page', 'ticker'],
};
const FAULTS_SHOWN = 20;

const USAGE = `Cách dùng: npm run resolve -- TỆP
Usage: npm run resolve -- FILE
  {"plans": [nội dung kế hoạch, đủ mọi trường · payloads of plans, every field present],
   "box": {"area": "56.22366", "tags": []},
   "at": [giây Unix · Unix seconds]}`;

/** Exit code 0; 1 if the file is no good; 2 if the command is called wrongly. */
function main(args: readonly string[]): number {
  const [path] = args;
  if (path === '--help' || path === '-h') {
    console.log(USAGE);
    return 0;
  }
  if (path === undefined || args.length !== 1) {
    console.error(USAGE);
    return 2;
  }
  const asked = read(path);
  if ('faults' in asked) {
    console.error(
      `${path}: không dùng được, hãy sửa rồi chạy lại\n${path}: not usable; correct it and run again`,
    );
    for (const fault of asked.faults.slice(0, FAULTS_SHOWN)) console.error(`  ${fault}`);
    return 1;
  }
  for (const at of asked.at) console.log(JSON.stringify(answer(asked, at)));
  return 0;
}

function read(path: string): Question | { faults: string[] } {
  let parsed: unknown;
  try {
    parsed = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { faults: [`${why}: cần tệp JSON đọc được · give the path of a readable file of JSON`] };
  }
  const result = question.safeParse(parsed);
  if (!result.success) return { faults: result.error.issues.map(faultOf) };
  const faults = doubles(result.data.plans.map(({ id }) => id));
  return faults.length > 0 ? { faults } : result.data;
}

function faultOf({ path, message }: z.core.$ZodIssue): string {
  const field = path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`)).join('');
  return `${field.replace(/^\./, '') || 'FILE'}: ${message}`;
}

function doubles(ids: readonly string[]): string[] {
  return ids.flatMap((id, i) => {
    const before = ids.indexOf(id);
    return before === i ? [] : [`plans[${i}].id: "${id}" is that of plans[${before}] too; leave one of them`];
  });
}

function answer({ plans, box }: Question, at: number): object {
  const profile = { area: box.area, tags: box.tags, quiet: null, can: EVERYTHING };
  const intent = resolve({ plans, box: profile, orders: [], localTest: null }, at);
  const { sound, screen, ticker } = intent;
  return { at, sound: shown(sound), screen: shown(screen), ticker: shown(ticker) };
}

function shown(verdict: Verdict): object {
  return { winner: nameOf(verdict.winner), until: verdict.until, rule: explain(verdict, 'en') };
}

process.exitCode = main(process.argv.slice(2));
