#!/usr/bin/env node
/** `loa`, the technician's command on the box: a client of the agent's local socket. */
import { createInterface } from 'node:readline';
import { run } from './commands.ts';
import { askLine } from './ask-line.ts';

// A reader that has seen enough (`loa records | head`) is no error.
process.stdout.on('error', (cause: NodeJS.ErrnoException) => {
  if (cause.code !== 'EPIPE') throw cause;
  process.exit();
});

process.exitCode = await run(process.argv.slice(2), {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  environment: process.env,
  ...(process.stdin.isTTY ? { confirm } : {}),
});

async function confirm(question: string): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return await askLine(lines, question);
  } finally {
    lines.close();
  }
}
