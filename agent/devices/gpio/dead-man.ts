/**
 * The hand on a relay's line when the agent's is gone: a small process that puts the line to its safe level when its
 * owner dies, is killed, or hangs. sysfs keeps the last level of a dead process, so that nobody else would.
 */
import { spawn, type ChildProcessByStdio } from 'node:child_process';
import type { Writable } from 'node:stream';

/**
 * Writes the safe level when no pulse came for so long (the owner hangs) and when its input ends (the owner is gone).
 * Deaf to the signals that end a whole group or unit: it ends after its owner, never before. bash, since only its
 * `read` waits for a limited time.
 */
const program = `
trap '' TERM INT HUP ABRT QUIT
while :; do
  read -r -t "$3" line && continue
  [ $? -gt 128 ] && over=no || over=yes
  printf '%s' "$2" > "$1"
  [ $over = yes ] && exit
done
`;

const CLOSE_MS = 1_000;

export class DeadMan {
  readonly #levelFile: string;
  readonly #safeLevel: 0 | 1;
  readonly #afterMs: number;
  #process: ChildProcessByStdio<Writable, null, null> | null = null;
  #failure: string | null = null;

  /** `afterMs`: without a pulse for so long the owner counts as hung. */
  constructor(levelFile: string, safeLevel: 0 | 1, afterMs: number) {
    this.#levelFile = levelFile;
    this.#safeLevel = safeLevel;
    this.#afterMs = afterMs;
  }

  get failure(): string | null {
    return this.#failure;
  }

  /** To be called several times in `afterMs`. Starts the process, and starts it again where it was killed. */
  pulse(): void {
    this.#process ??= this.#start();
    this.#process.stdin.write('\n');
  }

  /** The line goes to its safe level; resolves when it has, or when it hangs in the kernel. */
  close(): Promise<void> {
    const watching = this.#process;
    this.#process = null;
    if (watching === null) return Promise.resolve();
    return new Promise((resolve) => {
      const late = setTimeout(resolve, CLOSE_MS);
      const isOver = () => {
        clearTimeout(late);
        resolve();
      };
      watching.once('close', isOver);
      watching.once('error', isOver);
      watching.stdin.end();
    });
  }

  #start(): ChildProcessByStdio<Writable, null, null> {
    const args = [this.#levelFile, String(this.#safeLevel), String(this.#afterMs / 1000)];
    const started = spawn('bash', ['--norc', '--noprofile', '-c', program, 'loa-dead-man', ...args], {
      stdio: ['pipe', 'ignore', 'ignore'],
      detached: true,
    });
    started.once('spawn', () => {
      this.#failure = null;
    });
    const gone = (why: string) => {
      if (this.#process !== started) return;
      this.#process = null;
      this.#failure = `nothing would switch the line off if the agent died: ${why}`;
    };
    started.once('error', (cause) => {
      gone(cause.message);
    });
    started.once('close', () => {
      gone('its watch process has ended');
    });
    // Written to while it dies: `close` tells of it.
    started.stdin.on('error', () => undefined);
    started.unref();
    return started;
  }
}
