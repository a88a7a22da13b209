#!/usr/bin/env node
/** Starts `loa-cloud` on the real terminal. */
import { run } from './program.ts';

process.exitCode = await run(process.argv.slice(2), {
  write: (line) => process.stdout.write(`${line}\n`),
  warn: (line) => process.stderr.write(`${line}\n`),
});
