/** Drafts and the signatures that people make for them in loa-sign. The server collects; it cannot make one. */
import { refusal } from '../../shared/wire/carrier.ts';
import {
  draft,
  draftParams,
  draftsAnswer,
  newDraft,
  newSignature,
  published,
  staffPaths,
} from '../../shared/wire/staff.ts';
import { answer } from './answer.ts';
import type { Server } from './answer.ts';
import type { Parts } from './parts.ts';

const refusals = { 400: refusal, 401: refusal, 404: refusal, 409: refusal };
const draftOr = { 200: draft, ...refusals };

export function draftRoutes(server: Server, { drafts }: Parts): void {
  server.get(staffPaths.drafts, { schema: { response: { 200: draftsAnswer } } }, async () => [
    ...(await drafts.list()),
  ]);
  server.post(
    staffPaths.drafts,
    { schema: { body: newDraft, response: draftOr } },
    async ({ body }, reply) => {
      answer(reply, await drafts.add(body.payload));
    },
  );
  server.get(
    staffPaths.draft(':digest'),
    { schema: { params: draftParams, response: draftOr } },
    async ({ params }, reply) => {
      answer(reply, await drafts.find(params.digest));
    },
  );
  server.post(
    staffPaths.signatures(':digest'),
    { schema: { params: draftParams, body: newSignature, response: draftOr } },
    async ({ params, body }, reply) => {
      answer(reply, await drafts.sign(params.digest, body));
    },
  );
  server.post(
    staffPaths.publish(':digest'),
    { schema: { params: draftParams, response: { 200: published, ...refusals } } },
    async ({ params }, reply) => {
      answer(reply, await drafts.publish(params.digest));
    },
  );
}
