import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { uptimeMs } from '../../agent/devices/mpv/uptime.ts';
import { FROM_SOURCES } from './box.ts';
import type { Box } from './box.ts';
import { endOf, heardFor, nextSounding, offBy } from './heard.ts';
import { playersOf } from './processes.ts';
import { AREA, nowS, openProvince } from './province.ts';
import type { Province } from './province.ts';
import { ruler, RULER_MS } from './ruler.ts';

const PROGRAMME_S = 60;
/** /proc/uptime counts in steps of 10 ms, and mpv has sound of its own in the buffer. */
const STEP_MS = 20;
/** From the request to the open wire: a turn of the loop and a line through a pipe. */
const OFF_MS = 300;
const READING_MS = 50;
/** Between two looks at the audio clock, and at the player, at most; a record rather says too little. */
const LOOK_MS = 600;

type Ended = { readonly code: number; readonly out: string; readonly err: string };

/** Runs the agent with this file until it ends by itself. */
function runAgent(configFile: string): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(FROM_SOURCES, ['--config', configFile], { timeout: 30_000 }, (error, out, err) => {
      resolve({ code: error === null ? 0 : Number(error.code), out, err });
    });
  });
}

describe('an agent', () => {
  let province: Province;
  let box: Box;
  let windowS = 0;

  beforeAll(async () => {
    province = await openProvince(['loa']);
    const programme = await ruler(province.folder, PROGRAMME_S);
    box = await province.box('loa');
    windowS = nowS() + 4;
    const sound = { id: 'ban-tin', atS: windowS, lengthS: PROGRAMME_S, media: programme.media };
    await box.untilHolds(AREA, await province.publish([sound], [programme]));
    await heardFor(box, 0, 2000);
  });

  afterAll(async () => {
    await province.close();
  });

  test('that finds another one at its socket ends with a sentence and touches nothing', async () => {
    const { code, err } = await runAgent(box.configFile);
    expect(code).toBe(1);
    expect(err).toContain(join(box.folder, 'run', 'loa.sock'));
    expect(err).not.toMatch(/\n +at /);
    expect(await box.records()).toEqual([]);
    expect((await box.status()).now.sound.active).toBe(true);
    expect(playersOf(box)).toHaveLength(1);
  });

  test('that is asked to stop switches the amplifier off first, and ends with code 0 and nothing left', async () => {
    const askedUpMs = uptimeMs();
    expect(await box.stop()).toBe(0);
    const off = box.wire().find(({ on, upMs }) => !on && upMs > askedUpMs - STEP_MS);
    const silentUpMs = await endOf(box, 0);
    expect(off?.upMs ?? Infinity).toBeLessThanOrEqual(silentUpMs + STEP_MS);
    expect(silentUpMs - askedUpMs).toBeLessThan(1000);
    expect(playersOf(box)).toEqual([]);
  });

  test('goes on after an orderly stop, and has recorded what was heard before it', async () => {
    await box.start();
    const again = await nextSounding(box, 1);
    expect(Math.abs(offBy(again, await box.wallMinusUpMs(), windowS))).toBeLessThan(RULER_MS);
    const [stopped, ...more] = await box.records();
    expect(more).toEqual([]);
    expect(stopped).toMatchObject({ seq: 1, title: 'ban-tin', endCause: 'power', reason: 'STOPPED' });
    const heardMs = box.ear.soundings()[0]?.lengthMs ?? 0;
    expect(stopped?.playedMs).toBeGreaterThan(heardMs - LOOK_MS);
    expect(stopped?.playedMs).toBeLessThanOrEqual(heardMs + READING_MS);
  });

  test('that is asked to stop while its player hangs has the amplifier off long before the player is gone', async () => {
    const [player = 0] = playersOf(box);
    process.kill(player, 'SIGSTOP');
    const askedUpMs = uptimeMs();
    expect(await box.stop()).toBe(0);
    const off = box.wire().find(({ on, upMs }) => !on && upMs > askedUpMs - STEP_MS);
    expect((off?.upMs ?? Infinity) - askedUpMs).toBeLessThan(OFF_MS);
    expect(playersOf(box)).toEqual([]);
  });

  test('with a bad configuration ends with code 1 and tells every fault, each with the nearest key', async () => {
    const config = JSON.parse(await readFile(box.configFile, 'utf8')) as Record<string, unknown>;
    const { stateFolder: _, ...rest } = config;
    const file = join(province.folder, 'bad.json');
    await writeFile(file, JSON.stringify({ ...rest, statFolder: 'state', prov: 'Khánh Hòa', screen: 7 }));
    const { code, out, err } = await runAgent(file);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    for (const fault of ['prov', 'screen', 'stateFolder: is missing', 'did you mean "stateFolder"'])
      expect(err).toContain(fault);
    expect(err).not.toMatch(/\n +at |Error/);
  });
});
