#!/usr/bin/env node
/** The program `loa-sign`: on a person's own machine, so that no server can be it (protocol.md §9). */
import { Command, CommanderError } from '@commander-js/extra-typings';
import type { CommandUnknownOpts } from '@commander-js/extra-typings';
import { keyringCommand, trustCommand } from './commands/ceremony.ts';
import { draftCommand, orderCommand } from './commands/draft.ts';
import { fmBeatsCommand } from './commands/fm-beats.ts';
import { fmOrderCommand } from './commands/fm-order.ts';
import { inspectCommand } from './commands/inspect.ts';
import { keygenCommand } from './commands/keygen.ts';
import { mergeCommand } from './commands/merge.ts';
import { pinCommand, placesCommand } from './commands/pin.ts';
import { signCommand } from './commands/sign.ts';
import { Ended } from './desk.ts';
import { MESSAGES } from './messages.ts';
import { print, say } from './terminal.ts';
import { danger } from './render/line.ts';
import { shown } from '../shared/messages/text.ts';

const REFUSED = 1;
const MISUSED = 2;

function program() {
  return new Command('loa-sign')
    .description(
      'Ký văn bản của hệ thống loa trên máy của chính người ký.\nSigns documents of the loudspeaker system, on the machine of the person who signs.',
    )
    .addHelpText(
      'after',
      `
Trình tự thường dùng · The usual way:
  keygen → trust new → sign → merge → pin        lễ tạo tin cậy · the ceremony
  draft → sign → (người thứ hai · second person) inspect → sign

Mã thoát · Exit codes: 0 xong · done, 1 từ chối · refused, 2 gọi sai · wrong usage`,
    )
    .addCommand(keygenCommand())
    .addCommand(trustCommand())
    .addCommand(keyringCommand())
    .addCommand(draftCommand())
    .addCommand(orderCommand())
    .addCommand(fmOrderCommand())
    .addCommand(fmBeatsCommand())
    .addCommand(inspectCommand())
    .addCommand(signCommand())
    .addCommand(mergeCommand())
    .addCommand(pinCommand())
    .addCommand(placesCommand());
}

/** Commands that were made apart inherit nothing: each is told to throw, and how to speak of wrong usage. */
function prepare(command: CommandUnknownOpts): void {
  command.exitOverride();
  command.configureOutput({
    outputError: (message, write) => {
      write(`Gọi sai · wrong usage: ${shown(message.trimEnd(), Infinity)}\n`);
    },
  });
  for (const inner of command.commands) prepare(inner);
}

async function main(): Promise<number> {
  const command = program();
  prepare(command);
  try {
    await command.parseAsync();
    return Number(process.exitCode ?? 0);
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : MISUSED;
    if (error instanceof Ended) {
      say(error.why, 'danger', process.stderr);
      return error.exitCode;
    }
    say(MESSAGES.broken, 'danger', process.stderr);
    print([danger(error instanceof Error ? `${error.name}: ${error.message}` : String(error))]);
    return REFUSED;
  }
}

process.exitCode = await main();
