/** The commands of `loa`: what each asks, how its answer is shown, and which exit code it ends with. */
import { Command, CommanderError, InvalidArgumentError, Option } from '@commander-js/extra-typings';
import { severityOf } from '../../shared/health/condition.ts';
import { loaMessages } from '../../shared/messages/loa.ts';
import { shownJson, type Language, type Text } from '../../shared/messages/text.ts';
import type { BoxStatus } from '../../shared/wire/status.ts';
import { answers } from '../local/protocol.ts';
import { ask, type Asked } from './ask.ts';
import { inLanguage, type In } from './page.ts';
import { recordsPage } from './records-page.ts';
import { nextPage, statusPage } from './status-page.ts';
import { whyPage } from './why-page.ts';

export const exits = { well: 0, problems: 1, usage: 2, notRunning: 3 } as const;
type Exit = (typeof exits)[keyof typeof exits];

/** Where the command writes, and what it is told by the environment. */
export type Terminal = {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  readonly environment: Readonly<Record<string, string | undefined>>;
};

const DEFAULT_SOCKET = '/run/loa/loa.sock';
const DEFAULT_LIMIT = 20;

const both = ({ vi, en }: Text): string => `${vi}\n${en}`;
const oneLine = ({ vi, en }: Text): string => `${vi} / ${en}`;

type Shared = { readonly json?: true; readonly socket: string; readonly lang: Language };

/** Runs one command line (without `node` and the script) and resolves with its exit code; never rejects for what a person did. */
export async function run(args: readonly string[], terminal: Terminal): Promise<Exit> {
  const desk = new Desk(terminal);
  try {
    await program(desk).parseAsync(args, { from: 'user' });
  } catch (cause) {
    if (!(cause instanceof CommanderError)) throw cause;
    if (cause.exitCode === 0) return exits.well;
    // `loa` alone shows the help, which says enough.
    if (cause.code !== 'commander.help')
      terminal.err(`${both(loaMessages.badUsage(plainly(cause.message)))}\n`);
    return exits.usage;
  }
  return desk.exit;
}

const plainly = (message: string): string => message.replace(/^error: /, '');

/** What the commands share: one way to be declared, and one way to end. */
class Desk {
  readonly #terminal: Terminal;
  exit: Exit = exits.well;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  command(name: string, about: Text) {
    const { environment } = this.#terminal;
    const language: Language = environment['LOA_LANG'] === 'en' ? 'en' : 'vi';
    return new Command(name)
      .description(oneLine(about))
      .option('--json', oneLine(loaMessages.aboutJson))
      .option(
        '--socket <path>',
        oneLine(loaMessages.aboutSocket),
        environment['LOA_SOCKET'] ?? DEFAULT_SOCKET,
      )
      .addOption(
        new Option('--lang <language>', oneLine(loaMessages.aboutLang))
          .choices(['vi', 'en'] as const)
          .default(language),
      )
      .exitOverride()
      .configureOutput(this.output);
  }

  /** Errors are told by `run`, in both languages. */
  get output() {
    const { out } = this.#terminal;
    return { writeOut: out, writeErr: out, outputError: () => undefined };
  }

  /** Prints an answer as JSON or as a page, or says why there is none. */
  tell<T>(options: Shared, asked: Asked<T>, page: (answer: T, say: In) => readonly string[]): T | null {
    if (asked.kind !== 'answered') {
      this.#terminal.err(`${both(asked.kind === 'refused' ? asked.refusal.text : asked.why)}\n`);
      this.exit = exitOf(asked);
      return null;
    }
    const { answer } = asked;
    const text =
      options.json === true ? shownJson(answer) : page(answer, inLanguage(options.lang)).join('\n');
    this.#terminal.out(`${text}\n`);
    return answer;
  }
}

function program(desk: Desk) {
  return new Command('loa')
    .description(both(loaMessages.about))
    .exitOverride()
    .configureOutput(desk.output)
    .addHelpText('after', `\n${both(loaMessages.exitCodes)}`)
    .addCommand(status(desk))
    .addCommand(why(desk))
    .addCommand(next(desk))
    .addCommand(records(desk));
}

const status = (desk: Desk) =>
  desk.command('status', loaMessages.aboutStatus).action(async (options) => {
    const asked = await ask(options.socket, { ask: 'status' }, answers.status);
    const answer = desk.tell(options, asked, statusPage);
    if (answer !== null && hasProblems(answer)) desk.exit = exits.problems;
  });

const why = (desk: Desk) =>
  desk
    .command('why', loaMessages.aboutWhy)
    .argument('[time]', oneLine(loaMessages.aboutTime))
    .action(async (time, options) => {
      const asked = await ask(options.socket, { ask: 'why', at: time ?? null }, answers.why);
      desk.tell(options, asked, whyPage);
    });

const next = (desk: Desk) =>
  desk.command('next', loaMessages.aboutNext).action(async (options) => {
    const asked = await ask(options.socket, { ask: 'next' }, answers.next);
    // Only the box knows what day it is: every line carries its date.
    desk.tell(options, asked, (coming, say) => nextPage(coming, null, say));
  });

const records = (desk: Desk) =>
  desk
    .command('records', loaMessages.aboutRecords)
    .option('-n, --limit <count>', oneLine(loaMessages.aboutLimit), limitOf, DEFAULT_LIMIT)
    .action(async (options) => {
      const asked = await ask(options.socket, { ask: 'records', limit: options.limit }, answers.records);
      desk.tell(options, asked, recordsPage);
    });

function limitOf(given: string): number {
  const count = Number(given);
  if (Number.isInteger(count) && count >= 1 && count <= 1000) return count;
  throw new InvalidArgumentError(oneLine(loaMessages.badLimit(given)));
}

/** Information alone is no problem. */
const hasProblems = ({ conditions }: BoxStatus): boolean =>
  conditions.some(({ code }) => severityOf(code) !== 'info');

function exitOf(asked: Asked<unknown>): Exit {
  if (asked.kind === 'unreached') return exits.notRunning;
  return asked.kind === 'refused' && asked.refusal.code === 'BAD_TIME' ? exits.usage : exits.problems;
}
