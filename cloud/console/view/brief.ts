/** A box in as few words as counting, searching and sorting want: of thousands of boxes only those on the screen become cards. */
import type { Text } from '../../../shared/messages/text.ts';
import { severityOf } from '../../../shared/health/condition.ts';
import type { BoxView } from '../../../shared/wire/fleet.ts';
import { factsOf } from './facts.ts';
import { placeName } from './places.ts';
import type { Places } from './places.ts';
import { toneOfSeverity, worstTone } from './tone.ts';
import type { Tone } from './tone.ts';

export type Brief = {
  readonly box: BoxView;
  readonly place: Text;
  readonly tone: Tone;
  readonly isSounding: boolean;
};

export const briefOf = (box: BoxView, places: Places): Brief => ({
  box,
  place: placeName(places, box.area),
  tone: toneOf(box),
  isSounding: box.link.state === 'online' && box.status?.now.sound.active === true,
});

// A view is never changed, only replaced by a newer one.
const known = new WeakMap<BoxView, Tone>();

export function toneOf(box: BoxView): Tone {
  const tone = known.get(box) ?? judged(box);
  known.set(box, tone);
  return tone;
}

const NO_NAMES: Places = new Map();

/** Refusals stand in the facts for ever; as a reason to look they count only while a condition says so. */
function judged(box: BoxView): Tone {
  if (box.link.state === 'never') return 'off';
  const facts = factsOf(box, NO_NAMES).some(({ tone }) => tone === 'amber');
  const conditions = (box.status?.conditions ?? []).map(({ code }) => toneOfSeverity[severityOf(code)]);
  return worstTone([
    'ok',
    ...conditions,
    ...(facts || box.link.state === 'silent' ? (['amber'] as const) : []),
    ...(box.breaks > 0 ? (['red'] as const) : []),
  ]);
}
