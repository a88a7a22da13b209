/** The MQTT topics of protocol.md §8: who may write where follows from their shape alone. */
import { areaAndAncestors, followedIds } from './follow.ts';

/** No message is longer, either way (protocol.md §8). */
export const MAX_MQTT_PAYLOAD_BYTES = 16 * 1024;

const root = (prov: string): string => `loa/v1/${prov}`;
const asPath = (idOrArea: string): string => idOrArea.replace(/[:.]/g, '/');

/** Retained; `trust`, `plan:56.22366`. Written by the cloud. */
export const nudgeTopic = (prov: string, id: string): string => `${root(prov)}/nudge/${asPath(id)}`;
/** Not retained; whole order envelopes for one entry of an order's `scope`. Written by the cloud. */
export const orderTopic = (prov: string, area: string): string => `${root(prov)}/order/${asPath(area)}`;
/** `BoxStatus` or `BoxGone`; retained, also its last will. Written by that box. */
export const statusTopic = (prov: string, dev: string): string => `${root(prov)}/box/${dev}/up/status`;

/** The topics that a box reads, by exact name. */
export function boxSubscriptions(prov: string, dev: string, area: string | null): readonly string[] {
  const areas = area === null ? [] : areaAndAncestors(area);
  return [
    ...areas.map((each) => orderTopic(prov, each)),
    ...['trust', ...followedIds(dev, area)].map((id) => nudgeTopic(prov, id)),
  ];
}

/** The box that a status topic belongs to, or null where it is none of this province. */
export function devOfStatusTopic(prov: string, topic: string): string | null {
  const dev = topic.split('/')[4];
  return dev !== undefined && /^d-[a-z2-7]{16}$/.test(dev) && topic === statusTopic(prov, dev) ? dev : null;
}
