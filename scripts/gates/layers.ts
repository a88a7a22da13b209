/** The import table as a gate: dependency-cruiser's rules, and that it looked at every source file that there is. */
import { execFileSync } from 'node:child_process';
import { globSync } from 'node:fs';
import path from 'node:path';
import type { ICruiseResult } from 'dependency-cruiser';

const folders = ['shared', 'agent', 'cloud', 'sign', 'scripts'];
const notOurs = /(^|\/)(node_modules|dist)\/|\.d\.ts$/;

/** Runs on this repository, or on the folder that is given (how the gate's own test shows that it can fail). */
const root = path.resolve(process.argv[2] ?? path.join(import.meta.dirname, '../..'));

function cruise(): ICruiseResult {
  const json = execFileSync(
    'depcruise',
    ['--config', '.dependency-cruiser.config.mjs', '--output-type', 'json', ...folders],
    { cwd: root, encoding: 'utf8', maxBuffer: 256 * 1024 * 1024 },
  );
  return JSON.parse(json) as ICruiseResult;
}

const sources = globSync(
  folders.map((folder) => `${folder}/**/*.{ts,tsx}`),
  { cwd: root, exclude: ['**/node_modules'] },
).filter((file) => !notOurs.test(file));
const result = cruise();
const cruised = new Set(result.modules.map((module) => module.source));

const reasons = new Map(
  result.summary.ruleSetUsed?.forbidden?.map((rule) => [rule.name, rule.comment ?? '']),
);
const broken = result.summary.violations.map(
  ({ rule, from, to }) => `${rule.name}: ${from} → ${to}. ${reasons.get(rule.name) ?? ''}`,
);
// A cruiser that understands nothing finds nothing wrong: version 16 did so with TypeScript 6.
const unseen = sources.filter((file) => !cruised.has(file)).map((file) => `not cruised: ${file}`);
const faults = [...broken, ...unseen, ...(sources.length === 0 ? [`no source files below ${root}`] : [])];

for (const fault of faults) console.error(fault);
console.log(`${sources.length} modules, ${faults.length} faults`);
process.exitCode = faults.length === 0 ? 0 : 1;
