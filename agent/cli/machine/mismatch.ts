/** Whether what the configuration names is what the kernel shows. Pure. */
import type { Configured } from '../../local/examined.ts';
import type { GpioChip } from './hardware.ts';

type Sound = NonNullable<Configured['sound']>;

/** The ALSA card that is named, '' for whichever comes first, null where the sound does not go to ALSA. */
export function cardOf({ ao, device }: Sound): string | null {
  if (ao !== 'alsa' && device?.startsWith('alsa/') !== true) return null;
  return cardIn(device ?? '');
}

/** The card that an ALSA name names; '' where it names none. */
export const cardIn = (alsa: string): string =>
  /CARD=([^,]+)/.exec(alsa)?.[1] ?? /hw:([A-Za-z]\w*)/.exec(alsa)?.[1] ?? '';

export function hasPin(chips: readonly GpioChip[] | null, pin: Configured['pins'][number]['pin']): boolean {
  if (chips === null) return false;
  if ('name' in pin) return chips.some(({ names }) => names.includes(pin.name));
  return chips.some(({ label, lines }) => label === pin.chip && pin.line < lines);
}
