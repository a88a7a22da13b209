/** One question to whoever sits at the terminal, for a minute at most: who has gone away has not said yes. */
import type { Interface } from 'node:readline';

const ANSWER_MS = 60_000;

/** The line that was typed; empty where none came, or the terminal was closed. */
export function askLine(lines: Interface, question: string, answerMs = ANSWER_MS): Promise<string> {
  return new Promise((resolve) => {
    const signal = AbortSignal.timeout(answerMs);
    const none = () => {
      resolve('');
    };
    signal.addEventListener('abort', none, { once: true });
    lines.once('close', none);
    lines.question(question, { signal }, resolve);
  });
}
