import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openSqlReadOnly } from '../../agent/store/sqlite.ts';
import type { ClockNow } from '../../agent/local/clock-protocol.ts';
import type { Box } from './box.ts';
import { nowS, openProvince } from './province.ts';
import type { Province } from './province.ts';
import { until } from './until.ts';

const LOA = join(import.meta.dirname, '../../agent/cli/main.ts');
const HOUR_MS = 3_600_000;

describe('a box and a cloud that tell different times', () => {
  let province: Province;
  let box: Box;

  beforeAll(async () => {
    province = await openProvince(['gio']);
    box = await province.box('gio');
  });

  afterAll(async () => {
    await province.close();
  });

  function loa(...args: readonly string[]): Promise<readonly [exit: number, said: string]> {
    const socket = join(box.folder, 'run', 'loa.sock');
    const where = ['--lang', 'en', '--socket', socket, '--config', box.configFile];
    return new Promise((resolve) => {
      execFile(process.execPath, [LOA, ...args, ...where], (cause, out, err) => {
        resolve([typeof cause?.code === 'number' ? cause.code : 0, out + err]);
      });
    });
  }

  const clockNow = async (): Promise<ClockNow> =>
    (JSON.parse((await loa('clock', '--json'))[1]) as { box: ClockNow }).box;
  const codes = async (): Promise<readonly string[]> =>
    (await box.status()).conditions.map(({ code }) => code);
  const aheadMs = async (): Promise<number> => (await clockNow()).nowMs - Date.now();

  test('agree at first, and nothing can be settled', async () => {
    expect(await loa('clock')).toEqual([0, expect.stringContaining('tells no other time')]);
    expect(await loa('clock', 'accept', '--yes')).toEqual([
      1,
      expect.stringContaining('Nothing is disputed'),
    ]);
    expect(Math.abs(await aheadMs())).toBeLessThan(3000);
  });

  test('C07 dispute it: the box keeps its time, people are told, and shown both times', async () => {
    province.cloudAheadMs = 3 * HOUR_MS;
    await until('the dispute', async () => (await codes()).includes('TIME_DISPUTE'));
    const [exit, said] = await loa('clock');
    expect([exit, said]).toEqual([
      1,
      expect.stringMatching(/THE TIME IS DISPUTED[^]*(?:3 h|2 h 59 min)[^]* ahead/),
    ]);
    expect(Math.abs(await aheadMs())).toBeLessThan(3000);
  });

  test('stay apart where nobody says yes', async () => {
    expect(await loa('clock', 'accept')).toEqual([2, expect.stringContaining('--yes')]);
    expect((await clockNow()).settlement).toBeNull();
  });

  test('C07 are settled by a person on the spot: SYNCED, the dispute gone, and the province is told from what to what', async () => {
    expect(await loa('clock', 'accept', '--yes')).toEqual([
      0,
      expect.stringContaining('THE TIME IS SETTLED'),
    ]);
    expect(await aheadMs()).toBeCloseTo(3 * HOUR_MS, -4);
    await until('the dispute to be gone', async () => !(await codes()).includes('TIME_DISPUTE'));
    await until('TIME_SETTLED', async () => (await codes()).includes('TIME_SETTLED'));
    const { clock } = await box.status();
    expect(clock.state).toBe('SYNCED');
    expect((clock.settled?.toAtMs ?? 0) - (clock.settled?.fromAtMs ?? 0)).toBeCloseTo(3 * HOUR_MS, -4);
    const staff = await province.staff;
    const told = await until('the status at the cloud', async () => {
      const status = (await staff.fleet()).boxes.find(({ dev }) => dev === box.dev)?.status;
      return status?.clock.settled;
    });
    expect(told).toEqual(clock.settled);
  });

  test('leave two lines of audit on the disk', async () => {
    await box.stop();
    const sql = openSqlReadOnly(join(box.folder, 'state', 'loa.db'));
    const lines = sql.all("SELECT code, id FROM audit WHERE channel = 'clock' ORDER BY n");
    sql.close();
    const day = new Date(nowS() * 1000).toISOString().slice(0, 10);
    expect(lines).toEqual(
      ['TIME_CONFIRMED', 'TIME_SETTLED'].map((code) => ({
        code,
        id: expect.stringMatching(`^${day}.*>20`) as string,
      })),
    );
  });

  test('are read from the card where the agent does not run', async () => {
    const [exit, said] = await loa('clock');
    expect([exit, said]).toEqual([3, expect.stringContaining('The agent does not run')]);
    expect(said).toMatch(/Box time +\d{4}-\d\d-\d\d \d\d:\d\d:\d\d ±\d+ s {2}SYNCED/);
    expect(said).toMatch(/Settled by a person/);
    for (const line of said.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });

  test('C04 stay apart for good where the wrong time was taken: the page says that only the province can help', async () => {
    await box.start();
    province.cloudAheadMs = 0;
    await until('the dispute', async () => (await codes()).includes('TIME_DISPUTE'));
    const [exit, said] = await loa('clock', 'accept', '--yes');
    expect([exit, said]).toEqual([1, expect.stringContaining('floorReset')]);
    expect(await aheadMs()).toBeCloseTo(3 * HOUR_MS, -4);
  });
});
