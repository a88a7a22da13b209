/** Asks systemd for one mpv as a user of its own (systemd/loa-player-*): the connection starts it, and ends it. */
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { join } from 'node:path';

/** Where an installed box keeps its players apart. */
export const placesOf = (playerFolder: string, name: string) => ({
  /** systemd listens here. */
  asks: join(playerFolder, `${name}.sock`),
  /** The player's own folder, written to by nobody else. */
  own: join(playerFolder, name),
  /** What the agent draws for its players to read. */
  pages: join(playerFolder, 'pages'),
});

/** After so long without an end the connection is given up: its other end does not even run. */
const endWithinMs = 5_000;
const lastWordsBytes = 2_000;

/** The player's answers: first mpv's process id, then whatever it complains about. */
class PlayerLine {
  readonly exited: Promise<string>;
  readonly #socket: Socket;
  #pid: number | null = null;
  #said = '';

  constructor(path: string) {
    const socket = connect(path);
    this.#socket = socket;
    socket.on('data', (chunk: Buffer) => {
      this.#hear(chunk.toString());
    });
    socket.on('error', (error) => {
      this.#hear(`${error.message}\n`);
    });
    this.exited = new Promise((resolve) => {
      socket.once('close', () => {
        resolve(this.#said.trim());
      });
    });
  }

  get pid(): number | null {
    return this.#pid;
  }
  get open(): boolean {
    return !this.#socket.destroyed;
  }

  send(lines: readonly string[]): void {
    this.#socket.write(`${lines.join('\n')}\n\n`);
  }

  kill(): void {
    this.#socket.end();
    setTimeout(() => this.#socket.destroy(), endWithinMs).unref();
  }

  #hear(text: string): void {
    this.#said += text;
    const first = /^(\d+)\n/.exec(this.#said);
    if (this.#pid === null && first !== null) {
      this.#pid = Number(first[1]);
      this.#said = this.#said.slice(first[0].length);
    }
    this.#said = this.#said.slice(-lastWordsBytes);
  }
}

export type ApartStart = {
  readonly playerFolder: string;
  readonly name: string;
  readonly env: Readonly<Record<string, string>>;
  readonly flags: readonly string[];
};

/** An mpv that was asked for, whether or not it answers yet. */
export type BegunMpv = {
  /** Null until it has begun. */
  readonly pid: number | null;
  readonly open: boolean;
  readonly socketPath: string;
  /** Why it ended, with the last words of its error output. */
  readonly exited: Promise<string>;
  readonly kill: () => void;
};

export const askForMpv = ({ playerFolder, name, env, flags }: ApartStart): BegunMpv => {
  const { asks, own } = placesOf(playerFolder, name);
  const line = new PlayerLine(asks);
  line.send([...Object.entries(env).map(([key, value]) => `${key}=${value}`), ...flags]);
  return {
    get pid() {
      return line.pid;
    },
    get open() {
      return line.open;
    },
    socketPath: join(own, 's'),
    exited: line.exited,
    kill: () => {
      line.kill();
    },
  };
};
