/** `loa test` and `loa tune`: begin a test at the box, wait until it is over, and say what came of it. */
import { Argument } from '@commander-js/extra-typings';
import { shellMessages } from '../../shared/messages/shell.ts';
import { trialMessages } from '../../shared/messages/trial.ts';
import { answers } from '../local/protocol.ts';
import { SECONDS_MOST, WORKS } from '../local/trial-protocol.ts';
import type { TrialAsked, TrialSeen } from '../local/trial-protocol.ts';
import type { Asked } from './ask.ts';
import { exits, oneLine, type Desk, type Shared } from './desk.ts';
import { inLanguage } from './page.ts';
import { Talk } from './talk.ts';
import { trialPage } from './trial-page.ts';
import { Unfit } from './usage.ts';

const DEFAULT_S = 10;
/** RDS takes some seconds to spell a name. */
const TUNE_S = 5;
const LOOK_MS = 250;

export const test = (desk: Desk) =>
  desk
    .command('test', trialMessages.aboutTest, trialMessages.testInShort)
    .addArgument(new Argument('<device>', oneLine(trialMessages.aboutWork)).choices(WORKS))
    .option('-s, --seconds <count>', oneLine(trialMessages.aboutSeconds), secondsOf, DEFAULT_S)
    .option('--now', oneLine(trialMessages.aboutNow))
    .option('--aloud', oneLine(trialMessages.aboutAloud))
    .option('--mhz <frequency>', oneLine(trialMessages.aboutTuneTo), khzOf)
    .action(async (work, options) => {
      const { seconds, now = false, aloud = false, mhz = null } = options;
      await undergo(desk, options, { ask: 'test', work, seconds, now, aloud, frequencyKhz: mhz });
    });

export const tune = (desk: Desk) =>
  desk
    .command('tune', trialMessages.aboutTune, trialMessages.tuneInShort)
    .argument('<MHz>', oneLine(trialMessages.aboutFrequency), khzOf)
    .option('-s, --seconds <count>', oneLine(trialMessages.aboutSeconds), secondsOf, TUNE_S)
    .action(async (frequencyKhz, options) => {
      await undergo(desk, options, { ask: 'tune', frequencyKhz, seconds: options.seconds });
    });

/** The test lives as long as this connection: a terminal that goes away ends it. */
async function undergo(desk: Desk, options: Shared, asked: TrialAsked): Promise<void> {
  const talk = new Talk(options.socket);
  const stopped = new AbortController();
  desk.terminal.interrupted?.(() => {
    stopped.abort();
    talk.close();
  });
  try {
    const begun = await talk.ask(asked, answers.begun);
    const seen =
      begun.kind === 'answered' ? await untilOver(desk, options, asked, talk, begun.answer.id) : begun;
    if (stopped.signal.aborted) {
      desk.terminal.out(`${inLanguage(options.lang)(shellMessages.stopped)}\n`);
      desk.exit = exits.problems;
      return;
    }
    const answer = desk.tell(options, seen, trialPage);
    if (answer !== null && answer.passed !== true) desk.exit = exits.problems;
  } finally {
    talk.close();
  }
}

async function untilOver(
  desk: Desk,
  options: Shared,
  asked: TrialAsked,
  talk: Talk,
  id: string,
): Promise<Asked<TrialSeen>> {
  const say = inLanguage(options.lang);
  const what = say(trialMessages.works[asked.ask === 'tune' ? 'tune' : asked.work]);
  if (options.json !== true) desk.terminal.out(`${say(trialMessages.begins(what, asked.seconds))}\n`);
  for (;;) {
    const seen = await talk.ask({ ask: 'trial', id }, answers.trial);
    if (seen.kind !== 'answered' || seen.answer.over) return seen;
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}

function secondsOf(given: string): number {
  const count = Number(given);
  if (Number.isInteger(count) && count >= 1 && count <= SECONDS_MOST) return count;
  throw new Unfit(trialMessages.badSeconds(given));
}

/** `101.9` to 101,900 kHz. */
function khzOf(given: string): number {
  const khz = /^\d{2,3}(?:[.,]\d{1,3})?$/.test(given)
    ? Math.round(Number(given.replace(',', '.')) * 1000)
    : NaN;
  if (khz >= 50_000 && khz <= 108_000) return khz;
  throw new Unfit(trialMessages.badFrequency(given));
}
