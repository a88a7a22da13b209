import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ulid } from 'ulid';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bundle } from '../bundle.ts';
import type { Box } from './box.ts';
import { endOf, heardFor, nextSounding } from './heard.ts';
import { alertOf } from './papers.ts';
import { AREA, nowS, openProvince } from './province.ts';
import type { Province } from './province.ts';
import { ruler } from './ruler.ts';
import { until } from './until.ts';

const run = promisify(execFile);
/** A bundle that carries a second copy of something big shows here. */
const AGENT_MOST_BYTES = 1_000_000;

describe('the bundle that is installed on a box', () => {
  let province: Province;
  let box: Box;
  let folder = '';
  let sizes: Readonly<Record<string, number>> = {};

  beforeAll(async () => {
    province = await openProvince(['loa']);
    // Away from the repository, so that nothing is found there that the bundle lacks.
    folder = join(province.folder, 'bundle');
    sizes = await bundle(folder);
    box = await province.box('loa', { launcher: join(folder, 'loa-agent') });
  });

  afterAll(async () => {
    await province.close();
  });

  test('stays small', () => {
    expect(sizes['agent.mjs']).toBeLessThan(AGENT_MOST_BYTES);
  });

  test('sounds what was signed, on time', async () => {
    const programme = await ruler(province.folder, 3);
    const windowS = nowS() + 4;
    expect(box.ear).toBeDefined();
    const sound = { id: 'ban-tin', atS: windowS, lengthS: 4, media: programme.media };
    await box.untilHolds(AREA, await province.publish([sound], [programme]));
    const first = await nextSounding(box, 0);
    expect(Math.abs(first.fromUpMs + (await box.wallMinusUpMs()) - windowS * 1000)).toBeLessThan(250);
    await heardFor(box, 0, 2900);
    await until('its record', async () => (await box.records()).length === 1);
  });

  test('answers the technician’s command that lies beside it', async () => {
    const asked = ['records', '--json', '--socket', join(box.folder, 'run', 'loa.sock')];
    const { stdout } = await run(join(folder, 'loa.mjs'), asked);
    expect(JSON.parse(stdout)).toMatchObject([{ title: 'ban-tin', endCause: 'finished' }]);
  });

  test('carries the tone of an order that has no sound of its own', async () => {
    await endOf(box, 0);
    const order = alertOf(ulid(), nowS(), null, 1);
    await (await province.staff).send(order, province.people.officers.slice(0, 2));
    await nextSounding(box, 1);
    await until('its record', async () => (await box.records()).at(-1)?.subject.kind === 'order');
    expect((await box.records()).at(-1)).toMatchObject({ endCause: 'finished', sha256: [] });
  });
});
