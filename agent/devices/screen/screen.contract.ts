/** What every board must do, simulated or real. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Track } from '../player/seam.ts';
import type { Screen, View } from './seam.ts';

export type ScreenRig = {
  readonly screen: Screen;
  pass(ms: number): Promise<void>;
  /** A picture, shown for 1,000 ms, and the same shown until something else is. */
  readonly picture: Track;
  readonly standing: Track;
  /** A video of 1,000 ms. */
  readonly video: Track;
  kill(): void;
  close(): Promise<void>;
};

export const screenContract = (name: string, makeRig: () => Promise<ScreenRig>): void => {
  describe(`${name} keeps the screen contract`, () => {
    let rig: ScreenRig;
    beforeEach(async () => {
      rig = await makeRig();
      await rig.screen.open();
    });
    afterEach(async () => {
      await rig.screen.close();
      await rig.close();
    });

    const page: View = {
      kind: 'page',
      page: { template: 'notice', title: 'Họp thôn', body: '19 giờ 30 tại nhà văn hóa', imagePath: null },
    };
    const media = (tracks: readonly [Track, ...Track[]], passes: number | 'fill' = 1): View => ({
      ...{ kind: 'media', tracks, startIndex: 0, offsetMs: 0, passes },
    });
    const until = async (condition: () => boolean, withinMs: number): Promise<boolean> => {
      for (let waitedMs = 0; waitedMs < withinMs && !condition(); waitedMs += 50) await rig.pass(50);
      return condition();
    };

    it('shows nothing after it was opened', () => {
      expect(rig.screen.observe()).toMatchObject({ state: 'idle', key: null, ticker: null, shownMs: 0 });
    });

    it.each([
      ['the sentence that there is nothing', { kind: 'nothing' } as const],
      ['a page', page],
      ['an alert', { kind: 'alert', text: 'Lũ về nhanh' } as const],
    ])('shows %s until something else is shown, and counts how long', async (_what, view) => {
      expect(await rig.screen.show('a', view)).toEqual({ ok: true });
      await rig.pass(2_500);
      const { state, key, shownMs, screenshotSha256, failure } = rig.screen.observe();
      expect([state, key, failure]).toEqual(['showing', 'a', null]);
      expect(shownMs).toBeGreaterThan(1_000);
      expect(shownMs).toBeLessThan(2_900);
      expect(screenshotSha256).toMatch(/^[\w-]{43}$/);
    });

    it('proves different views by different pictures', async () => {
      const proofOf = async (key: string, view: View): Promise<string | null> => {
        await rig.screen.show(key, view);
        await until(() => rig.screen.observe().screenshotSha256 !== null, 10_000);
        return rig.screen.observe().screenshotSha256;
      };
      const first = await proofOf('a', { kind: 'alert', text: 'Lũ về nhanh' });
      const second = await proofOf('b', { kind: 'alert', text: 'Hết lũ' });
      expect(first).not.toBeNull();
      expect(second).not.toBeNull();
      expect(first).not.toBe(second);
    });

    it('ends after the last picture or video of a list', async () => {
      expect(await rig.screen.show('a', media([rig.picture, rig.video]))).toEqual({ ok: true });
      await rig.pass(500);
      expect(rig.screen.observe().state).toBe('showing');
      expect(await until(() => rig.screen.observe().state === 'ended', 10_000)).toBe(true);
      expect(rig.screen.observe().shownMs).toBeGreaterThan(1_700);
      expect(rig.screen.observe().shownMs).toBeLessThan(2_400);
      expect(rig.screen.observe().failure).toBeNull();
    });

    it('repeats a list for as long as it is let', async () => {
      await rig.screen.show('a', media([rig.picture, rig.video], 'fill'));
      await rig.pass(4_500);
      expect(rig.screen.observe()).toMatchObject({ state: 'showing', failure: null });
    });

    it('lets a picture stand that has no duration', async () => {
      await rig.screen.show('a', media([rig.standing]));
      await rig.pass(3_000);
      expect(rig.screen.observe().state).toBe('showing');
      expect(rig.screen.observe().shownMs).toBeGreaterThan(2_000);
    });

    it('names only the view that shows now', async () => {
      await rig.screen.show('a', page);
      await rig.screen.show('b', { kind: 'nothing' });
      expect(rig.screen.observe().key).toBe('b');
    });

    it('runs a text over the view until it is taken away', async () => {
      await rig.screen.show('a', page);
      expect(await rig.screen.ticker('Kính mời bà con')).toEqual({ ok: true });
      expect(rig.screen.observe().ticker).toBe('Kính mời bà con');
      await rig.screen.show('b', { kind: 'nothing' });
      expect(rig.screen.observe().ticker).toBe('Kính mời bà con');
      await rig.screen.ticker(null);
      expect(rig.screen.observe().ticker).toBeNull();
    });

    it('comes back empty after it was killed, so that view and text are asked for again', async () => {
      await rig.screen.show('a', page);
      await rig.screen.ticker('Kính mời bà con');
      rig.kill();
      expect(await until(() => rig.screen.observe().state === 'absent', 2_000)).toBe(true);
      expect(rig.screen.observe()).toMatchObject({ key: null, ticker: null });
      expect(await until(() => rig.screen.observe().state === 'idle', 8_000)).toBe(true);
      expect(rig.screen.observe()).toMatchObject({ key: null, ticker: null, failure: { code: 'died' } });
      expect(await rig.screen.show('a', page)).toEqual({ ok: true });
      expect(rig.screen.observe()).toMatchObject({ state: 'showing', key: 'a', failure: null });
    });
  });
};
