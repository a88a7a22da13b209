/** How loudly the page says a thing: the colours of everything on it. */
import type { Severity } from '../../../shared/health/declared.ts';

const ladder = ['off', 'ok', 'note', 'amber', 'red'] as const;

/** `off`: nothing is known. `note`: worth reading. `amber`: somebody should look. `red`: now. */
export type Tone = (typeof ladder)[number];

export const toneOfSeverity: Readonly<Record<Severity, Tone>> = {
  info: 'note',
  warning: 'amber',
  error: 'red',
  danger: 'red',
};

export const worstTone = (tones: readonly Tone[]): Tone =>
  ladder[Math.max(0, ...tones.map((tone) => ladder.indexOf(tone)))] ?? 'off';
