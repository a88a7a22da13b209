/** `loa clock`: shows the clocks, also without the agent; `loa clock accept`: the person in front of the box says that the cloud is right. */
import { Argument } from '@commander-js/extra-typings';
import { setTimeout as sleep } from 'node:timers/promises';
import { clockMessages as words } from '../../shared/messages/clock.ts';
import { shownJson } from '../../shared/messages/text.ts';
import { answers } from '../local/protocol.ts';
import type { ClockNow } from '../local/clock-protocol.ts';
import { ask } from './ask.ts';
import { clockPage, disputeLines, settlementLines, type ClocksSeen } from './clock-page.ts';
import { configOf, exits, oneLine, type Desk, type Shared } from './desk.ts';
import { thisMachine, type World } from './doctor/look.ts';
import { examineWith } from './machine/installed.ts';
import { probeMachine } from './machine/machine.ts';
import { inLanguage } from './page.ts';

const WAIT_MS = 90_000;
const LOOK_MS = 500;
const TELL_MS = 10_000;

export const clock = (desk: Desk, world: World = thisMachine) =>
  desk
    .command('clock', words.about, words.inShort)
    .addArgument(new Argument('[accept]', oneLine(words.aboutAccept)).choices(['accept'] as const))
    .option('--yes', oneLine(words.aboutYes))
    .option('--config <file>', oneLine(words.aboutConfig), configOf(desk))
    .action(async (action, options) => {
      if (action === 'accept') await accept(desk, options);
      else show(desk, options, await look(options, world));
    });

function show(desk: Desk, { json, lang }: Shared, seen: ClocksSeen): void {
  desk.exit = exitOf(seen);
  if (json === true) desk.terminal.out(`${shownJson(seen)}\n`);
  else print(desk, clockPage(seen, inLanguage(lang)));
}

function exitOf({ isRunning, box }: ClocksSeen) {
  if (!isRunning) return exits.notRunning;
  const isWell = typeof box !== 'string' && box.dispute === null && box.state !== 'FLOOR';
  return isWell ? exits.well : exits.problems;
}

type Options = { readonly socket: string; readonly config: string };

async function look({ socket, config }: Options, { roots, run, nowMs }: World): Promise<ClocksSeen> {
  const asked = await ask(socket, { ask: 'clock' }, answers.clock);
  const { rtcAheadS } = await probeMachine(roots, nowMs);
  const systemAtMs = nowMs();
  return {
    isRunning: asked.kind !== 'unreached',
    box: asked.kind === 'answered' ? asked.answer : await boxFromStore(run, config),
    systemAtMs,
    chipAtMs: rtcAheadS === null ? null : Math.floor(systemAtMs / 1000 + rtcAheadS) * 1000,
  };
}

/** As the agent would read it if it ran now, but for what the cloud says. */
async function boxFromStore(run: World['run'], config: string): Promise<ClockNow | string> {
  const examined = await examineWith(run, config);
  if (typeof examined === 'string') return examined;
  const { kept } = examined;
  if (kept === null) return config;
  return kept.ok ? (kept.clock ?? kept.dev ?? '–') : `${kept.why}: ${kept.detail}`;
}

const print = ({ terminal }: Desk, lines: readonly string[]): void => {
  terminal.out(`${lines.join('\n')}\n`);
};

type Accepting = Shared & { readonly yes?: true };

async function accept(desk: Desk, options: Accepting): Promise<void> {
  const shown = await disputeSeen(desk, options);
  if (shown === null || !(await isConfirmed(desk, options))) return;
  const begun = await ask(options.socket, { ask: 'settle', aheadMs: shown.aheadMs }, answers.settling);
  if (begun.kind !== 'answered') {
    desk.tell(options, begun, () => []);
    return;
  }
  const now = desk.tell(options, await untilSettled(desk, options), settlementLines);
  if (now !== null && !isSettled(now)) desk.exit = exits.problems;
}

const isSettled = ({ settlement }: ClockNow): boolean =>
  settlement?.kind === 'settled' || settlement?.kind === 'agreed';

/** Shows both times; null, and said why, where there is nothing that could be confirmed here. */
async function disputeSeen(desk: Desk, options: Shared): Promise<ClockNow['dispute']> {
  const asked = await ask(options.socket, { ask: 'clock' }, answers.clock);
  if (asked.kind !== 'answered') {
    desk.tell(options, asked, () => []);
    return null;
  }
  const { dispute } = asked.answer;
  if (dispute === null) {
    desk.refuse(words.refusals['no-dispute']);
    desk.exit = exits.problems;
    return null;
  }
  if (options.json !== true) print(desk, disputeLines(asked.answer, inLanguage(options.lang)));
  if (dispute.blocked === null) return dispute;
  desk.exit = exits.problems;
  return null;
}

async function isConfirmed(desk: Desk, options: Accepting): Promise<boolean> {
  if (options.yes === true) return true;
  const { confirm } = desk.terminal;
  if (confirm === undefined) {
    desk.refuse(words.notAsked);
    desk.exit = exits.usage;
    return false;
  }
  const typed = await confirm(words.question[options.lang]);
  if (/^(?:y|yes|co|có)$/i.test(typed.trim().normalize('NFC'))) return true;
  print(desk, [words.left[options.lang]]);
  desk.exit = exits.problems;
  return false;
}

/** Until something came of it, and not for ever: the confirmation itself stands for ten minutes. */
async function untilSettled(desk: Desk, options: Shared) {
  const say = inLanguage(options.lang);
  const stopped = new AbortController();
  desk.terminal.interrupted?.(() => {
    stopped.abort();
  });
  const beganMs = performance.now();
  let toldMs = 0;
  if (options.json !== true) print(desk, [say(words.asking)]);
  for (;;) {
    const asked = await ask(options.socket, { ask: 'clock' }, answers.clock);
    const passedMs = performance.now() - beganMs;
    const isOpen = asked.kind === 'answered' && asked.answer.settlement?.kind === 'open';
    if (!isOpen || stopped.signal.aborted || passedMs > WAIT_MS) return asked;
    if (options.json !== true && passedMs - toldMs > TELL_MS) {
      toldMs = passedMs;
      const trouble = asked.answer.linkError ?? say(words.noTrouble);
      print(desk, [say(words.stillAsking(Math.round(passedMs / 1000), trouble))]);
    }
    await sleep(LOOK_MS);
  }
}
