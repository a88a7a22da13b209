import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { Sleeper } from './rhythm.ts';

const LONG_MS = 60_000;

async function tookMs(work: Promise<void>): Promise<number> {
  const begunMs = performance.now();
  await work;
  return performance.now() - begunMs;
}

describe('a sleep between two ticks', () => {
  it('ends when its time is over, and not before', async () => {
    expect(await tookMs(new Sleeper().sleep(50, new AbortController().signal))).toBeGreaterThan(45);
  });

  it('ends at once when something has happened', async () => {
    const sleeper = new Sleeper();
    const sleep = tookMs(sleeper.sleep(LONG_MS, new AbortController().signal));
    sleeper.wake();
    expect(await sleep).toBeLessThan(LONG_MS / 2);
  });

  it('ends when the agent is asked to stop, and leaves nothing that listens', async () => {
    const stop = new AbortController();
    const sleep = tookMs(new Sleeper().sleep(LONG_MS, stop.signal));
    stop.abort();
    expect(await sleep).toBeLessThan(LONG_MS / 2);
    expect(getEventListeners(stop.signal, 'abort')).toHaveLength(0);
  });

  it('is not shortened by what woke the one before', async () => {
    const sleeper = new Sleeper();
    const { signal } = new AbortController();
    const first = sleeper.sleep(LONG_MS, signal);
    sleeper.wake();
    await first;
    sleeper.wake();
    expect(await tookMs(sleeper.sleep(50, signal))).toBeGreaterThan(45);
  });
});
