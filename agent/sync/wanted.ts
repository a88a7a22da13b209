/** Which media a box needs for what it holds: orders first, then templates, then plans. What is not named here may be thrown away. */
import { covers } from '../../shared/protocol/areas.ts';
import { mediaOf, mediaOfItem } from '../../shared/protocol/media-of.ts';
import type { Device, Plan, Templates } from '../../shared/protocol/schema/documents.ts';
import type { Media } from '../../shared/protocol/schema/media.ts';
import { documentsOf, storedOf } from '../../shared/protocol/state.ts';
import type { BoxState } from '../../shared/protocol/state.ts';
import { isForTags } from '../../shared/schedule/resolve.ts';

/** `now` in UTC seconds; nothing by a wall time is known before it, so in FLOOR it is the floor. */
export function wantedMedia(state: BoxState, now: number): readonly Media[] {
  const device = storedOf(state, 'device', `device:${state.dev}`)?.document;
  if (device === undefined) return [];
  const all = [
    ...ofOrders(state, now),
    ...documentsOf(state, 'templates').flatMap((each) => ofTemplates(each, device)),
    ...documentsOf(state, 'plan').flatMap((each) => ofPlan(each, device, now)),
  ];
  return [...new Map(all.map((media) => [media.sha256, media])).values()];
}

/** A template's own recordings are wanted anyway. */
const ofOrders = (state: BoxState, now: number): readonly Media[] =>
  [...state.orders.values()].flatMap(({ ended, stored }) => {
    const order = stored?.document;
    return order === undefined || ended || order.exp <= now ? [] : mediaOf(order);
  });

/** They serve orders after their `exp` too (protocol §4). */
const ofTemplates = ({ area, items }: Templates, device: Device): readonly Media[] =>
  covers(area, device.area) ? items.map(({ media }) => media) : [];

function ofPlan({ area, exp, items }: Plan, device: Device, now: number): readonly Media[] {
  if (exp <= now || !covers(area, device.area)) return [];
  return items.filter((item) => isForTags(item, device.tags)).flatMap(mediaOfItem);
}
