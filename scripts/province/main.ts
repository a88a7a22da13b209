/** The whole path on one machine: a province at work for as long as you watch, or `--check`ed in bounded time. */
import { execFile } from 'node:child_process';
import { join, relative } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs, promisify } from 'node:util';
import { z } from 'zod';
import type { Ear } from '../../agent/sim/ear.ts';
import { playRecord } from '../../shared/records/record.ts';
import type { PlayRecord } from '../../shared/records/record.ts';
import { faultsOf } from './check.ts';
import type { Evidence } from './check.ts';
import type { Round } from './documents.ts';
import { playStory, teller } from './story.ts';
import { openWorld, publishPlans, publishProvince } from './world.ts';
import type { World } from './world.ts';

const run = promisify(execFile);

/** Between publishing and the first programme: documents, media and clocks reach the boxes. */
const LEAD_S = 15;
/** After the last programme: the last records go up. */
const TAIL_MS = 30_000;

const FOLDER = join(import.meta.dirname, '../../.demo');

const USAGE = `./scripts/demo [--check] [--listen] [--port 8056] [--folder ${FOLDER}]

  --check    chạy một vòng, tự kiểm tra rồi kết thúc · one round, checked, and an end
  --listen   nghe một hộp, xem bảng trong cửa sổ · one box audible, the board a window
  --port     cổng của trang · port of the page
  --folder   mọi thứ được ghi ở đây · everything is written here`;

const values = asked();

function asked() {
  try {
    const { values } = parseArgs({
      options: {
        check: { type: 'boolean', default: false },
        listen: { type: 'boolean', default: false },
        port: { type: 'string', default: '8056' },
        folder: { type: 'string', default: FOLDER },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    if (!/^\d{1,5}$/.test(values.port)) throw new Error(`--port ${values.port}: không phải số · no number`);
    if (!values.help) return values;
    console.log(USAGE);
    process.exit(0);
  } catch (cause) {
    console.error(`✗ ${cause instanceof Error ? cause.message : String(cause)}\n\n${USAGE}`);
    process.exit(2);
  }
}

async function check(): Promise<number> {
  const world = await openWorld({ ...values, port: 0 }, say);
  try {
    const round = await firstRound(world);
    const ears = new Map(
      world.boxes.filter(({ kind }) => kind === 'speaker').map(({ name }) => [name, listen(world, name)]),
    );
    await playStory(world, round, teller(round.startS));
    await untilUploaded(world);
    const evidence = await gather(world, ears);
    await world.close();
    const faults = faultsOf(evidence, round.startS);
    for (const fault of faults) console.log(`✗ ${fault}`);
    if (faults.length === 0) console.log(summary(evidence));
    return faults.length === 0 ? 0 : 1;
  } finally {
    await world.close();
  }
}

async function watch(): Promise<number> {
  const world = await openWorld({ ...values, port: Number(values.port) }, say);
  let isOver = false;
  const stop = new Promise<void>((resolve) => {
    for (const name of ['SIGINT', 'SIGTERM'] as const)
      process.once(name, () => {
        isOver = true;
        resolve();
      });
  });
  console.log(whereToLook(world));
  // A null sink that nobody listens to sleeps, and what is played into it is late.
  for (const { name } of world.boxes.filter(({ kind }) => kind === 'speaker')) listen(world, name);
  const telling = async () => {
    for (let round = await firstRound(world); !isOver; round = await nextRound(world, round))
      await playStory(world, round, teller(round.startS));
  };
  await Promise.race([telling(), stop]);
  say('đang dừng mọi hộp · stopping every box');
  await world.close();
  return 0;
}

/** The page, and the same from a second terminal through the commands of technicians and staff. */
function whereToLook({ url, boxes }: World): string {
  const socket = join(boxes[0]?.folder ?? '', 'run/loa.sock');
  return `
  Mở trang này · open this page:  ${url}
  Hoặc từ một terminal khác · or from another terminal, in this folder:
    npm run -s loa -- status --socket ${relative(process.cwd(), socket)}
    npm run -s loa-cloud -- fleet --url ${url}
  Ctrl-C để dừng · Ctrl-C stops everything
`;
}

function say(line: string): void {
  console.log(`        ${line}`);
}

const firstInstant = (): number => Math.ceil(Date.now() / 1000) + LEAD_S;

async function firstRound(world: World): Promise<Round> {
  const round = { startS: firstInstant(), index: 0 };
  await publishProvince(world, round.startS);
  say('người viết và người duyệt đã ký bốn kế hoạch · author and approver have signed four plans');
  return round;
}

async function nextRound(world: World, { index }: Round): Promise<Round> {
  const round = { startS: firstInstant(), index: index + 1 };
  await publishPlans(world, round);
  return round;
}

const listen = ({ sinks }: World, name: string): Ear => sinks.listen(name, { silenceMs: 1000 });

/** Every box has handed in every record, and the cloud has heard it say so. */
async function untilUploaded({ staff }: World): Promise<void> {
  for (let waitedMs = 0; waitedMs < TAIL_MS; waitedMs += 500) {
    const { boxes } = await staff.fleet();
    if (boxes.every(({ status }) => status?.unsentRecords === 0 && !status.now.sound.active)) return;
    await sleep(500);
  }
}

async function gather({ staff, boxes }: World, ears: ReadonlyMap<string, Ear>): Promise<Evidence[]> {
  const fleet = await staff.fleet();
  return await Promise.all(
    boxes.map(async ({ name, kind, dev, folder }) => {
      const status = fleet.boxes.find((each) => each.dev === dev)?.status;
      if (status == null) throw new Error(`${name} never said how it is`);
      return {
        ...{ name, kind, rejects: status.rejects, unsent: status.unsentRecords },
        heard: ears.get(name)?.soundings() ?? [],
        wallMinusUpMs: status.atMs - status.upMs,
        kept: await staff.records(dev),
        local: await recordsAt(folder),
        wireFile: kind === 'speaker' ? join(folder, 'run', 'amplifier.wire') : null,
      };
    }),
  );
}

/** As a technician asks: through the command of the box. */
async function recordsAt(folder: string): Promise<readonly PlayRecord[]> {
  const script = join(import.meta.dirname, '../../agent/cli/main.ts');
  const socket = join(folder, 'run', 'loa.sock');
  const { stdout } = await run(process.execPath, [
    script,
    'records',
    '--socket',
    socket,
    '--json',
    '--limit',
    '1000',
  ]);
  return z.array(playRecord).parse(JSON.parse(stdout));
}

function summary(boxes: readonly Evidence[]): string {
  const records = boxes.reduce((sum, { kept }) => sum + kept.length, 0);
  return `✓ mọi âm thanh đúng giờ, có ký, có bằng chứng · every sound on time, signed and proven; ${records} records, none lost, none doubled`;
}

try {
  // The story may still be waiting for its next instant: that keeps nobody who asked for an end.
  process.exit(await (values.check ? check() : watch()));
} catch (cause) {
  console.error(`✗ ${cause instanceof Error ? cause.message : String(cause)}`);
  process.exit(1);
}
