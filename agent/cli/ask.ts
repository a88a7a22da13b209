/** One question to the agent over its local socket, bounded in time, and every way in which it can go wrong in words. */
import net from 'node:net';
import type { z } from 'zod';
import { loaMessages } from '../../shared/messages/loa.ts';
import type { Text } from '../../shared/messages/text.ts';
import type { Refusal, Request } from '../local/protocol.ts';

const ANSWER_MS = 10_000;
const MAX_ANSWER_BYTES = 16_000_000;

export type Asked<T> =
  | { readonly kind: 'answered'; readonly answer: T }
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  /** Nobody there, no right, no answer, or none that makes sense. */
  | { readonly kind: 'unreached'; readonly why: Text };

type AnswerSchema<T> = z.ZodType<{ readonly ok: true; readonly answer: T } | Refusal>;

export async function ask<T>(socket: string, asked: Request, schema: AnswerSchema<T>): Promise<Asked<T>> {
  const got = await exchange(socket, `${JSON.stringify(asked)}\n`);
  return answerIn(got, schema);
}

/** The line that came, or why none did, as an answer. */
export function answerIn<T>(got: string | Text, schema: AnswerSchema<T>): Asked<T> {
  if (typeof got !== 'string') return { kind: 'unreached', why: got };
  const read = schema.safeParse(parsed(got));
  if (!read.success) return { kind: 'unreached', why: loaMessages.strangeAnswer };
  return read.data.ok
    ? { kind: 'answered', answer: read.data.answer }
    : { kind: 'refused', refusal: read.data };
}

/** The first line that comes back, or why none did. */
function exchange(path: string, line: string): Promise<string | Text> {
  return new Promise((resolve) => {
    const socket = net.connect(path, () => socket.write(line));
    let got = '';
    const finish = (outcome: string | Text) => {
      socket.destroy();
      resolve(outcome);
    };
    socket.setEncoding('utf8');
    socket.setTimeout(ANSWER_MS, () => {
      finish(loaMessages.noAnswer);
    });
    socket.on('data', (chunk: string) => {
      got += chunk;
      if (got.includes('\n')) finish(got.slice(0, got.indexOf('\n')));
      else if (got.length > MAX_ANSWER_BYTES) finish(loaMessages.strangeAnswer);
    });
    socket.on('error', (cause: NodeJS.ErrnoException) => {
      finish(cause.code === 'EACCES' ? loaMessages.noRight(path) : loaMessages.notRunning(path));
    });
    socket.on('close', () => {
      finish(loaMessages.strangeAnswer);
    });
  });
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch (cause) {
    if (cause instanceof SyntaxError) return undefined;
    throw cause;
  }
}
