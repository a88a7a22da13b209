/** What the status lamp of a box says: pure, from the worst condition and the clock to on or off at an instant. */
import type { Severity } from '../../shared/health/declared.ts';
import type { ClockReading } from '../clock/seam.ts';

/** Steady: all is well. Slow: go and look. Fast: danger, or it does not know the time (protocol C6). Dark: no agent. */
const BLINK_MS = { slow: 1000, fast: 125 } as const;

export function isLampOn(worst: Severity | null, { state, upMs }: ClockReading): boolean {
  const blink = blinkOf(worst, state);
  return blink === null || Math.floor(upMs / BLINK_MS[blink]) % 2 === 0;
}

function blinkOf(worst: Severity | null, state: ClockReading['state']): keyof typeof BLINK_MS | null {
  if (worst === 'danger' || state === 'FLOOR') return 'fast';
  return worst === 'warning' || worst === 'error' ? 'slow' : null;
}
