/** The one place that writes to the person and reads from them; everything written goes through `shown`. */
import { Writable } from 'node:stream';
import { createInterface } from 'node:readline/promises';
import { styleText } from 'node:util';
import type { Line, Tone } from './render/line.ts';
import { shown } from '../shared/messages/text.ts';
import type { Text } from '../shared/messages/text.ts';

type Style = Parameters<typeof styleText>[0];
const STYLES: Readonly<Record<Tone, Style>> = {
  title: ['bold'],
  plain: [],
  faint: ['dim'],
  good: ['green'],
  warn: ['yellow'],
  danger: ['bold', 'red'],
};
/** So that what matters shows without colour too. */
const MARKS: Readonly<Record<Tone, string>> = {
  title: '',
  plain: '',
  faint: '',
  good: '',
  warn: '! ',
  danger: '!! ',
};

const styled = ({ tone, text }: Line, stream: NodeJS.WriteStream): string => {
  const line = MARKS[tone] + shown(text, Infinity);
  return STYLES[tone].length === 0 ? line : styleText(STYLES[tone], line, { stream });
};

export function print(lines: readonly Line[]): void {
  for (const [index, line] of lines.entries()) {
    const gap = line.tone === 'title' && index > 0 ? '\n' : '';
    process.stdout.write(`${gap}${styled(line, process.stdout)}\n`);
  }
}

/** A sentence in both languages. */
export function say(
  { vi, en }: Text,
  tone: Tone = 'plain',
  stream: NodeJS.WriteStream = process.stdout,
): void {
  stream.write(`${styled({ tone, text: vi }, stream)}\n${styled({ tone: 'faint', text: en }, stream)}\n`);
}

/** How far something long has come, in one line that is gone at its end; nothing where nobody looks. */
export function showProgress({ vi, en }: Text, done: number, of: number): void {
  if (!process.stderr.isTTY) return;
  const line = `${shown(vi, Infinity)} · ${shown(en, Infinity)}: ${done}/${of}`;
  process.stderr.write(done < of ? `\r${line}` : `\r${' '.repeat(Array.from(line).length)}\r`);
}

/** Whether somebody is there to be asked. */
export const isAttended = (): boolean => process.stdin.isTTY && process.stderr.isTTY;

/** What the person typed; null when they gave up with Ctrl-C or Ctrl-D. */
export const ask = (question: Text): Promise<string | null> => read(question, process.stderr);

/** Nothing that is typed appears, not even its length. */
export async function askSecret(question: Text): Promise<string | null> {
  process.stderr.write(`${shown(question.vi, Infinity)} · ${shown(question.en, Infinity)}: `);
  const nowhere = new Writable({
    write(_chunk, _encoding, written) {
      written();
    },
  });
  const answer = await read(null, nowhere);
  process.stderr.write('\n');
  return answer;
}

async function read(question: Text | null, output: NodeJS.WritableStream): Promise<string | null> {
  const lines = createInterface({ input: process.stdin, output, terminal: true, historySize: 0 });
  const gaveUp = new AbortController();
  const stop = (): void => {
    gaveUp.abort();
  };
  lines.once('SIGINT', stop).once('close', stop);
  const prompt =
    question === null ? '' : `${shown(question.vi, Infinity)}\n${shown(question.en, Infinity)}: `;
  try {
    return await lines.question(prompt, { signal: gaveUp.signal });
  } catch (error) {
    if (error instanceof Error && error.name === 'AbortError') return null;
    throw error;
  } finally {
    lines.close();
  }
}
