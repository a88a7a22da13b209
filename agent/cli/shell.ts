/** `loa shell`: what somebody finds at the serial console of the locked cabinet. It can look and test, never publish, and each opening is told to the agent. */
import { createInterface } from 'node:readline';
import type { Interface } from 'node:readline';
import { shellMessages } from '../../shared/messages/shell.ts';
import type { Language, Text } from '../../shared/messages/text.ts';
import { answers } from '../local/protocol.ts';
import { askLine } from './ask-line.ts';
import type { Desk, Exit, Shared, Terminal } from './desk.ts';
import { padded, wrapped } from './page.ts';
import { SHELL_COMMANDS, typed } from './shell-line.ts';
import { Talk } from './talk.ts';

/** Whoever goes away and leaves the cabinet open leaves no open console. */
const IDLE_MS = 10 * 60_000;
const PROMPT = 'loa> ';

export type ShellParts = {
  readonly run: (args: readonly string[], terminal: Terminal) => Promise<Exit>;
  /** Names of the commands that there are. */
  readonly commands: readonly string[];
  readonly idleMs?: number;
};

export const shell = (desk: Desk, parts: ShellParts) =>
  desk.command('shell', shellMessages.about, shellMessages.inShort).action(async (options) => {
    await new Shell(desk.terminal, options, parts).serve();
  });

class Shell {
  readonly #terminal: Terminal;
  readonly #socket: string;
  readonly #parts: ShellParts;
  readonly #offered: readonly string[];
  readonly #lines: Interface;
  #language: Language;
  /** Held while the shell is open: its end is the closing, however the shell ends. */
  #talk: Talk | null = null;
  /** Ends the command that takes its time; null where none does. */
  #stop: (() => void) | null = null;

  constructor(terminal: Terminal, { socket, lang }: Shared, parts: ShellParts) {
    this.#terminal = terminal;
    this.#socket = socket;
    this.#parts = parts;
    this.#language = lang;
    this.#offered = SHELL_COMMANDS.filter((name) => parts.commands.includes(name));
    const { input, output } = terminal.console ?? { input: process.stdin, output: process.stdout };
    this.#lines = createInterface({
      input,
      output,
      prompt: PROMPT,
      historySize: 50,
      terminal: isTty(output),
    });
  }

  async serve(): Promise<void> {
    this.#say(shellMessages.closed);
    this.#lines.on('SIGINT', () => {
      if (this.#stop === null) this.#lines.write(null, { ctrl: true, name: 'u' });
      else this.#stop();
    });
    let isOpen = false;
    let idle: NodeJS.Timeout | null = null;
    for await (const line of this.#lines) {
      if (idle !== null) clearTimeout(idle);
      if (!isOpen) {
        isOpen = true;
        this.#say(shellMessages.opened);
      } else if (!(await this.#follow(line))) break;
      await this.#record();
      idle = setTimeout(() => {
        this.#say(shellMessages.idle);
        this.#lines.close();
      }, this.#parts.idleMs ?? IDLE_MS);
      this.#lines.prompt();
    }
    if (idle !== null) clearTimeout(idle);
    this.#lines.close();
    this.#talk?.close();
    if (isOpen) this.#say(shellMessages.bye);
  }

  /** False where it was the last. */
  async #follow(line: string): Promise<boolean> {
    const meant = typed(line, this.#offered);
    switch (meant.kind) {
      case 'nothing':
        return true;
      case 'exit':
        return false;
      case 'help':
        this.#help();
        return true;
      case 'unknown':
        this.#say(shellMessages.unknown);
        return true;
      case 'language':
        this.#language = meant.language;
        return true;
      case 'run':
        await this.#run(meant.args);
        return true;
    }
  }

  async #run(args: readonly string[]): Promise<void> {
    const { out, err } = this.#terminal;
    const environment = { LOA_SOCKET: this.#socket, LOA_LANG: this.#language };
    await this.#parts.run(args, {
      ...{ out, err, environment },
      confirm: (question) => askLine(this.#lines, question),
      interrupted: (stop) => {
        this.#stop = stop;
      },
    });
    this.#stop = null;
  }

  /** Before each prompt, so that an agent that was away hears of it as soon as it is back. */
  async #record(): Promise<void> {
    if (this.#talk?.isLost === false) return;
    const isFirst = this.#talk === null;
    this.#talk?.close();
    this.#talk = new Talk(this.#socket);
    const asked = await this.#talk.ask({ ask: 'console' }, answers.console);
    const isRecorded = asked.kind === 'answered' && asked.answer.recorded;
    if (!isRecorded) this.#talk.close();
    if (!isRecorded && isFirst) this.#say(shellMessages.unrecorded);
  }

  #help(): void {
    const { commands } = shellMessages;
    const named = Object.entries(commands).filter(
      ([name]) => !SHELL_COMMANDS.includes(name) || this.#offered.includes(name),
    );
    for (const [name, about] of named) {
      const lines = wrapped(`  ${padded(name, 9)}${about[this.#language]}`, 11);
      this.#terminal.out(`${lines.join('\n')}\n`);
    }
  }

  #say(what: Text): void {
    this.#terminal.out(`${wrapped(what[this.#language], 2).join('\n')}\n`);
  }
}

const isTty = (output: NodeJS.WritableStream): boolean => 'isTTY' in output && output.isTTY === true;
