/** What every player must do, simulated or real. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LINE_IN } from './seam.ts';
import type { Playback, Player, Track } from './seam.ts';

export type PlayerRig = {
  readonly player: Player;
  upMs(): number;
  /** Lets so much time pass, virtual or real. */
  pass(ms: number): Promise<void>;
  /** Sound tracks of 1,000 and 3,000 ms. */
  readonly short: Track;
  readonly long: Track;
  /** Signed as 3,000 ms, and only 1,000 are there. */
  readonly truncated: Track;
  readonly missing: Track;
  readonly undecodable: Track;
  kill(): void;
  hang(): void;
  unplug(): void;
  /** Its line input, into which something sounds without end: gone, and back again. */
  unplugLine(): Promise<void>;
  plugLine(): Promise<void>;
  /** When something was heard at all, oldest first; `toUpMs` is null while it sounds. */
  heard(): readonly { readonly fromUpMs: number; readonly toUpMs: number | null }[];
  close(): Promise<void>;
};

/** A loaded test machine may be this late; the benchmark measures what an idle one does. */
const lateMs = 400;

export const playerContract = (name: string, makeRig: () => Promise<PlayerRig>): void => {
  describe(`${name} keeps the player contract`, () => {
    let rig: PlayerRig;
    beforeEach(async () => {
      rig = await makeRig();
      await rig.player.open();
    });
    afterEach(async () => {
      await rig.player.close();
      await rig.close();
    });

    const playback = (key: string, tracks: Playback['tracks'], more: Partial<Playback> = {}): Playback => ({
      ...{ key, tracks, startIndex: 0, offsetMs: 0, passes: 1, volume: 80 },
      ...more,
    });
    const until = async (condition: () => boolean, withinMs: number): Promise<boolean> => {
      for (let waitedMs = 0; waitedMs < withinMs && !condition(); waitedMs += 50) await rig.pass(50);
      return condition();
    };
    const ended = (withinMs = 20_000): Promise<boolean> =>
      until(() => ['ended', 'failed'].includes(rig.player.observe().state), withinMs);
    const played = (): number => rig.player.observe().playback?.playedMs ?? -1;
    const expectAbout = (value: number, aimMs: number): void => {
      // What is counted may fall short on a busy machine, whose readings come late; it never says too much.
      expect(value).toBeGreaterThan(aimMs * 0.8);
      expect(value).toBeLessThan(aimMs + 150);
    };

    it('is idle and silent after it was opened', async () => {
      await rig.pass(300);
      expect(rig.player.observe()).toMatchObject({
        state: 'idle',
        playback: null,
        before: null,
        moving: false,
      });
      expect(rig.heard()).toEqual([]);
    });

    it('is silent while it is cued', async () => {
      expect(await rig.player.cue(playback('a', [rig.short]))).toEqual({ ok: true });
      await rig.pass(600);
      expect(rig.player.observe()).toMatchObject({
        state: 'cued',
        playback: { key: 'a', playedMs: 0 },
        moving: false,
      });
      expect(rig.heard()).toEqual([]);
    });

    it('sounds at the instant of its release and says how long it was heard', async () => {
      await rig.player.cue(playback('a', [rig.short]));
      const atUpMs = rig.upMs() + 500;
      expect(await rig.player.release(atUpMs)).toEqual({ ok: true });
      expect(await ended()).toBe(true);
      await rig.pass(100);
      expectAbout(played(), 1_000);
      const { state, playback: numbers } = rig.player.observe();
      expect(state).toBe('ended');
      expect(numbers?.failure).toBeNull();
      expect(numbers?.startedUpMs).toBeGreaterThan(atUpMs - 100);
      expect(numbers?.startedUpMs).toBeLessThan(atUpMs + lateMs);
      expect(rig.heard()).toHaveLength(1);
      const heard = rig.heard()[0];
      expect(heard?.fromUpMs).toBeGreaterThan(atUpMs - 100);
      expect(heard?.fromUpMs).toBeLessThan(atUpMs + lateMs);
      expectAbout((heard?.toUpMs ?? 0) - (heard?.fromUpMs ?? 0), 1_000);
    });

    it('measures the level at the output, after the volume', async () => {
      await rig.player.replace(playback('a', [rig.short]), null);
      await rig.pass(800);
      expect(rig.player.observe().playback?.peakDbfs).toBeLessThanOrEqual(0);
      expect(rig.player.observe().playback?.peakDbfs).toBeGreaterThan(-60);
    });

    it('does not release what was not cued', async () => {
      const refused = { ok: false, failure: { code: 'not-cued' } };
      expect(await rig.player.release(rig.upMs())).toMatchObject(refused);
      await rig.player.cue(playback('a', [rig.short]));
      await rig.player.stop(0);
      expect(await rig.player.release(rig.upMs())).toMatchObject(refused);
    });

    it('forgets an armed release when something else is cued or it is stopped', async () => {
      await rig.player.cue(playback('a', [rig.short]));
      await rig.player.release(rig.upMs() + 500);
      await rig.player.cue(playback('b', [rig.short]));
      await rig.pass(900);
      expect(rig.player.observe()).toMatchObject({ state: 'cued', playback: { key: 'b', playedMs: 0 } });
      await rig.player.release(rig.upMs() + 500);
      await rig.player.stop(0);
      await rig.pass(900);
      expect(rig.player.observe().state).toBe('idle');
      expect(rig.heard()).toEqual([]);
    });

    it('plays what was asked for last, also where that was in the same breath', async () => {
      const cued = rig.player.cue(playback('early', [rig.long]));
      const joined = rig.player.replace(playback('alert', [rig.short]), null);
      await Promise.all([cued, joined]);
      await rig.pass(400);
      expect(rig.player.observe()).toMatchObject({ state: 'playing', playback: { key: 'alert' } });
    });

    it('goes through a list as often as asked, without a gap', async () => {
      await rig.player.replace(playback('a', [rig.short, rig.long], { passes: 2 }), null);
      expect(await ended()).toBe(true);
      await rig.pass(200);
      expect(rig.player.observe()).toMatchObject({
        state: 'ended',
        playback: { trackIndex: 1, pass: 1, failure: null },
      });
      expectAbout(played(), 8_000);
      expectAbout(
        rig.heard().reduce((sum, { fromUpMs, toUpMs }) => sum + (toUpMs ?? 0) - fromUpMs, 0),
        8_000,
      );
    });

    it('begins inside a list, and again at its head in the next pass', async () => {
      const late = { startIndex: 1, offsetMs: 2_000, passes: 2 };
      await rig.player.replace(playback('a', [rig.short, rig.long], late), null);
      await rig.pass(600);
      expect(rig.player.observe().playback).toMatchObject({ trackIndex: 1, pass: 0 });
      expect(rig.player.observe().playback?.positionMs).toBeGreaterThanOrEqual(2_000);
      expect(await ended()).toBe(true);
      expectAbout(played(), 1_000 + 4_000);
    });

    it('repeats for as long as it is let', async () => {
      await rig.player.replace(playback('a', [rig.short], { passes: 'fill' }), null);
      await rig.pass(5_500);
      const { state, moving, playback: numbers } = rig.player.observe();
      expect([state, moving]).toEqual(['playing', true]);
      expect(numbers?.pass).toBeGreaterThanOrEqual(3);
    });

    it('joins one programme to the next in place, and keeps the numbers of what it cut', async () => {
      await rig.player.replace(playback('a', [rig.long]), null);
      await rig.pass(1_000);
      const atUpMs = rig.upMs() + 300;
      const joined = rig.player.replace(playback('b', [rig.short]), atUpMs);
      await rig.pass(1_000);
      expect(await joined).toEqual({ ok: true });
      const { playback: now, before } = rig.player.observe();
      expect([now?.key, before?.key]).toEqual(['b', 'a']);
      expect(before?.playedMs).toBeGreaterThan(900);
      expect(before?.playedMs).toBeLessThan(1_300 + lateMs);
      expect(now?.startedUpMs).toBeGreaterThan(atUpMs - 100);
      expect(now?.startedUpMs).toBeLessThan(atUpMs + lateMs);
    });

    it('is silent after a stop, and the numbers stand still', async () => {
      await rig.player.replace(playback('a', [rig.long]), null);
      await rig.pass(1_000);
      await rig.player.stop(100);
      const atStop = played();
      expect(atStop).toBeGreaterThan(500);
      await rig.pass(600);
      expect(rig.player.observe()).toMatchObject({
        state: 'idle',
        moving: false,
        playback: { key: 'a', playedMs: atStop },
      });
      expect(rig.heard().at(-1)?.toUpMs).not.toBeNull();
    });

    it('says that a file is missing or cannot be decoded', async () => {
      expect(await rig.player.cue(playback('a', [rig.missing]))).toMatchObject({
        failure: { code: 'file-missing' },
      });
      expect(rig.player.observe().state).toBe('failed');
      expect(await rig.player.cue(playback('b', [rig.undecodable]))).toMatchObject({
        failure: { code: 'undecodable' },
      });
      expect(rig.player.observe()).toMatchObject({ state: 'failed', playback: { key: 'b', playedMs: 0 } });
    });

    it('plays the rest of a list in which a file is missing, and is failed at its end', async () => {
      expect(await rig.player.replace(playback('a', [rig.missing, rig.short]), null)).toEqual({ ok: true });
      expect(await ended()).toBe(true);
      expect(rig.player.observe()).toMatchObject({
        state: 'failed',
        playback: { failure: { code: 'file-missing' } },
      });
      expectAbout(played(), 1_000);
    });

    it('does not spin through a list in which nothing can be played', async () => {
      const hopeless = playback('a', [rig.missing, rig.undecodable], { passes: 'fill' });
      expect(await rig.player.replace(hopeless, null)).toMatchObject({ ok: false });
      expect(rig.player.observe().state).toBe('failed');
    });

    it('does not take the end of a torn file for the end of the track', async () => {
      await rig.player.replace(playback('a', [rig.truncated]), null);
      expect(await ended()).toBe(true);
      expect(rig.player.observe()).toMatchObject({
        state: 'failed',
        playback: { failure: { code: 'truncated' } },
      });
      // Where it was torn nobody knows: the buffer's rest is counted by the clock.
      expect(played()).toBeGreaterThan(850);
      expect(played()).toBeLessThan(1_400);
    });

    it('comes back after it was killed, says so, and is heard again', async () => {
      await rig.player.replace(playback('a', [rig.long]), null);
      await rig.pass(800);
      rig.kill();
      expect(await until(() => rig.player.observe().state === 'absent', 2_000)).toBe(true);
      expect(await until(() => rig.player.observe().state === 'idle', 8_000)).toBe(true);
      expect(rig.player.observe().playback).toMatchObject({ key: 'a', failure: { code: 'died' } });
      expect(played()).toBeLessThan(1_200);
      expect(await rig.player.replace(playback('b', [rig.short]), null)).toEqual({ ok: true });
      expect(await ended()).toBe(true);
      expectAbout(played(), 1_000);
    });

    it('is killed when it hangs, says so, and is heard again within seconds', async () => {
      await rig.player.replace(playback('a', [rig.long], { passes: 'fill' }), null);
      await rig.pass(800);
      rig.hang();
      expect(await until(() => rig.player.observe().state === 'idle', 10_000)).toBe(true);
      expect(rig.player.observe().playback).toMatchObject({ key: 'a', failure: { code: 'hung' } });
      expect(played()).toBeLessThan(1_500);
      expect(await rig.player.replace(playback('b', [rig.short]), null)).toEqual({ ok: true });
      expect(await ended()).toBe(true);
      expectAbout(played(), 1_000);
    });

    it('plays what comes in at the line, counts it by the audio clock, and closes the line with the sound', async () => {
      expect(rig.player.observe().line).toBe('closed');
      expect(await rig.player.replace(playback('a', [LINE_IN]), null)).toEqual({ ok: true });
      await rig.pass(2_000);
      const { state, moving, line, playback: numbers } = rig.player.observe();
      expect([state, moving, line]).toEqual(['playing', true, 'open']);
      expectAbout(numbers?.playedMs ?? 0, 2_000);
      expect(numbers?.peakDbfs).toBeGreaterThan(-60);
      await rig.player.stop(200);
      expect(rig.player.observe()).toMatchObject({ state: 'idle', line: 'closed', playback: { key: 'a' } });
      await rig.pass(600);
      expect(rig.heard().at(-1)?.toUpMs).not.toBeNull();
    });

    it('opens the line at its instant, and plays a file in its place at once', async () => {
      const atUpMs = rig.upMs() + 600;
      const opened = rig.player.replace(playback('a', [LINE_IN]), atUpMs);
      await rig.pass(1_600);
      expect(await opened).toEqual({ ok: true });
      expect(rig.heard()[0]?.fromUpMs).toBeGreaterThan(atUpMs - 250);
      expect(rig.heard()[0]?.fromUpMs).toBeLessThan(atUpMs + lateMs);
      expect(await rig.player.replace(playback('alert', [rig.short]), null)).toEqual({ ok: true });
      expect(rig.player.observe()).toMatchObject({ line: 'closed', playback: { key: 'alert' } });
      expect(await ended()).toBe(true);
      expectAbout(played(), 1_000);
    });

    it('says that the line is gone, counts no more of it, and plays it again once it is back', async () => {
      await rig.player.replace(playback('a', [LINE_IN]), null);
      await rig.pass(1_000);
      await rig.unplugLine();
      expect(await until(() => rig.player.observe().state === 'failed', 15_000)).toBe(true);
      expect(rig.player.observe()).toMatchObject({
        moving: false,
        line: 'closed',
        playback: { failure: { code: 'no-input' } },
      });
      expect(played()).toBeLessThan(1_600);
      const without = await rig.player.replace(playback('b', [LINE_IN]), null);
      expect(without).toMatchObject({ ok: false, failure: { code: 'no-input' } });
      expect(played()).toBe(0);
      await rig.plugLine();
      expect(await rig.player.replace(playback('c', [LINE_IN]), null)).toEqual({ ok: true });
      expect(await until(() => played() > 500, 8_000)).toBe(true);
    });

    it('never counts what had no output', async () => {
      rig.unplug();
      await rig.pass(200);
      const outcome = await rig.player.replace(playback('a', [rig.short]), null);
      expect(outcome).toMatchObject({ ok: false, failure: { code: 'no-output' } });
      await rig.pass(1_000);
      expect(rig.player.observe()).toMatchObject({
        state: 'failed',
        moving: false,
        output: null,
        playback: { playedMs: 0 },
      });
    });

    it('stops counting when the output is lost while it plays', async () => {
      await rig.player.replace(playback('a', [rig.long], { passes: 'fill' }), null);
      await rig.pass(1_000);
      rig.unplug();
      expect(await until(() => rig.player.observe().state === 'failed', 15_000)).toBe(true);
      expect(rig.player.observe().playback).toMatchObject({ failure: { code: 'no-output' } });
      expect(played()).toBeLessThan(1_600);
    });
  });
};
