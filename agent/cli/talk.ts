/** One connection to the agent for several questions, one after the other: what was begun on it ends with it. */
import net from 'node:net';
import type { z } from 'zod';
import { loaMessages } from '../../shared/messages/loa.ts';
import type { Text } from '../../shared/messages/text.ts';
import type { Refusal, Request } from '../local/protocol.ts';
import { answerIn, type Asked } from './ask.ts';

const ANSWER_MS = 10_000;

export class Talk {
  readonly #socket: net.Socket;
  readonly #path: string;
  #rest = '';
  #isLost = false;
  #answered: (got: string | Text) => void = () => undefined;

  constructor(path: string) {
    this.#path = path;
    this.#socket = net.connect(path);
    this.#socket.setEncoding('utf8');
    this.#socket.on('data', (chunk: string) => {
      this.#take(chunk);
    });
    this.#socket.on('error', (cause: NodeJS.ErrnoException) => {
      this.#lose(cause.code === 'EACCES' ? loaMessages.noRight(path) : loaMessages.notRunning(path));
    });
    this.#socket.on('close', () => {
      this.#lose(loaMessages.notRunning(path));
    });
  }

  /** The agent is gone; a new talk may find it again. */
  get isLost(): boolean {
    return this.#isLost;
  }

  async ask<T>(
    asked: Request,
    schema: z.ZodType<{ readonly ok: true; readonly answer: T } | Refusal>,
  ): Promise<Asked<T>> {
    if (this.#isLost) return { kind: 'unreached', why: loaMessages.notRunning(this.#path) };
    const got = await new Promise<string | Text>((resolve) => {
      const timer = setTimeout(() => {
        resolve(loaMessages.noAnswer);
      }, ANSWER_MS);
      this.#answered = (each) => {
        clearTimeout(timer);
        resolve(each);
      };
      this.#socket.write(`${JSON.stringify(asked)}\n`);
    });
    return answerIn(got, schema);
  }

  close(): void {
    this.#socket.destroy();
  }

  #take(chunk: string): void {
    this.#rest += chunk;
    const end = this.#rest.indexOf('\n');
    if (end === -1) return;
    const line = this.#rest.slice(0, end);
    this.#rest = this.#rest.slice(end + 1);
    this.#answered(line);
  }

  #lose(why: Text): void {
    this.#isLost = true;
    this.#answered(why);
  }
}
