/** After a publication is on the disk: tells boxes by MQTT and pages by events. What is lost on the way, boxes ask for themselves. */
import type { Stored } from '../shared/protocol/state.ts';
import { nudgeTopic, orderTopic } from '../shared/wire/topics.ts';
import type { Nudge } from '../shared/wire/carrier.ts';
import type { Order } from '../shared/protocol/schema/documents.ts';
import type { Broker } from './broker.ts';
import type { EventStream } from './fleet/event-stream.ts';
import type { Publication } from './publish/keep.ts';
import type { Live } from './publish/live.ts';

export type Announcer = {
  /** All nudges anew: the broker keeps nothing over a restart. */
  everything(live: Live): Promise<void>;
  published(publication: Publication): Promise<void>;
};

export function openAnnouncer(prov: string, broker: Broker, events: EventStream): Announcer {
  const nudge = ({ bytes, digest, document }: Stored): Promise<void> => {
    const { id, epoch, ver } = document;
    const message: Nudge = { id, epoch, ver, digest, size: bytes.length };
    return broker.publish(nudgeTopic(prov, id), JSON.stringify(message), true);
  };
  const push = async (order: Order, { bytes }: Stored): Promise<void> => {
    const payload = new TextDecoder().decode(bytes);
    for (const area of order.scope) await broker.publish(orderTopic(prov, area), payload, false);
  };
  return {
    async everything(live) {
      await nudge(live.trust);
      for (const stored of live.docs.values()) await nudge(stored);
    },
    async published(publication) {
      const { stored, change } = publication;
      const { document } = stored;
      if (document.typ === 'order') await push(document, stored);
      else await nudge(stored);
      for (const id of change.dropped) await broker.publish(nudgeTopic(prov, id), '', true);
      if (document.typ === 'device' && document.state === 'revoked') broker.disconnect(document.dev);
      tell(events, publication);
    },
  };
}

function tell(events: EventStream, { stored: { document, digest }, holders, atMs }: Publication): void {
  const { typ, id, epoch, ver, iat, exp } = document;
  const published = { typ, id, epoch, ver, digest, publishedAtMs: atMs };
  events.send({ kind: 'published', published });
  if (document.typ !== 'order') return;
  const { kind, scope, text } = document;
  events.send({
    kind: 'order',
    order: { ...published, iat, exp, kind, scope, text, holders: [...holders] },
  });
}
