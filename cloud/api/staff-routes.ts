/** What people ask for, below /api: places, what is live, whole envelopes and recordings to publish. */
import { sealEnvelope } from '../../shared/protocol/sign.ts';
import { fromBase64url } from '../../shared/protocol/bytes.ts';
import { sha256 } from '../../shared/protocol/schema/primitives.ts';
import { mime } from '../../shared/protocol/schema/media.ts';
import { mediaParams, refusal } from '../../shared/wire/carrier.ts';
import type { Envelope } from '../../shared/wire/carrier.ts';
import {
  documentsAnswer,
  liveOrdersAnswer,
  newEnvelope,
  placesAnswer,
  published,
  staffPaths,
} from '../../shared/wire/staff.ts';
import { z } from 'zod';
import { liveDocuments } from '../publish/documents.ts';
import { liveOrders } from '../publish/orders.ts';
import { answer } from './answer.ts';
import type { Server } from './answer.ts';
import { refuseStranger } from './auth.ts';
import type { Parts } from './parts.ts';

const refusals = { 400: refusal, 401: refusal, 404: refusal, 409: refusal };

/** The bytes that were signed are in `payload`; what is around them is written anew. */
const bytesOf = ({ payload, signatures }: Envelope): Uint8Array =>
  sealEnvelope(fromBase64url(payload) ?? new Uint8Array(), signatures);

export function staffRoutes(server: Server, parts: Parts): void {
  server.addHook('onRequest', (request, reply, next) => {
    const refused = refuseStranger(request, parts.staffToken);
    if (refused === null) next();
    else answer(reply, refused);
  });
  server.get(staffPaths.areas, { schema: { response: { 200: placesAnswer } } }, () => [...parts.places]);
  server.get(staffPaths.documents, { schema: { response: { 200: documentsAnswer } } }, () =>
    liveDocuments(parts.database),
  );
  server.get(staffPaths.orders, { schema: { response: { 200: liveOrdersAnswer } } }, () =>
    liveOrders(parts.database, Math.floor(parts.now() / 1000)),
  );
  server.post(
    staffPaths.envelopes,
    { schema: { body: newEnvelope, response: { 200: published, ...refusals } } },
    async ({ body }, reply) => {
      answer(reply, await parts.publisher.publish(bytesOf(body)));
    },
  );
  uploadRoute(server, parts);
}

const shelved = z.strictObject({ sha256, size: z.int(), mime });

function uploadRoute(server: Server, { shelf }: Parts): void {
  void server.register((uploads: Server, _options, ready) => {
    // Any type: what it is, its first bytes say. The stream is taken as it comes, never held in memory.
    uploads.removeAllContentTypeParsers();
    uploads.addContentTypeParser('*', (_request, body, done) => {
      done(null, body);
    });
    uploads.put(
      staffPaths.media(':sha256'),
      {
        bodyLimit: 513 * 1024 * 1024,
        schema: { params: mediaParams, response: { 200: shelved, 413: refusal, 415: refusal, ...refusals } },
      },
      async ({ params, raw }, reply) => {
        answer(reply, await shelf.receive(params.sha256, raw));
      },
    );
    ready();
  });
}
