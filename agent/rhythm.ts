/** When the loop ticks next: on the instant at which something must be done, at once when it is woken, and never late. */
import type { Memory, Scene } from './plan/scene.ts';
import { HORIZON_MS } from './plan/scene.ts';

/** Between two ticks at most: while something sounds, and while nothing does. */
const BUSY_MS = 250;
export const IDLE_MS = 1000;

/** Milliseconds to the next instant that is known, and never many: a missed event cannot hurt. */
export function waitMs({ intent, reading, settings }: Scene, { sound, amplifier }: Memory): number {
  const { current } = sound;
  const changes = [intent.sound.until, intent.screen.until, intent.ticker.until, intent.quiet.until].flatMap(
    (until) => (until === null ? [] : [until * 1000, until * 1000 - HORIZON_MS]),
  );
  const release =
    current === null ? [] : [current.stretch.releaseAtMs, current.stretch.releaseAtMs - settings.leadMs];
  const ahead = [...changes, ...release].map((atMs) => atMs - reading.nowMs).filter((inMs) => inMs > 0);
  const isBusy = current !== null || amplifier.on;
  return Math.ceil(Math.min(isBusy ? BUSY_MS : IDLE_MS, ...ahead));
}

/** Sleeps until its time is over, it is woken, or the signal is aborted. */
export class Sleeper {
  #wake: () => void = () => undefined;

  wake(): void {
    this.#wake();
  }

  sleep(durationMs: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const finish = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', finish);
        this.#wake = () => undefined;
        resolve();
      };
      const timer = setTimeout(finish, durationMs);
      signal.addEventListener('abort', finish);
      this.#wake = finish;
    });
  }
}
