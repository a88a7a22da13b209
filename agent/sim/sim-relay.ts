/** A relay whose wire is a small process of its own: it opens when its owner is gone, as the hardware does, and writes down what it did. */
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Relay, RelayObserved } from '../devices/relay/seam.ts';

/** One line of the wire's history: it was so from this uptime (CLOCK_MONOTONIC, to 10 ms) on. */
export type WireState = { readonly upMs: number; readonly on: boolean; readonly why: string };

/**
 * The wire: obeys lines on its input, answers with what it is, and is off before the first one and after the last.
 * A shell, since it is small and needs no file of ours on a box.
 */
const wireProgram = `
state=off; stuck=no
note() { read -r up rest < /proc/uptime
  printf '{"upMs":%s0,"on":%s,"why":"%s"}\\n' "\${up%.*}\${up#*.}" "$([ $state = on ] && echo true || echo false)" "$1" >> "$0"; }
note start
while read -r line; do
  case $line in
    on|off) [ $stuck = yes ] || { state=$line; note asked; } ;;
    stick) stuck=yes ;;
    free) stuck=no ;;
    hang) while read -r line; do :; done; break ;;
  esac
  echo $state
done
state=off; note 'owner gone'
`;

/** Read by whoever stands outside, while the relay works or after its owner died; oldest first. */
export const readWire = (historyPath: string): readonly WireState[] =>
  readFileSync(historyPath, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as WireState);

export class SimRelay implements Relay {
  readonly #historyPath: string;
  readonly #answerMs: number;
  #wire: ChildProcessWithoutNullStreams | null = null;
  #on: boolean | null = null;
  #failure: string | null = 'not open';
  #last: Promise<unknown> = Promise.resolve();
  #answered: (said: string | null) => void = () => undefined;

  /** The history is appended to at this path. */
  constructor(historyPath: string, answerMs = 2_000) {
    this.#historyPath = historyPath;
    this.#answerMs = answerMs;
  }

  /** Process id of the wire, for tests that take it away. */
  get wirePid(): number | null {
    return this.#wire?.pid ?? null;
  }

  async open(): Promise<void> {
    this.#connect();
    await this.set(false);
  }

  async set(on: boolean): Promise<void> {
    if (this.#wire === null) this.#connect();
    const asked = on ? 'on' : 'off';
    const said = await this.#ask(asked);
    this.#on = said === null ? null : said === 'on';
    if (said === null) this.#failure = 'the wire does not answer';
    else this.#failure = said === asked ? null : `asked for ${asked}, the wire is ${said}`;
  }

  observe(): RelayObserved {
    return { on: this.#on, failure: this.#failure };
  }

  close(): Promise<void> {
    const wire = this.#wire;
    this.#wire = null;
    this.#on = null;
    this.#failure = 'not open';
    if (wire === null || wire.exitCode !== null) return Promise.resolve();
    return new Promise((resolve) => {
      wire.once('close', () => {
        resolve();
      });
      wire.stdin.end();
    });
  }

  /** The contact no longer follows: welded or corroded. */
  async stick(): Promise<void> {
    await this.#ask('stick');
  }

  async free(): Promise<void> {
    await this.#ask('free');
  }

  /** The line no longer answers; what it is cannot be read. */
  hang(): void {
    this.#wire?.stdin.write('hang\n');
  }

  /** The wire is torn off; the next `set` finds another. */
  unplug(): void {
    this.#wire?.kill('SIGKILL');
  }

  #connect(): void {
    // A session of its own: what ends its owner's whole group does not keep it from opening.
    const wire = spawn('sh', ['-c', wireProgram, this.#historyPath], { detached: true });
    this.#wire = wire;
    wire.stderr.resume();
    wire.stdin.on('error', () => undefined);
    createInterface({ input: wire.stdout }).on('line', (line) => {
      this.#answered(line);
    });
    const gone = (): void => {
      if (this.#wire !== wire) return;
      this.#wire = null;
      this.#on = null;
      this.#failure = 'the wire is gone';
      this.#answered(null);
    };
    wire.once('error', gone);
    wire.once('close', gone);
  }

  /** One question at a time, since answers carry no name. */
  #ask(line: string): Promise<string | null> {
    const answer = this.#last.then(() => this.#askNow(line));
    this.#last = answer;
    return answer;
  }

  #askNow(line: string): Promise<string | null> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.#answered(null);
      }, this.#answerMs);
      this.#answered = (said) => {
        clearTimeout(timer);
        this.#answered = () => undefined;
        resolve(said);
      };
      this.#wire?.stdin.write(`${line}\n`);
    });
  }
}
