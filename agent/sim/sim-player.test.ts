/** The simulated player keeps the player's contract, so that what is tested over it holds over mpv. */
import { describe, expect, it } from 'vitest';
import type { PlayerRig } from '../devices/player/player.contract.ts';
import { playerContract } from '../devices/player/player.contract.ts';
import { LINE_IN } from '../devices/player/seam.ts';
import type { Playback, Track } from '../devices/player/seam.ts';
import { SimPlayer } from './sim-player.ts';
import { SimUptime } from './sim-uptime.ts';

const track = (uri: string, durationMs: number): Track => ({ uri, sha256: null, durationMs });

const makeRig = (): Promise<PlayerRig> => {
  const uptime = new SimUptime();
  const player = new SimPlayer(uptime, { hasLine: true });
  player.breakTrack('/missing', { code: 'file-missing', detail: '/missing' });
  player.breakTrack('/undecodable', { code: 'undecodable', detail: '/undecodable' });
  player.cutTrackShort('/truncated', 1_000);
  return Promise.resolve({
    player,
    upMs: () => uptime.upMs(),
    pass: (ms) => {
      uptime.advance(ms);
      return Promise.resolve();
    },
    short: track('/short', 1_000),
    long: track('/long', 3_000),
    truncated: track('/truncated', 3_000),
    missing: track('/missing', 1_000),
    undecodable: track('/undecodable', 1_000),
    kill: () => {
      player.kill();
    },
    hang: () => {
      player.hang();
    },
    unplug: () => {
      player.unplug();
    },
    unplugLine: () => {
      player.unplugLine();
      return Promise.resolve();
    },
    plugLine: () => {
      player.line.plug();
      return Promise.resolve();
    },
    heard: () => player.heard(),
    close: () => Promise.resolve(),
  });
};

playerContract('SimPlayer', makeRig);

describe('the simulated player', () => {
  it('without a line input refuses to play one', async () => {
    const player = new SimPlayer(new SimUptime());
    await player.open();
    expect(player.observe().line).toBe('none');
    const playback: Playback = {
      key: 'a',
      tracks: [LINE_IN],
      startIndex: 0,
      offsetMs: 0,
      passes: 1,
      volume: 50,
    };
    expect(await player.replace(playback, null)).toMatchObject({ failure: { code: 'no-input' } });
  });

  it('throws when it is used before it is open', async () => {
    const player = new SimPlayer(new SimUptime());
    const playback = {
      key: 'a',
      tracks: [track('/a', 1)],
      startIndex: 0,
      offsetMs: 0,
      passes: 1,
      volume: 50,
    } as const;
    await expect(async () => player.cue(playback)).rejects.toThrow('not opened');
  });

  it('fails the next load as asked, and the one after it no more', async () => {
    const player = new SimPlayer(new SimUptime());
    await player.open();
    const playback = {
      key: 'a',
      tracks: [track('/a', 1)],
      startIndex: 0,
      offsetMs: 0,
      passes: 1,
      volume: 50,
    } as const;
    player.failNext({ code: 'stream-failed', detail: 'asked for' });
    expect(await player.cue(playback)).toMatchObject({ failure: { code: 'stream-failed' } });
    expect(await player.cue(playback)).toEqual({ ok: true });
  });
});
