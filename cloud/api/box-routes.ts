/** What boxes ask for, below /v1 (protocol.md §8): public, because everything handed out here proves itself. */
import { MAX_BATCH_BYTES } from '../../shared/records/batch.ts';
import {
  docParams,
  envelope,
  headQuery,
  mediaParams,
  ordersAnswer,
  ordersQuery,
  recordsAnswer,
  refusal,
  trustParams,
} from '../../shared/wire/carrier.ts';
import { makeHead } from '../head/head.ts';
import { refuse } from '../outcome.ts';
import { trustEnvelope } from '../publish/documents.ts';
import { latestOf } from '../publish/live.ts';
import { ordersFor } from '../publish/orders.ts';
import type { Parts } from './parts.ts';
import { answer, answerJson } from './answer.ts';
import type { Server } from './answer.ts';

const YEAR_S = 31_536_000;
const forGood = `public, max-age=${YEAR_S}, immutable`;
const refusals = { 400: refusal, 404: refusal };

export function boxRoutes(server: Server, parts: Parts): void {
  documentRoutes(server, parts);
  mediaRoute(server, parts);
  headRoute(server, parts);
  server.get(
    '/v1/orders',
    { schema: { querystring: ordersQuery, response: { 200: ordersAnswer, 400: refusal } } },
    async ({ query }, reply) => {
      reply.header('cache-control', 'no-store');
      return ordersFor(parts.database, query.area, Math.floor(parts.now() / 1000));
    },
  );
  server.post(
    '/v1/records',
    {
      bodyLimit: MAX_BATCH_BYTES,
      schema: { body: envelope, response: { 200: recordsAnswer, ...refusals, 409: refusal, 413: refusal } },
    },
    async ({ body }, reply) => {
      answer(reply, await parts.ingest.take(body));
    },
  );
}

function documentRoutes(server: Server, { database, publisher }: Parts): void {
  server.get(
    '/v1/trust/:n',
    { schema: { params: trustParams, response: { 200: envelope, ...refusals } } },
    async ({ params }, reply) => {
      const found = await trustEnvelope(database, params.n);
      if (found === null) answer(reply, noSuchDocument(`trust ${params.n}`, 'n'));
      else answerJson(reply.header('cache-control', forGood), found);
    },
  );
  server.get(
    '/v1/doc/:id',
    { schema: { params: docParams, response: { 200: envelope, ...refusals } } },
    ({ params, headers }, reply) => {
      const stored = publisher.live().docs.get(params.id);
      if (stored === undefined) {
        answer(reply, noSuchDocument(params.id, 'id'));
        return;
      }
      const tag = `"${stored.digest}"`;
      reply.header('etag', tag).header('cache-control', 'no-cache');
      // As it was signed; 304 has no body.
      if (headers['if-none-match'] === tag) answerJson(reply.code(304), '');
      else answerJson(reply, stored.bytes);
    },
  );
}

function mediaRoute(server: Server, { shelf }: Parts): void {
  server.get(
    '/v1/media/:sha256',
    { schema: { params: mediaParams, response: { 400: refusal, 404: refusal } } },
    ({ params }, reply) => {
      const name = shelf.fileName(params.sha256);
      if (name === null) {
        answer(reply, noSuchDocument(`media ${params.sha256}`, 'sha256'));
        return;
      }
      // The name is the content, so it never changes and needs no date.
      reply.header('etag', `"${params.sha256}"`).header('x-content-type-options', 'nosniff');
      void reply.sendFile(name, {
        maxAge: YEAR_S * 1000,
        immutable: true,
        etag: false,
        lastModified: false,
      });
    },
  );
}

function headRoute(server: Server, { headKey, publisher, now }: Parts): void {
  server.get(
    '/v1/head',
    { schema: { querystring: headQuery, response: { 200: envelope, 400: refusal, 503: refusal } } },
    ({ query }, reply) => {
      const live = publisher.live();
      const latest = latestOf(live, ['trust', 'release:agent', ...query.ids]);
      const ask = { nonce: query.nonce ?? null, latest, nowS: Math.floor(now() / 1000) };
      reply.header('cache-control', 'no-store');
      answer(reply, makeHead(headKey, live.trust.document, ask));
    },
  );
}

const noSuchDocument = (what: string, field: string) =>
  refuse(404, 'NOT_FOUND', { vi: `Máy chủ này không có ${what}.`, en: `This server has no ${what}.` }, field);
