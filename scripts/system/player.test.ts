import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Sounding } from '../../agent/sim/ear.ts';
import type { PlayRecord } from '../../shared/records/record.ts';
import type { Box } from './box.ts';
import { endOf, heardFor, nextSounding } from './heard.ts';
import { playersOf } from './processes.ts';
import { AREA, nowS, openProvince } from './province.ts';
import type { Province } from './province.ts';
import { placeAt, ruler, RULER_MS } from './ruler.ts';
import { until } from './until.ts';

const PROGRAMME_S = 60;
/** From the last sound to the next: a start of mpv, and before it whatever tells that it hangs. */
const DEAD_MS = 3000;
const HUNG_MS = 8000;
/** A record may claim this much more than the ear heard: the reading of two clocks. */
const READING_MS = 50;
/** Between two looks at the audio clock, at most; a record rather says too little. */
const LOOK_MS = 600;

describe('an agent whose mpv is taken away in the middle of a programme', () => {
  let province: Province;
  let box: Box;

  beforeAll(async () => {
    province = await openProvince(['loa']);
    const programme = await ruler(province.folder, PROGRAMME_S);
    box = await province.box('loa');
    const sound = { id: 'ban-tin', atS: nowS() + 4, lengthS: PROGRAMME_S, media: programme.media };
    await box.untilHolds(AREA, await province.publish([sound], [programme]));
  });

  afterAll(async () => {
    await province.close();
  });

  async function takeAway(signal: 'SIGKILL' | 'SIGSTOP', index: number): Promise<Sounding> {
    await heardFor(box, index, 2500);
    const [player = 0] = playersOf(box);
    process.kill(player, signal);
    return await nextSounding(box, index + 1);
  }

  /** How far into the programme the records prove that it came. */
  const recordedMs = async (): Promise<number> => endPlace((await box.records()).at(-1));

  test('is heard again within seconds where mpv was killed, and from the place that it had proven', async () => {
    const again = await takeAway('SIGKILL', 0);
    expect(again.fromUpMs - (await endOf(box, 0))).toBeLessThan(DEAD_MS);
    expect(Math.abs(placeAt(again.startHz) - (await recordedMs()))).toBeLessThan(RULER_MS);
  });

  test('is heard again within seconds where mpv was stopped, and the one that hung is gone', async () => {
    const again = await takeAway('SIGSTOP', 1);
    expect(again.fromUpMs - (await endOf(box, 1))).toBeLessThan(HUNG_MS);
    expect(Math.abs(placeAt(again.startHz) - (await recordedMs()))).toBeLessThan(RULER_MS);
    await until('one player and no more', () => playersOf(box).length === 1);
  });

  test('records each part with why it ended and no more than was heard of it', async () => {
    const failed = (await box.records()).filter(({ title }) => title === 'ban-tin');
    expect(failed).toMatchObject([
      { endCause: 'failed', reason: 'died', startCause: 'planned', fromMs: 0 },
      { endCause: 'failed', reason: 'hung', startCause: 'resume', fromMs: endPlace(failed[0]) },
    ]);
    for (const [index, record] of failed.entries()) {
      expect(record.playedMs).toBeGreaterThan(heardMs(box, index) - LOOK_MS);
      expect(record.playedMs).toBeLessThanOrEqual(heardMs(box, index) + READING_MS);
      expect(record.evidence).toMatchObject({ clockMovedMs: record.playedMs });
    }
  });
});

const heardMs = (box: Box, index: number): number => box.ear.soundings()[index]?.lengthMs ?? 0;

const endPlace = (record: PlayRecord | undefined): number =>
  record === undefined ? -1 : record.fromMs + record.playedMs;
