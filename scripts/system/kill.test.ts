import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ulid } from 'ulid';
import { uptimeMs } from '../../agent/devices/mpv/uptime.ts';
import type { MadeMedia } from '../province/media.ts';
import { GAP_MS } from './box.ts';
import type { Box } from './box.ts';
import { endOf, heardFor, nextSounding, offBy, PITCH_MS } from './heard.ts';
import { alertOf } from './papers.ts';
import { playersOf } from './processes.ts';
import { AREA, nowS, openProvince } from './province.ts';
import type { Province } from './province.ts';
import { placeAt, ruler, RULER_MS } from './ruler.ts';
import { until } from './until.ts';

/** Whatever a kill leaves behind is over within this time. */
const AT_ONCE_MS = 500;
const PROGRAMME_S = 60;
const PLAY_S = 4;
const PLAYS = 3;

describe('an agent that is killed with SIGKILL', () => {
  let province: Province;
  let box: Box;
  let programme: MadeMedia;
  let play: MadeMedia;
  let windowS = 0;

  beforeAll(async () => {
    province = await openProvince(['loa']);
    programme = await ruler(province.folder, PROGRAMME_S);
    play = await ruler(province.folder, PLAY_S, 2 * GAP_MS);
    box = await province.box('loa');
    await (await province.staff).upload(play);
    windowS = nowS() + 4;
    const sound = { id: 'ban-tin', atS: windowS, lengthS: PROGRAMME_S, media: programme.media };
    await box.untilHolds(AREA, await province.publish([sound], [programme]));
    await heardFor(box, 0, 2500);
  });

  afterAll(async () => {
    await province.close();
  });

  test('leaves nothing stuck: the wire is open, the sound is over and its player is gone at once', async () => {
    const killedUpMs = uptimeMs();
    await box.kill();
    const opened = await until('the open wire', () => box.wire().find(({ why }) => why === 'owner gone'));
    expect(opened.on).toBe(false);
    expect(opened.upMs - killedUpMs).toBeLessThan(AT_ONCE_MS);
    expect((await endOf(box, 0)) - killedUpMs).toBeLessThan(AT_ONCE_MS);
    await until('the end of its player', () => playersOf(box).length === 0);
  });

  test('goes on with the programme where the clock on the wall says that it is', async () => {
    await box.start();
    const again = await nextSounding(box, 1);
    expect(Math.abs(offBy(again, await box.wallMinusUpMs(), windowS))).toBeLessThan(RULER_MS);
    expect(playersOf(box)).toHaveLength(1);
    const [killed] = await box.records();
    expect(killed).toMatchObject({ seq: 1, title: 'ban-tin', endCause: 'power', fromMs: 0 });
    expect(killed?.playedMs).toBeLessThanOrEqual(box.ear.soundings()[0]?.lengthMs ?? 0);
  });

  test('goes on with an order from the start of the play that was broken', async () => {
    await heardFor(box, 1, 1500);
    const order = alertOf(ulid(), nowS(), play.media, PLAYS);
    await (await province.staff).send(order, province.people.officers.slice(0, 2));
    await until('the second play', async () => (await playsBegun(box)) >= 2);
    const before = box.ear.soundings().length;
    await box.kill();
    await box.start();
    const again = await nextSounding(box, before);
    expect(placeAt(again.startHz)).toBeLessThan(RULER_MS);
    const orders = async () => (await box.records()).filter(({ subject }) => subject.kind === 'order');
    await until('the end of the order', async () => (await orders()).length === 2);
    expect(await orders()).toMatchObject([
      { endCause: 'power', fromMs: 0 },
      { endCause: 'finished', fromMs: PLAY_S * 1000, startCause: 'order' },
    ]);
    const [, finished] = await orders();
    expect(Math.abs((finished?.playedMs ?? 0) - (PLAYS - 1) * PLAY_S * 1000)).toBeLessThan(300);
  });

  test('goes on after the order with the programme that the order had cut, from the place of the cut', async () => {
    const cut = (await box.records()).findLast(
      ({ title, endCause }) => title === 'ban-tin' && endCause === 'cut',
    );
    const resumed = await until('the programme', async () => {
      const { now } = await box.status();
      const sounding = box.ear.soundings().at(-1);
      const isHeard = sounding?.toUpMs === null && sounding.lengthMs >= PITCH_MS;
      return now.sound.active && now.sound.title === 'ban-tin' && isHeard ? sounding : null;
    });
    expect(cut?.playedMs).toBeGreaterThan(0);
    const cutAtMs = (cut?.fromMs ?? 0) + (cut?.playedMs ?? 0);
    expect(Math.abs(placeAt(resumed.startHz) - cutAtMs)).toBeLessThan(RULER_MS);
  });

  test('loses no record and doubles none, at whatever moments it is killed', async () => {
    const staff = await province.staff;
    const bit = await ruler(province.folder, 1);
    const fromS = nowS() + 3;
    const bits = Array.from({ length: 8 }, (_, index) => ({
      ...{ id: `mau-${index}`, atS: fromS + 2 * index, lengthS: 1, media: bit.media },
    }));
    await box.untilHolds(AREA, await province.publish(bits, [bit]));
    // Each at another moment of the two seconds from one start to the next.
    for (const afterMs of [100, 430, 760, 1090, 1420, 1750]) {
      const upMs = uptimeMs() + afterMs;
      await until('the moment', () => uptimeMs() >= upMs);
      await box.kill();
      await box.start();
    }
    await until('the last of them', () => nowS() > fromS + 2 * bits.length);
    await until('everything at the cloud', async () => (await box.status()).unsentRecords === 0);
    const local = await box.records();
    const kept = (await staff.records(box.dev)).map(({ record }) => record).toSorted((a, b) => a.seq - b.seq);
    expect(kept).toEqual(local);
    expect(kept.map(({ seq }) => seq)).toEqual(kept.map((_, index) => index + 1));
    expect(await staff.breaks()).toEqual([]);
    const heardMs = box.ear.soundings().reduce((sum, { lengthMs }) => sum + lengthMs, 0);
    const playedMs = local.reduce((sum, record) => sum + record.playedMs, 0);
    expect(playedMs).toBeLessThanOrEqual(heardMs + AT_ONCE_MS);
  });
});

/** By the clock: the order sounds, and so many lengths of its recording have passed and a bit. */
async function playsBegun(box: Box): Promise<number> {
  const { now, amplifierOn } = await box.status();
  if (!now.sound.active || now.sound.winner?.startsWith('order:') !== true || amplifierOn !== true) return 0;
  playing.sinceUpMs ??= uptimeMs();
  return 1 + Math.floor((uptimeMs() - playing.sinceUpMs - 1000) / (PLAY_S * 1000));
}

const playing: { sinceUpMs: number | null } = { sinceUpMs: null };
