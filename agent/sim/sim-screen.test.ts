/** The simulated board keeps the board's contract. */
import { describe, expect, it } from 'vitest';
import type { Track } from '../devices/player/seam.ts';
import type { ScreenRig } from '../devices/screen/screen.contract.ts';
import { screenContract } from '../devices/screen/screen.contract.ts';
import { SimScreen } from './sim-screen.ts';
import { SimUptime } from './sim-uptime.ts';

const track = (uri: string, durationMs: number | null): Track => ({ uri, sha256: null, durationMs });

const makeRig = (): Promise<ScreenRig> => {
  const uptime = new SimUptime();
  const screen = new SimScreen(uptime);
  return Promise.resolve({
    screen,
    pass: (ms) => {
      uptime.advance(ms);
      return Promise.resolve();
    },
    picture: track('/picture', 1_000),
    standing: track('/picture', null),
    video: track('/video', 1_000),
    kill: () => {
      screen.kill();
    },
    close: () => Promise.resolve(),
  });
};

screenContract('SimScreen', makeRig);

describe('the simulated board', () => {
  it('keeps what was seen, and from when to when', async () => {
    const uptime = new SimUptime('boot', 0);
    const screen = new SimScreen(uptime);
    await screen.open();
    await screen.show('a', { kind: 'nothing' });
    uptime.advance(5_000);
    await screen.show('b', { kind: 'alert', text: 'x' });
    expect(screen.seen.map(({ key, fromUpMs, toUpMs }) => [key, fromUpMs, toUpMs])).toEqual([
      ['a', 0, 5_000],
      ['b', 5_000, null],
    ]);
  });

  it('refuses the next view as asked, and without a display every one', async () => {
    const screen = new SimScreen(new SimUptime());
    await screen.open();
    screen.failNext({ code: 'undecodable', detail: 'asked for' });
    expect(await screen.show('a', { kind: 'nothing' })).toMatchObject({ failure: { code: 'undecodable' } });
    expect(await screen.show('a', { kind: 'nothing' })).toEqual({ ok: true });
    screen.unplug();
    expect(await screen.show('b', { kind: 'nothing' })).toMatchObject({ failure: { code: 'no-output' } });
    expect(screen.observe().state).toBe('failed');
  });
});
