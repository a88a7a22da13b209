/** What the commands of `loa` share: one way to be declared, one way to end. */
import { Command, Option } from '@commander-js/extra-typings';
import { loaMessages } from '../../shared/messages/loa.ts';
import { shownJson, type Language, type Text } from '../../shared/messages/text.ts';
import type { Asked } from './ask.ts';
import { inLanguage, wrapped, type In } from './page.ts';

export const exits = { well: 0, problems: 1, usage: 2, notRunning: 3 } as const;
export type Exit = (typeof exits)[keyof typeof exits];

/** Where the command writes, and what it is told by the environment. */
export type Terminal = {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Where `loa shell` reads and echoes; by default what the process has. */
  readonly console?: { readonly input: NodeJS.ReadableStream; readonly output: NodeJS.WritableStream };
  /** Asks the person at the terminal; the line that was typed, empty where none was. Absent: nobody is there. */
  readonly confirm?: (question: string) => Promise<string>;
  /** Told by a command that takes its time how it is ended early. */
  readonly interrupted?: (stop: () => void) => void;
};

const DEFAULT_SOCKET = '/run/loa/loa.sock';
const DEFAULT_CONFIG = '/etc/loa/agent.json';

export const both = ({ vi, en }: Text): string => `${vi}\n${en}`;
export const oneLine = ({ vi, en }: Text): string => `${vi} / ${en}`;

/** The parser's own words of a help page. */
const TITLES: Readonly<Record<string, string>> = {
  'Usage:': 'Cách dùng / Usage:',
  'Arguments:': 'Tham số / Arguments:',
  'Options:': 'Tùy chọn / Options:',
  'Commands:': 'Lệnh / Commands:',
};
/** A command takes one line of the list where its words allow: twenty-four lines hold all. */
export const helpWords = {
  styleTitle: (title: string): string => TITLES[title] ?? title,
  subcommandTerm: (command: { name: () => string; usage: () => string }): string =>
    `${command.name()} ${command.usage()}`.replace('[options]', '').replace(/ +/g, ' ').trim(),
};

export type Shared = { readonly json?: true; readonly socket: string; readonly lang: Language };

export class Desk {
  readonly terminal: Terminal;
  exit: Exit = exits.well;

  constructor(terminal: Terminal) {
    this.terminal = terminal;
  }

  /** `inShort`: its line in the list of commands. */
  command(name: string, about: Text, inShort = about) {
    const { environment } = this.terminal;
    const language: Language = environment['LOA_LANG'] === 'en' ? 'en' : 'vi';
    return new Command(name)
      .description(oneLine(about))
      .summary(oneLine(inShort))
      .configureHelp(helpWords)
      .helpOption('-h, --help', oneLine(loaMessages.aboutHelp))
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
    const { out } = this.terminal;
    return { writeOut: out, writeErr: out, outputError: () => undefined };
  }

  /** Says in both languages, on lines that fit, why there is no answer. */
  refuse({ vi, en }: Text): void {
    const lines = [vi, en].flatMap((line) => wrapped(line, 2));
    this.terminal.err(`${lines.join('\n')}\n`);
  }

  /** Prints an answer as JSON or as a page, or says why there is none. */
  tell<T>(options: Shared, asked: Asked<T>, page: (answer: T, say: In) => readonly string[]): T | null {
    if (asked.kind !== 'answered') {
      this.refuse(asked.kind === 'refused' ? asked.refusal.text : asked.why);
      this.exit = exitOf(asked);
      return null;
    }
    const { answer } = asked;
    const text =
      options.json === true ? shownJson(answer) : page(answer, inLanguage(options.lang)).join('\n');
    this.terminal.out(`${text}\n`);
    return answer;
  }
}

/** What `--config` is where nobody gives it. */
export const configOf = ({ terminal }: Desk): string => terminal.environment['LOA_CONFIG'] ?? DEFAULT_CONFIG;

function exitOf(asked: Asked<unknown>): Exit {
  if (asked.kind === 'unreached') return exits.notRunning;
  return asked.kind === 'refused' && asked.refusal.code === 'BAD_TIME' ? exits.usage : exits.problems;
}
