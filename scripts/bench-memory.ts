/**
 * Measures what an agent takes, mpv not counted, of memory, of one core, and of what its card can be written: as the
 * bundle and from its sources, idle and playing, four agents side by side, with a cloud or after it has gone.
 * `node scripts/bench-memory.ts [--minutes N] [--every SECONDS] [--without-cloud] [--cards]`; `--cards`, as root, gives
 * each a card of its own, on which the file system's journal counts too.
 */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { cpus, hostname, loadavg, totalmem } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs, promisify } from 'node:util';
import { bundle } from './bundle.ts';
import { FROM_SOURCES } from './system/box.ts';
import type { Box } from './system/box.ts';
import { cardAt } from './system/card.ts';
import type { Card } from './system/card.ts';
import { AREA, nowS, openProvince } from './system/province.ts';
import type { Province } from './system/province.ts';
import { ruler } from './system/ruler.ts';
import { cpuMsOf, memoryOf } from './system/usage.ts';

const run = promisify(execFile);

/** Targets of issue 3, in MB of RSS after an hour. */
const KINDS = [
  { name: 'bundle', most: 75 },
  { name: 'sources', most: 95 },
] as const;
const MB = 1024;
const PROGRAMME_S = 55;
/** For the first exchange with the cloud, and for what a kernel writes late of a start. */
const SETTLE_MS = 60_000;

/** Milliseconds of a core, bytes that the process handed to the file system, and bytes that reached its card. */
type Spent = { readonly cpuMs: number; readonly writtenBytes: number; readonly cardBytes: number };
type Measured = {
  readonly name: string;
  readonly box: Box;
  readonly card: Card | null;
  readonly most: number;
  /** At the first look, after the start has read and compiled what it needs. */
  first: (Spent & { readonly upMs: number }) | null;
};

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '5' },
    every: { type: 'string', default: '60' },
    'without-cloud': { type: 'boolean', default: false },
    cards: { type: 'boolean', default: false },
  },
});

/** The idle boxes carry a tag less, and so have nothing to play. */
async function openBoxes(province: Province, measured: Measured[]): Promise<void> {
  const folder = join(province.folder, 'bundle');
  await bundle(folder);
  const launchers = { bundle: join(folder, 'loa-agent'), sources: FROM_SOURCES };
  for (const { name, most } of KINDS)
    for (const doing of ['idle', 'playing'] as const) {
      const place = `${name}-${doing}`;
      const card = values.cards ? await cardAt(join(province.folder, place)) : null;
      const box = await province.box(place, { launcher: launchers[name], tags: [doing] });
      measured.push({ name: `${name} ${doing}`, most, box, card, first: null });
    }
}

/** A programme each minute for as long as is measured, for the boxes that play. */
async function publish(province: Province, minutes: number, measured: readonly Measured[]): Promise<void> {
  const made = await ruler(province.folder, PROGRAMME_S);
  const firstS = nowS() + 20;
  const sounds = Array.from({ length: Math.min(400, minutes + 1) }, (_, index) => ({
    ...{ id: `bai-${index}`, atS: firstS + index * 60, lengthS: PROGRAMME_S + 1, media: made.media },
    only: { tags: ['playing'] },
  }));
  const ver = await province.publish(sounds, [made]);
  for (const { box } of measured) await box.untilHolds(AREA, ver);
}

/** What a first start compiles and fetches is no measure of a box that is out there, nor are the waits of a test. */
async function startAgain(province: Province, measured: readonly Measured[]): Promise<void> {
  for (const { box } of measured) await box.stop();
  if (values['without-cloud']) await province.closeCloud();
  for (const { box } of measured) {
    await box.reconfigure({ waits: {} });
    await box.start();
  }
}

async function spentBy({ box: { pid }, card }: Measured): Promise<Spent> {
  const io = await readFile(`/proc/${pid}/io`, 'utf8');
  return {
    cpuMs: await cpuMsOf(pid),
    writtenBytes: Number(/^write_bytes: (\d+)/m.exec(io)?.[1]),
    cardBytes: (await card?.writtenBytes()) ?? NaN,
  };
}

/** Percent of one core, and KB an hour, since the first look; nothing at that look itself. */
async function rates(each: Measured): Promise<string> {
  const upMs = performance.now();
  const now = await spentBy(each);
  const { first } = each;
  each.first ??= { ...now, upMs };
  if (first === null) return '';
  const tookMs = upMs - first.upMs;
  const share = (100 * (now.cpuMs - first.cpuMs)) / tookMs;
  const kBAnHour = (from: number, to: number): string =>
    (((to - from) / 1024) * (3_600_000 / tookMs)).toFixed(0).padStart(10);
  const card = each.card === null ? '' : kBAnHour(first.cardBytes, now.cardBytes);
  return `${share.toFixed(2).padStart(8)}${kBAnHour(first.writtenBytes, now.writtenBytes)}${card}`;
}

async function report(measured: readonly Measured[], minute: number): Promise<boolean> {
  let isWithin = true;
  for (const each of measured) {
    const { name, box, most } = each;
    const { rss, pss, own } = await memoryOf(box.pid);
    isWithin &&= rss <= most;
    const figures = [rss, pss, own].map((each) => each.toFixed(1).padStart(8)).join('');
    console.log(
      `${minute.toFixed(0).padStart(4)}  ${name.padEnd(18)}${figures}${await rates(each)}${rss <= most ? '' : `   > ${most}`}`,
    );
  }
  return isWithin;
}

async function printMachine(): Promise<void> {
  const { stdout } = await run('mpv', ['--version']);
  const [cpu] = cpus();
  console.log(`${new Date().toISOString()} · ${hostname()} · ${cpus().length} × ${cpu?.model ?? 'unknown'}`);
  console.log(
    `${Math.round(totalmem() / MB ** 3)} GB · load ${loadavg()[0]?.toFixed(1) ?? '?'} · node ${process.version}`,
  );
  console.log(`${process.arch} · ${stdout.split('\n')[0] ?? ''}`);
  console.log('\n min  agent                RSS MB  PSS MB  own MB   CPU %   KB/hour  KB/hour on the card');
}

async function bench(minutes: number, everyS: number): Promise<boolean> {
  const names = KINDS.flatMap(({ name }) => [`${name}-idle`, `${name}-playing`]);
  const province = await openProvince(names);
  const measured: Measured[] = [];
  try {
    await openBoxes(province, measured);
    await publish(province, minutes, measured);
    await startAgain(province, measured);
    await sleep(SETTLE_MS);
    await printMachine();
    let isWithin = await report(measured, 0);
    for (let s = everyS; s <= minutes * 60; s += everyS) {
      await sleep(everyS * 1000);
      isWithin = await report(measured, s / 60);
    }
    return isWithin;
  } finally {
    for (const { box, card } of measured) {
      await box.stop();
      await card?.remove();
    }
    await province.close();
  }
}

process.exitCode = (await bench(Number(values.minutes), Number(values.every))) ? 0 : 1;
