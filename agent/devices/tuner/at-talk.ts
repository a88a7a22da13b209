/**
 * Questions and answers in AT style over a serial line: one at a time, each with its time limit. Answers carry no
 * number, so that the late end of one that timed out would pass for the next: after a time-out the line is let fall
 * silent first, and a question takes only a value of its own name.
 */
import type { Pace } from '../bus/seam.ts';
import type { Port } from '../serial/seam.ts';

export type AtAnswer =
  /** The value of `+NAME:value`; null where none was asked for. */
  | { readonly ok: true; readonly value: string | null }
  | { readonly ok: false; readonly why: 'refused' | 'silent'; readonly words: string };

export type AtTimes = {
  readonly answerMs: number;
  /** A line without bytes for so long has fallen silent. */
  readonly quietMs: number;
};

type Question = {
  readonly name: string | null;
  value: string | null;
  readonly answered: (answer: AtAnswer) => void;
};

/** Longer than any answer: what comes without an end of line is noise. */
const LINE_LIMIT = 256;
/** A line that never falls silent is waited for no longer than so many silences. */
const QUIET_TRIES = 20;

export class AtTalk {
  readonly #port: Port;
  readonly #pace: Pace;
  readonly #times: AtTimes;
  readonly #onUnasked: (line: string) => void;
  #rest = '';
  #heardUpMs = 0;
  #heardNonsense = false;
  /** A line just opened may still carry the end of what somebody else asked. */
  #isSuspect = true;
  #question: Question | null = null;

  /** `onUnasked`: lines that begin with `+` while nothing is asked, or are of another name. */
  constructor(port: Port, pace: Pace, times: AtTimes, onUnasked: (line: string) => void) {
    this.#port = port;
    this.#pace = pace;
    this.#times = times;
    this.#onUnasked = onUnasked;
  }

  /** Bytes from the line, in whatever pieces. */
  hear(bytes: Uint8Array): void {
    this.#heardUpMs = this.#pace.upMs();
    const lines = (this.#rest + Buffer.from(bytes).toString('latin1')).split(/\r\n|\n|\r/);
    this.#rest = (lines.pop() ?? '').slice(-LINE_LIMIT);
    for (const line of lines) if (line !== '') this.#take(line);
  }

  /** `name`: the value that is asked for. Rejects with the port's fault where nothing can be written. */
  async ask(command: string, name: string | null = null, answerMs = this.#times.answerMs): Promise<AtAnswer> {
    if (this.#isSuspect) await this.#resynchronise();
    this.#heardNonsense = false;
    const over = new AbortController();
    try {
      const answer = new Promise<AtAnswer>((answered) => {
        this.#question = { name, value: null, answered };
      });
      const silence = this.#silence(command, answerMs, over.signal);
      return await Promise.race([answer, silence, this.#writeFault(`${command}\r\n`)]);
    } finally {
      this.#question = null;
      over.abort();
    }
  }

  async #silence(command: string, answerMs: number, signal: AbortSignal): Promise<AtAnswer> {
    await this.#pace.wait(answerMs, signal);
    if (!signal.aborted) this.#isSuspect = true;
    const heard = this.#heardNonsense || this.#rest !== '';
    const words = heard
      ? `no sense in the answer to ${command}: wrong speed, or noise on the line`
      : `no answer to ${command}`;
    return { ok: false, why: 'silent', words };
  }

  /** A write that is taken over says nothing; one that hangs is a silence like another. */
  async #writeFault(text: string): Promise<never> {
    await this.#port.write(Buffer.from(text, 'latin1'));
    return new Promise(() => undefined);
  }

  /** Ends whatever half line the module has of us, and lets its own late words pass. */
  async #resynchronise(): Promise<void> {
    const { quietMs } = this.#times;
    const ended = this.#writeFault('\r\n');
    let tries = 0;
    do {
      await Promise.race([ended, this.#pace.wait(quietMs)]);
      tries += 1;
    } while (tries < QUIET_TRIES && this.#pace.upMs() - this.#heardUpMs < quietMs);
    this.#rest = '';
    this.#isSuspect = false;
  }

  #take(line: string): void {
    const question = this.#question;
    const value = /^\+([A-Z]+):(.*)$/.exec(line);
    if (question === null || (value !== null && value[1] !== question.name)) this.#onUnasked(line);
    else if (value !== null) question.value = value[2] ?? '';
    else if (line === 'OK') this.#agree(question);
    else if (/^ERROR\b/.test(line)) question.answered({ ok: false, why: 'refused', words: line });
    else if (/^\+[A-Z]+$/.test(line)) this.#onUnasked(line);
    else this.#heardNonsense = true;
  }

  /** An OK without the value that was asked for belongs to an earlier command. */
  #agree({ name, value, answered }: Question): void {
    if (name === null || value !== null) answered({ ok: true, value });
  }
}
