/** The commands of `loa`: what each asks, how its answer is shown, and which exit code it ends with. */
import { Command, CommanderError } from '@commander-js/extra-typings';
import { severityOf } from '../../shared/health/condition.ts';
import { loaMessages } from '../../shared/messages/loa.ts';
import type { BoxStatus } from '../../shared/wire/status.ts';
import { answers } from '../local/protocol.ts';
import { ask } from './ask.ts';
import { clock } from './clock.ts';
import { both, Desk, exits, helpWords, oneLine, type Exit, type Terminal } from './desk.ts';
import { devices, doctor } from './doctor.ts';
import { recordsPage } from './records-page.ts';
import { shell } from './shell.ts';
import { nextPage, statusPage } from './status-page.ts';
import { test, tune } from './test.ts';
import { Unfit, usageText } from './usage.ts';
import { whyPage } from './why-page.ts';

const DEFAULT_LIMIT = 20;

/** Runs one command line (without `node` and the script) and resolves with its exit code; never rejects for what a person did. */
export async function run(args: readonly string[], terminal: Terminal): Promise<Exit> {
  const desk = new Desk(terminal);
  try {
    await program(desk).parseAsync(args, { from: 'user' });
  } catch (cause) {
    if (!(cause instanceof CommanderError)) throw cause;
    if (cause.exitCode === 0) return exits.well;
    // `loa` alone shows the help, which says enough.
    if (cause.code !== 'commander.help') desk.refuse(loaMessages.badUsage(usageText(cause)));
    return exits.usage;
  }
  return desk.exit;
}

function program(desk: Desk) {
  const loa = new Command('loa')
    .description(both(loaMessages.about))
    .configureHelp(helpWords)
    .helpOption('-h, --help', oneLine(loaMessages.aboutHelp))
    .helpCommand('help [command]', oneLine(loaMessages.aboutHelp))
    .exitOverride()
    .configureOutput(desk.output)
    .addHelpText('after', `\n${both(loaMessages.exitCodes)}`)
    .addCommand(status(desk))
    .addCommand(why(desk))
    .addCommand(next(desk))
    .addCommand(records(desk))
    .addCommand(doctor(desk))
    .addCommand(devices(desk))
    .addCommand(clock(desk))
    .addCommand(test(desk))
    .addCommand(tune(desk));
  const commands = loa.commands.map((each) => each.name());
  return loa.addCommand(shell(desk, { run, commands }));
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
  throw new Unfit(loaMessages.badLimit(given));
}

/** Information alone is no problem. */
const hasProblems = ({ conditions }: BoxStatus): boolean =>
  conditions.some(({ code }) => severityOf(code) !== 'info');
