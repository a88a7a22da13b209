/** The HTTP side of the cloud: schemas of shared/wire become validation and OpenAPI; every refusal has one shape. */
import fastifyStatic from '@fastify/static';
import swagger from '@fastify/swagger';
import { fastify } from 'fastify';
import type { FastifyReply, FastifySchemaCompiler } from 'fastify';
import { jsonSchemaTransform } from 'fastify-type-provider-zod';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { existsSync } from 'node:fs';
import type { z } from 'zod';
import { refuseMisfit } from '../faults.ts';
import type { Misfit } from '../faults.ts';
import { refuse } from '../outcome.ts';
import type { Refused } from '../outcome.ts';
import { answer } from './answer.ts';
import type { Server } from './answer.ts';
import { boxRoutes } from './box-routes.ts';
import { draftRoutes } from './draft-routes.ts';
import { fleetRoutes } from './fleet-routes.ts';
import { staffRoutes } from './staff-routes.ts';
import type { Parts } from './parts.ts';

/** Of JSON; media streams have limits of their own. */
const BODY_BYTES = 1024 * 1024;
/** Time enough for a film over a commune's line; whoever drips longer is cut off. */
const REQUEST_MS = 600_000;

export async function openServer(parts: Parts): Promise<Server> {
  const server = fastify({
    bodyLimit: BODY_BYTES,
    requestTimeout: REQUEST_MS,
    forceCloseConnections: true,
  }).withTypeProvider<ZodTypeProvider>();
  server.setValidatorCompiler(validated);
  // Answers have their shape from the compiler; checking 7,000 boxes again at run time would cost seconds.
  server.setSerializerCompiler(() => (value) => JSON.stringify(value));
  server.setErrorHandler((error, request, reply) => {
    answerError(error, request.url, reply);
  });
  server.setNotFoundHandler((request, reply) => {
    answer(reply, noSuchPath(request.method, request.url));
  });
  await server.register(swagger, {
    openapi: {
      info: {
        title: 'Loa cloud',
        version: '1',
        description: 'protocol.md §8; refusals: {code, field, text}',
      },
    },
    transform: jsonSchemaTransform,
  });
  await server.register(fastifyStatic, { root: parts.shelf.folder, serve: false });
  await serveConsole(server, parts.consoleFolder);
  boxRoutes(server, parts);
  server.get('/openapi.json', { schema: { hide: true } }, () => server.swagger());
  await server.register((staff: Server, _options, ready) => {
    staffRoutes(staff, parts);
    draftRoutes(staff, parts);
    fleetRoutes(staff, parts);
    ready();
  });
  await server.ready();
  return server;
}

/** What the page may load, it says itself; that nobody may frame it, only a header can. */
const pageHeaders = {
  'content-security-policy': "frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
};

/** Before it is built there is none, and the cloud does its work without. */
async function serveConsole(server: Server, folder: string | null): Promise<void> {
  if (folder === null || !existsSync(folder)) return;
  await server.register(fastifyStatic, {
    root: folder,
    decorateReply: false,
    setHeaders: (reply) => {
      void reply.headers(pageHeaders);
    },
  });
}

class InvalidRequest extends Error {
  readonly misfit: Misfit;
  constructor(misfit: Misfit) {
    super('the request does not match its schema');
    this.misfit = misfit;
  }
}

/** The provider's own compiler flattens the issues, and with them the words that we would say. */
const validated: FastifySchemaCompiler<z.ZodType> =
  ({ schema }) =>
  (value: unknown) => {
    const result = schema.safeParse(value);
    if (result.success) return { value: result.data };
    return { error: new InvalidRequest({ schema, value, issues: result.error.issues }) };
  };

function answerError(error: unknown, url: string, reply: FastifyReply): void {
  if (error instanceof InvalidRequest) {
    answer(reply, refuseMisfit('BAD_REQUEST', error.misfit));
    return;
  }
  const refused = refusedByFastify(error);
  // A fault of ours: whole in the log, without a stack in the answer.
  if (refused === null) console.error(`${url}:`, error);
  answer(reply, refused ?? broken);
}

/** What Fastify itself refuses: bodies that are too long, no JSON, or of another type; ranges beyond the end. */
function refusedByFastify(error: unknown): Refused | null {
  if (!(error instanceof Error) || !('statusCode' in error)) return null;
  switch (error.statusCode) {
    case 400:
      return refuse(400, 'BAD_JSON', {
        vi: 'Nội dung gửi không phải JSON hợp lệ.',
        en: 'The body is not valid JSON.',
      });
    case 413:
      return refuse(413, 'TOO_BIG', { vi: 'Nội dung gửi quá lớn.', en: 'The body is too big.' });
    case 415:
      return refuse(415, 'BAD_TYPE', {
        vi: 'Hãy gửi JSON với Content-Type: application/json.',
        en: 'Send JSON with Content-Type: application/json.',
      });
    case 416:
      return refuse(416, 'BAD_RANGE', {
        vi: 'Đoạn yêu cầu nằm ngoài tệp.',
        en: 'The range asked for lies outside the file.',
      });
    default:
      return null;
  }
}

const noSuchPath = (method: string, url: string) =>
  refuse(404, 'NOT_FOUND', {
    vi: `Không có ${method} ${url}. Các đường dẫn: /openapi.json`,
    en: `There is no ${method} ${url}. The paths: /openapi.json`,
  });

const broken = refuse(500, 'BROKEN', {
  vi: 'Máy chủ gặp lỗi của chính nó; xem nhật ký máy chủ.',
  en: 'The server met a fault of its own; see its log.',
});
