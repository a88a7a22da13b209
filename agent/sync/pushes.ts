/** What a message from the broker asks of a box: an order to be judged, a document to be fetched, or nothing. Pure. */
import { decodeUtf8, parseJson } from '../../shared/protocol/bytes.ts';
import type { BoxState } from '../../shared/protocol/state.ts';
import { nudge } from '../../shared/wire/carrier.ts';
import { areaAndAncestors, followedIds } from '../../shared/wire/follow.ts';
import { MAX_MQTT_PAYLOAD_BYTES, nudgeTopic, orderTopic } from '../../shared/wire/topics.ts';
import type { Version } from './turn.ts';
import { isNewer } from './versions.ts';

export type Push =
  | { readonly kind: 'order' }
  | { readonly kind: 'nudge'; readonly id: string; readonly version: Version }
  | { readonly kind: 'nothing' };

const NOTHING: Push = { kind: 'nothing' };

/** Topics count, because a broker may send what nobody subscribed to. */
export function pushOf(topic: string, payload: Uint8Array, state: BoxState, area: string | null): Push {
  if (payload.length > MAX_MQTT_PAYLOAD_BYTES) return NOTHING;
  const areas = area === null ? [] : areaAndAncestors(area);
  if (areas.some((each) => orderTopic(state.prov, each) === topic)) return { kind: 'order' };
  const ids = ['trust', ...followedIds(state.dev, area)];
  const id = ids.find((each) => nudgeTopic(state.prov, each) === topic);
  return id === undefined ? NOTHING : nudgeOf(id, payload, state);
}

/** What we hold already is no news; retained nudges come again with every connection. */
function nudgeOf(id: string, payload: Uint8Array, state: BoxState): Push {
  const read = nudge.safeParse(parseJson(decodeUtf8(payload) ?? ''));
  if (!read.success || read.data.id !== id) return NOTHING;
  const { epoch, ver } = read.data;
  const held = id === 'trust' ? state.trust : state.docs.get(id);
  if (held !== undefined && !isNewer({ epoch, ver }, held.document)) return NOTHING;
  return { kind: 'nudge', id, version: { epoch, ver } };
}
