/** `loa-sign fm-beats groups`: at the station, without any key: the RDS groups of this half minute, once or on and on. */
import { setTimeout as wait } from 'node:timers/promises';
import { Command } from '@commander-js/extra-typings';
import { momentOf } from '../../shared/protocol/fm/beat-frame.ts';
import { beatAt, endOf, follow } from '../beat-stream.ts';
import type { Beat } from '../beat-stream.ts';
import { stationName } from '../beats.ts';
import { Ended, nowS, orEnd } from '../desk.ts';
import { isForOwnerAlone, readText } from '../files.ts';
import { MESSAGES } from '../messages.ts';
import { groupsText } from '../render/groups.ts';
import { knownZone, moment } from '../render/line.ts';
import { readSeeds } from '../seeds.ts';
import type { Seeds } from '../seeds.ts';
import { ask, isAttended, say } from '../terminal.ts';

type Options = {
  seeds: string;
  at?: string | undefined;
  follow?: true | undefined;
  yes?: true | undefined;
};

async function groups({ seeds: file, at, follow: isFollowing, yes }: Options): Promise<void> {
  const now = at === undefined ? nowS() : instantIn(at);
  const seeds = orEnd(readSeeds(orEnd(await readText(file))));
  if (!(await isForOwnerAlone(file))) say(MESSAGES.seedsOpen(file), 'warn', process.stderr);
  const beat = orEnd(beatAt(seeds, now));
  if (beat.fromS > nowS() && yes !== true) await confirmAhead();
  sayOf(seeds, beat);
  if (isFollowing === undefined || at !== undefined) {
    process.stdout.write(groupsText({ kind: 'beat', bytes: beat.bytes }));
    return;
  }
  await feed(file, seeds);
}

/** Until the seeds are over and the file holds no newer ones, or whoever reads has gone. */
async function feed(file: string, first: Seeds): Promise<void> {
  const gone = new AbortController();
  process.stdout.on('error', () => {
    gone.abort();
  });
  const around = {
    nowMs: () => Date.now(),
    wait: (ms: number) => wait(ms, undefined, { signal: gone.signal }),
  };
  try {
    for (let seeds = first; ; seeds = orEnd(readSeeds(orEnd(await readText(file))))) {
      orEnd(beatAt(seeds, nowS()));
      await follow(seeds, around, (beat) => {
        write(seeds, beat);
      });
    }
  } catch (error) {
    if (!gone.signal.aborted) throw error;
  }
}

/** A blank line ends each frame; at each midnight its people are told how long the seeds last. */
function write(seeds: Seeds, beat: Beat): void {
  process.stdout.write(`${groupsText({ kind: 'beat', bytes: beat.bytes })}\n`);
  if (momentOf(seeds.t0, beat.fromS).interval === 0) sayOf(seeds, beat);
}

const WRITTEN = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:\d{2})?$/;

/** Without a zone it is Vietnam's time. */
function instantIn(written: string): number {
  const zone = WRITTEN.exec(written)?.[2] === undefined ? '+07:00' : '';
  const at = WRITTEN.test(written) ? Date.parse(written + zone) / 1000 : NaN;
  if (Number.isNaN(at)) throw new Ended(MESSAGES.badTime, 2);
  return at;
}

const sayOf = (seeds: Seeds, { fromS }: Beat): void => {
  say(MESSAGES.beatOf(stationName(seeds), moment(knownZone(), fromS), endOf(seeds)), 'plain', process.stderr);
};

async function confirmAhead(): Promise<void> {
  if (!isAttended()) throw new Ended(MESSAGES.nobodyToAsk('--yes'), 2);
  const typed = await ask(MESSAGES.ahead);
  if (typed === null || !['hiện', 'hien'].includes(typed.normalize('NFC').trim().toLowerCase()))
    throw new Ended(MESSAGES.gaveUp);
}

export const groupsCommand = () =>
  new Command('groups')
    .summary('ở đài: nhóm RDS của nửa phút này · at the station: the RDS groups of this half minute')
    .description(
      'In 20 byte của nửa phút này rồi các nhóm 6A (số đoạn, khối 3, khối 4) cho bộ mã hóa RDS; không cần khóa.\nPrints the 20 bytes of this half minute, then its groups 6A (segment, block 3, block 4) for an RDS encoder; it needs no key.',
    )
    .requiredOption('--seeds <file>', 'tệp mầm nhịp · the file of seeds')
    .option('--follow', 'in tiếp mỗi nửa phút, đến khi hết mầm · on and on, each half minute, until they end')
    .option('--at <time>', 'giờ khác, để thử · another time, for trials')
    .option('--yes', 'hiện cả nhịp của giờ chưa đến, không hỏi · show a beat of a time to come, do not ask')
    .action(groups);
