/** The gates in order, a line for each, and an exit code: what ./scripts/test runs after it has set the machine up. */
import path from 'node:path';
import { runStage, stopAsked, type Stage, type StageResult } from './stage.ts';

const root = path.resolve(import.meta.dirname, '../..');

const stages: readonly Stage[] = [
  { name: 'types', command: ['tsc', '-p', '.'], limitS: 180 },
  { name: 'console-types', command: ['tsc', '-p', 'cloud/console'], limitS: 180 },
  { name: 'lint', command: ['eslint', '--max-warnings', '0', '.'], limitS: 400 },
  { name: 'format', command: ['prettier', '--check', '--log-level', 'warn', '.'], limitS: 120 },
  {
    name: 'layers',
    command: ['node', 'scripts/gates/layers.ts'],
    limitS: 120,
    note: /^(\d+ modules.*)$/m,
  },
  { name: 'unused', command: ['knip', '--no-progress'], limitS: 180 },
  { name: 'tests', command: ['vitest', 'run'], limitS: 900, note: /^\s*Tests\s+(.*)$/m },
  {
    name: 'vectors',
    command: ['npm', 'run', '--silent', 'vectors', '--', 'shared/protocol/vectors'],
    limitS: 180,
    note: /^(\d+ passed, \d+ failed)/m,
  },
  { name: 'demo', command: ['./scripts/demo', '--check'], limitS: 420 },
];

function chosen(names: readonly string[]): readonly Stage[] {
  if (names.length === 0) return stages;
  const unknown = names.filter((name) => !stages.some((stage) => stage.name === name));
  if (unknown.length === 0) return stages.filter((stage) => names.includes(stage.name));
  console.error(`No such gate: ${unknown.join(', ')}. There are: ${stages.map((s) => s.name).join(', ')}.`);
  process.exit(2);
}

function report(result: StageResult): void {
  const elapsed = `${(result.elapsedMs / 1000).toFixed(1)} s`.padStart(8);
  console.log(`${result.ok ? '✓' : '✗'} ${result.name.padEnd(14)}${elapsed}  ${result.note}`);
  if (!result.ok) console.log(result.output.trimEnd());
}

const results: StageResult[] = [];
const over = stopAsked();
for (const stage of chosen(process.argv.slice(2))) {
  if (over.aborted) break;
  const result = await runStage(stage, root, { over });
  report(result);
  results.push(result);
}

const failed = results.filter((result) => !result.ok).map((result) => result.name);
const elapsedS = results.reduce((sum, result) => sum + result.elapsedMs, 0) / 1000;
console.log(
  failed.length === 0
    ? `All ${results.length} gates passed in ${elapsedS.toFixed(0)} s.`
    : `${failed.length} of ${results.length} gates failed (${failed.join(', ')}) in ${elapsedS.toFixed(0)} s.`,
);
process.exitCode = failed.length === 0 ? 0 : 1;
