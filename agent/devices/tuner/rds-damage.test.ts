/** Decode against a known stream with 10 % damaged groups: a figure of the project, printed by this test. */
import { describe, expect, it } from 'vitest';
import { hear } from '../../../shared/protocol/fm/segments.ts';
import type { Heard } from '../../../shared/protocol/fm/segments.ts';
import type { RdsGroup } from './rds.ts';
import { hearGroup, nothingHeard, rdsOf } from './rds.ts';
import { damaged, halfTold, intact, randomOf, roundOf } from './rds-encoder.fixture.ts';
import type { Sent } from './rds-encoder.fixture.ts';

const station: Sent = {
  pi: 0xc201,
  programme: 'KH FM101',
  text: 'Dai Phat thanh Khanh Hoa, ban tin 17 gio',
  pty: 1,
  clock: { utcS: 0, offsetMin: 420 },
};
const frame = Uint8Array.from({ length: 20 }, (_, index) => 11 * index + 1);
const groupsASecond = 1187.5 / 104;
const seconds = 3_600;
const share = 0.1;

type Figures = {
  damagedGroups: number;
  groups: number;
  piHolds: number;
  segmentsSent: number;
  segmentsRight: number;
  segmentsWrong: number;
  framesRight: number;
  framesWrong: number;
  wrongName: number;
  wrongText: number;
};

const zero: Figures = {
  damagedGroups: 0,
  groups: 0,
  piHolds: 0,
  segmentsSent: 0,
  segmentsRight: 0,
  segmentsWrong: 0,
  framesRight: 0,
  framesWrong: 0,
  wrongName: 0,
  wrongText: 0,
};

/** An hour of air; `told` is what the chip says of the errors. */
function anHour(told: (group: RdsGroup) => RdsGroup, seed: number): Figures {
  const random = randomOf(seed);
  const round = roundOf(station, frame);
  const figures = { ...zero };
  let [heard, parts]: [typeof nothingHeard, Heard] = [nothingHeard, new Map()];
  for (let n = 0; n < seconds * groupsASecond; n++) {
    const words = round[n % round.length];
    if (words === undefined) continue;
    const isHit = random() < share;
    const { heard: next, segment } = hearGroup(
      heard,
      told(isHit ? damaged(intact(words), random) : intact(words)),
    );
    heard = next;
    figures.groups += 1;
    if (isHit) figures.damagedGroups += 1;
    if (heard.pis.filter((pi) => pi === 'c201').length >= 4) figures.piHolds += 1;
    if (words[1] >> 11 === 12) figures.segmentsSent += 1;
    const { programme, text } = rdsOf(heard);
    if (programme !== null && programme !== station.programme) figures.wrongName += 1;
    if (text !== null && text !== station.text) figures.wrongText += 1;
    if (segment === null) continue;
    const sent = frame.subarray(4 * segment.segment, 4 * segment.segment + 4);
    if (Buffer.compare(sent, segment.data) === 0) figures.segmentsRight += 1;
    else figures.segmentsWrong += 1;
    const joined = hear(parts, segment.segment, segment.data, n / groupsASecond);
    parts = joined.heard;
    if (joined.frame !== null && Buffer.compare(joined.frame.bytes, frame) === 0) figures.framesRight += 1;
    else if (joined.frame !== null) figures.framesWrong += 1;
  }
  return figures;
}

const percent = (part: number, whole: number): string => `${((100 * part) / whole).toFixed(2)} %`;

describe('an hour of RDS with 10 % damaged groups', () => {
  it.each([
    ['errors of all blocks are told (Si4703)', (group: RdsGroup) => group, 1],
    ['errors of blocks C and D are not told (RDA5807M)', halfTold, 2],
  ])('is understood where %s', (name, told, seed) => {
    const all = anHour(told, seed);
    console.log(
      `RDS, ${name}: ${all.groups} groups, ${percent(all.damagedGroups, all.groups)} damaged; ` +
        `PI in 4 of 5: ${percent(all.piHolds, all.groups)}; ` +
        `segments 6A right ${percent(all.segmentsRight, all.segmentsSent)}, wrong ${percent(all.segmentsWrong, all.segmentsSent)}; ` +
        `frames ${all.framesRight} right, ${all.framesWrong} wrong; ` +
        `groups with a wrong name ${all.wrongName}, wrong text ${all.wrongText}`,
    );
    expect(all.piHolds / all.groups).toBeGreaterThan(0.98);
    expect(all.segmentsRight / all.segmentsSent).toBeGreaterThan(0.9);
    expect(all.segmentsWrong / all.segmentsSent).toBeLessThan(0.05);
    // A beat lasts 90 s and each frame takes less than two seconds here: what counts is that one always comes.
    expect(all.framesRight).toBeGreaterThan(seconds / 30);
    expect(all.wrongName + all.wrongText).toBeLessThan(all.groups / 1_000);
  });
});
