/** Holds what was heard, recorded and ingested against the storyboard: each sentence that comes back is something that went wrong. */
import type { Sounding } from '../../agent/sim/ear.ts';
import { readWire } from '../../agent/sim/sim-relay.ts';
import type { KeptRecord } from '../../shared/wire/fleet.ts';
import type { PlayRecord } from '../../shared/records/record.ts';
import { expectedSounds, TAMPERED_BOX } from './storyboard.ts';
import type { Expected } from './storyboard.ts';

/** Everything that was observed of one box. */
export type Evidence = {
  readonly name: string;
  readonly kind: 'speaker' | 'board';
  /** What its sink played; uptime milliseconds. Empty for a board. */
  readonly heard: readonly Sounding[];
  /** Milliseconds to add to the box's uptime to get its own wall clock. */
  readonly wallMinusUpMs: number;
  readonly kept: readonly KeptRecord[];
  /** What the box itself holds, oldest first. */
  readonly local: readonly PlayRecord[];
  readonly unsent: number;
  readonly rejects: Readonly<Record<string, number>>;
  readonly wireFile: string | null;
};

/** Nothing that a plan names may be later than this. */
const LATE_MS = 1000;
/** An order: on its way, verified, kept, and the amplifier's lead. */
const PUSHED_LATE_MS = 4000;
/** Expected sounds closer than this are one stretch of sound to the ear. */
const JOIN_MS = 3500;
const END_MS = 1500;

export function faultsOf(boxes: readonly Evidence[], startS: number): readonly string[] {
  return boxes.flatMap((box) => {
    const expected = expectedSounds().filter((each) => each.box === box.name);
    const found = [
      ...(box.kind === 'speaker'
        ? [...soundFaults(box, expected, startS), ...proofFaults(box, expected)]
        : boardFaults(box)),
      ...chainFaults(box),
      ...refusalFaults(box),
      ...relayFaults(box),
    ];
    return found.map((fault) => `${box.name}: ${fault}`);
  });
}

type Block = { readonly fromMs: number; readonly toMs: number; readonly lateMs: number };

/** Missing, late and unsigned sound: what the storyboard wants must be heard, and nothing else may be. */
function soundFaults(
  { heard, wallMinusUpMs }: Evidence,
  expected: readonly Expected[],
  startS: number,
): string[] {
  const blocks = blocksOf(expected, startS);
  const sounds = mergedSounds(heard, wallMinusUpMs);
  const missing = blocks.flatMap((block) => blockFaults(block, sounds, startS));
  const unsigned = sounds
    .filter(
      (sound) =>
        !blocks.some(
          (block) => sound.fromMs < block.toMs + PUSHED_LATE_MS && sound.toMs > block.fromMs - LATE_MS,
        ),
    )
    .map((sound) => `a sound that nobody signed at ${seconds(sound.fromMs, startS)}`);
  return [...missing, ...unsigned];
}

function blockFaults(
  block: Block,
  sounds: readonly { fromMs: number; toMs: number }[],
  startS: number,
): string[] {
  const sound = sounds.find(
    ({ fromMs }) => Math.abs(fromMs - block.fromMs) < Math.max(block.lateMs, LATE_MS) + 1000,
  );
  const where = `the sound of ${seconds(block.fromMs, startS)}–${seconds(block.toMs, startS)}`;
  if (sound === undefined) return [`${where} was not heard`];
  const lateMs = sound.fromMs - block.fromMs;
  return [
    ...(lateMs > block.lateMs || lateMs < -LATE_MS ? [`${where} began ${Math.round(lateMs)} ms off`] : []),
    ...(sound.toMs < block.toMs - END_MS
      ? [`${where} ended ${Math.round(block.toMs - sound.toMs)} ms early`]
      : []),
  ];
}

const seconds = (atMs: number, startS: number): string => `${(atMs / 1000 - startS).toFixed(1)} s`;

function blocksOf(expected: readonly Expected[], startS: number): Block[] {
  const blocks: Block[] = [];
  for (const { fromS, toS, isPushed } of [...expected].sort((a, b) => a.fromS - b.fromS)) {
    const [fromMs, toMs] = [(startS + fromS) * 1000, (startS + toS) * 1000];
    const last = blocks.at(-1);
    if (last !== undefined && fromMs - last.toMs < JOIN_MS)
      blocks[blocks.length - 1] = { ...last, toMs: Math.max(last.toMs, toMs) };
    else blocks.push({ fromMs, toMs, lateMs: isPushed ? PUSHED_LATE_MS : LATE_MS });
  }
  return blocks;
}

function mergedSounds(heard: readonly Sounding[], wallMinusUpMs: number): { fromMs: number; toMs: number }[] {
  const merged: { fromMs: number; toMs: number }[] = [];
  for (const { fromUpMs, lengthMs } of heard) {
    const sound = { fromMs: fromUpMs + wallMinusUpMs, toMs: fromUpMs + lengthMs + wallMinusUpMs };
    const last = merged.at(-1);
    if (last !== undefined && sound.fromMs - last.toMs < JOIN_MS) last.toMs = sound.toMs;
    else merged.push(sound);
  }
  return merged;
}

/** Each expected sound has records that say so, on time, with the audio clock, an output and a level as proof. */
function proofFaults({ kept }: Evidence, expected: readonly Expected[]): string[] {
  const sounds = kept.map(({ record }) => record).filter(({ surface }) => surface === 'sound');
  const titles = [...new Set(expected.map(({ title }) => title))];
  return [
    ...titles.flatMap((title) => titleFaults(title, expected, sounds)),
    ...sounds
      .filter(({ title }) => !titles.includes(title))
      .map(({ title }) => `a record of “${title}”, which nobody planned`),
    ...sounds
      .filter((record) => !isProven(record))
      .map(({ title, endCause }) => `“${title}” (${endCause}) is not proven`),
  ];
}

function titleFaults(title: string, expected: readonly Expected[], sounds: readonly PlayRecord[]): string[] {
  const wantedMs = expected
    .filter((each) => each.title === title)
    .reduce((sum, { fromS, toS }) => sum + (toS - fromS) * 1000, 0);
  const records = sounds.filter((each) => each.title === title);
  const playedMs = records.reduce((sum, each) => sum + each.playedMs, 0);
  const late = records.filter(
    ({ startCause, startedAtMs, plannedAtMs }) =>
      startCause === 'planned' && (startedAtMs ?? Infinity) - plannedAtMs > LATE_MS,
  );
  return [
    ...(records.length === 0 ? [`no record of “${title}”`] : []),
    // An order takes its lead, and what it cut is shorter by as much.
    ...(records.length > 0 && playedMs < wantedMs - PUSHED_LATE_MS
      ? [`“${title}” was heard for ${playedMs} of ${wantedMs} ms`]
      : []),
    ...late.map(
      ({ startedAtMs, plannedAtMs }) => `“${title}” began ${(startedAtMs ?? 0) - plannedAtMs} ms late`,
    ),
  ];
}

const isProven = ({ endCause, playedMs, evidence }: PlayRecord): boolean =>
  endCause !== 'skipped' &&
  playedMs > 0 &&
  evidence.output !== null &&
  evidence.clockMovedMs > 0 &&
  evidence.peakDbfs !== null;

/** The board showed its pages and its running text, and its pictures were taken. */
function boardFaults({ kept }: Evidence): string[] {
  const records = kept.map(({ record }) => record);
  const shown = records.filter(({ surface, playedMs }) => surface === 'screen' && playedMs > 0);
  return [
    ...(shown.length < 4 ? [`only ${shown.length} pages and alerts were shown`] : []),
    ...(records.some(({ surface }) => surface === 'ticker') ? [] : ['the running text was not shown']),
    ...shown
      .filter(({ evidence }) => evidence.screenshotSha256 === null)
      .map(({ title }) => `no picture of “${title}”`),
  ];
}

/** No record lost, none doubled: what the cloud has is what the box wrote, in one unbroken chain. */
function chainFaults({ kept, local, unsent }: Evidence): string[] {
  const seqs = kept.map(({ record }) => record.seq).sort((a, b) => a - b);
  const isWhole = seqs.every((seq, index) => seq === index + 1);
  const chains = new Set(kept.map(({ chain }) => chain));
  return [
    ...(isWhole ? [] : [`the cloud has the records ${seqs.join(', ')}`]),
    ...(chains.size === 1 ? [] : [`${chains.size} chains of records`]),
    ...(unsent === 0 ? [] : [`${unsent} records never went up`]),
    ...(local.length === kept.length
      ? []
      : [`${local.length} records at the box, ${kept.length} in the cloud`]),
  ];
}

/** The tampered box must have refused something, and nobody else anything but what came twice. */
function refusalFaults({ name, rejects }: Evidence): string[] {
  const codes = Object.keys(rejects).filter((code) => code !== 'DUPLICATE' && code !== 'REPLAY');
  if (name === TAMPERED_BOX)
    return codes.length > 0 ? [] : ['nothing was refused although somebody tampered'];
  return codes.map((code) => `refused a document: ${code}`);
}

/** The amplifier ends open. */
function relayFaults({ wireFile }: Evidence): string[] {
  if (wireFile === null) return [];
  return readWire(wireFile).at(-1)?.on === false ? [] : ['the amplifier was left on'];
}
