/** From outcomes to HTTP: the value, or the refusal with its status. */
import type { FastifyBaseLogger, FastifyInstance, FastifyReply, RawServerDefault } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Outcome } from '../outcome.ts';

/** Fastify with the zod schemas of shared/wire as its types. */
export type Server = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  ZodTypeProvider
>;

export function answer(reply: FastifyReply, outcome: Outcome<unknown>): void {
  if (outcome.ok) void reply.send(outcome.value);
  else void reply.code(outcome.status).send(outcome.refusal);
}

/** JSON that was put together before, as it is. */
export function answerJson(reply: FastifyReply, json: string | Uint8Array): void {
  void reply.type('application/json').send(json);
}
