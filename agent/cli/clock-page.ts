/** `loa clock` on one screen: the time of the box beside every other clock in sight, and what to do where they differ. Pure. */
import { clockMessages as words } from '../../shared/messages/clock.ts';
import { shown, type Text } from '../../shared/messages/text.ts';
import type { ClockNow } from '../local/clock-protocol.ts';
import { MINUTE_MS, lengthInWords } from './length.ts';
import { dateAndTime, padded, wrapped, type In } from './page.ts';

/** The box's clock and the machine's, as far as they could be read. */
export type ClocksSeen = {
  readonly isRunning: boolean;
  /** A string: why neither agent nor store told. */
  readonly box: ClockNow | string;
  readonly systemAtMs: number;
  /** Null: this machine has no chip. */
  readonly chipAtMs: number | null;
};

const MARGIN = 18;

export function clockPage(seen: ClocksSeen, say: In): readonly string[] {
  const { box, isRunning } = seen;
  const own = typeof box === 'string' ? [row(words.box, say(words.unreadable(box)))] : boxRows(box, say);
  return [
    ...(isRunning ? [] : [say(words.notRunning)]),
    ...rowLines([...own, ...machineRows(seen, say)], say),
    ...(typeof box === 'string' ? [] : cloudLines(box, isRunning, say)),
  ];
}

type Row = readonly [label: Text, value: string];
const row = (...each: Row): Row => each;

/** Values one under the other, whatever stands before their labels. */
const rowLines = (rows: readonly Row[], say: In, indent = ''): readonly string[] =>
  rows.flatMap(([label, value]) =>
    wrapped(`${indent}${padded(say(label), MARGIN - indent.length)}${value}`, MARGIN),
  );

function boxRows(box: ClockNow, say: In): readonly Row[] {
  const time = box.state === 'FLOOR' ? '' : `${dateAndTime(box.nowMs)} ±${box.u} s  `;
  return [
    row(words.box, `${time}${box.state}: ${say(words.states[box.state])}`),
    row(words.lastSync, syncWords(box, say)),
    row(words.floor, `${dateAndTime(box.floorMs)} (${say(words.floorMeaning)})`),
    row(words.drift, driftWords(box, say)),
    ...(box.radio == null ? [] : [row(words.radio, radioWords(box.radio, say))]),
  ];
}

function radioWords({ use, told, isUsed }: NonNullable<ClockNow['radio']>, say: In): string {
  if (use === 'silent') return say(words.radioSilent);
  if (told === null) return say(words.radioUnheard);
  const { frequencyKhz, pi, nowMs, isSteady, steadyForMs } = told;
  const at = `${dateAndTime(nowMs)} (${frequencyKhz / 1000} MHz, PI ${shown(pi)})`;
  if (!isSteady) return `${at}: ${say(words.radioUnsteady(lengthInWords(steadyForMs, say)))}`;
  return `${at}: ${say(isUsed ? words.radioUsed[use] : words.radioUnused)}`;
}

function syncWords({ sync }: ClockNow, say: In): string {
  if (sync === null) return say(words.never);
  const ago = sync.agoMs === null ? '' : ` (${say(words.ago(lengthInWords(sync.agoMs, say)))})`;
  return `${dateAndTime(sync.atMs)}${ago}`;
}

const driftWords = ({ sync }: ClockNow, say: In): string =>
  say(sync?.driftPpm == null ? words.driftUnknown : words.driftMeasured(sync.driftPpm));

function machineRows({ box, systemAtMs, chipAtMs }: ClocksSeen, say: In): readonly Row[] {
  const byBox = (atMs: number) =>
    typeof box === 'string' || box.state === 'FLOOR'
      ? dateAndTime(atMs)
      : `${dateAndTime(atMs)}  ${apartWords(atMs - box.nowMs, say)}`;
  const isWitness = typeof box !== 'string' && box.sync?.rtcSet === true;
  const note = say(isWitness ? words.chipWitness : words.chipNoWitness);
  const failure = typeof box === 'string' ? null : box.setFailure;
  return [
    row(words.system, byBox(systemAtMs)),
    row(words.chip, chipAtMs === null ? say(words.chipNone) : `${byBox(chipAtMs)} (${note})`),
    ...(failure === null ? [] : [row(words.unset, shown(failure))]),
  ];
}

/** Clocks that count whole seconds and are read one after the other are the same within two. */
function apartWords(aheadMs: number, say: In): string {
  if (Math.abs(aheadMs) <= 2000) return say(words.same);
  const by = lengthInWords(Math.abs(aheadMs), say);
  return say(aheadMs > 0 ? words.ahead(by) : words.behind(by));
}

/** What a person settled before, and whether the cloud says otherwise now. */
function cloudLines(box: ClockNow, isRunning: boolean, say: In): readonly string[] {
  const { dispute, settled } = box;
  const before = settled === null ? [] : [row(words.settledBefore, changeWords(settled, say))];
  // Without the agent nobody knows what the cloud says.
  const agreed = dispute === null && isRunning ? [row(words.cloud, say(words.undisputed))] : [];
  return [...rowLines([...before, ...agreed], say), ...disputeLines(box, say)];
}

const changeWords = ({ fromAtMs, toAtMs }: { fromAtMs: number; toAtMs: number }, say: In): string =>
  say(words.fromTo(dateAndTime(fromAtMs), dateAndTime(toAtMs)));

/** Both times, one under the other, and what to do. */
export function disputeLines({ dispute, state, nowMs }: ClockNow, say: In): readonly string[] {
  if (dispute === null) return [];
  const { saidAtMs, aheadMs, heardAgoMs, blocked } = dispute;
  const ago = say(words.heard(lengthInWords(heardAgoMs, say)));
  const both = [
    row(words.box, state === 'FLOOR' ? say(words.states.FLOOR) : dateAndTime(nowMs)),
    row(words.cloud, `${dateAndTime(saidAtMs)}  ${apartWords(aheadMs, say)}, ${ago}`),
  ];
  const remedy = blocked === null ? words.compare : words.blocked[blocked];
  return [say(words.disputed), ...rowLines(both, say, '  '), ...wrapped(`  → ${say(remedy)}`, 4)];
}

/** What came of a confirmation; `linkError` is English from the agent's own link. */
export function settlementLines({ settlement, linkError }: ClockNow, say: In): readonly string[] {
  switch (settlement?.kind) {
    case undefined:
      return [];
    case 'open': {
      const line = say(words.waiting(Math.ceil(settlement.leftMs / MINUTE_MS)));
      return [...wrapped(line, 2), ...(linkError === null ? [] : wrapped(`  ${shown(linkError)}`, 2))];
    }
    case 'settled':
      return [...wrapped(`${say(words.done)}: ${changeWords(settlement, say)}.`, 2), say(words.recorded)];
    case 'refused': {
      const { why } = settlement;
      return wrapped(say(why === 'other-time' ? words.otherTime : words.blocked[why]), 2);
    }
    case 'agreed':
    case 'expired':
      return wrapped(say(words[settlement.kind]), 2);
  }
}
