/** The fleet as people watch it: one view of all, one of each box, its records, and what changes while they look. */
import { refusal } from '../../shared/wire/carrier.ts';
import {
  boxView,
  breaksAnswer,
  fleetAnswer,
  keptRecordsAnswer,
  recordsQuery,
} from '../../shared/wire/fleet.ts';
import type { FleetEvent } from '../../shared/wire/fleet.ts';
import { boxParams, staffPaths } from '../../shared/wire/staff.ts';
import type { ServerResponse } from 'node:http';
import { refuse } from '../outcome.ts';
import { findBreaks, findRecords, recordsOf } from '../fleet/records.ts';
import { answer } from './answer.ts';
import type { Server } from './answer.ts';
import type { Parts } from './parts.ts';

const RECORDS_OF_A_BOX = 20;

export function fleetRoutes(server: Server, parts: Parts): void {
  const { prov, fleet, database, now } = parts;
  server.get(staffPaths.fleet, { schema: { response: { 200: fleetAnswer } } }, () => ({
    prov,
    nowMs: now(),
    boxes: [...fleet.views()],
  }));
  server.get(
    staffPaths.box(':dev'),
    { schema: { params: boxParams, response: { 200: boxView, 400: refusal, 404: refusal } } },
    async ({ params }, reply) => {
      const view = fleet.view(params.dev);
      if (view === null) answer(reply, noSuchBox(params.dev));
      else await reply.send({ ...view, recent: await recordsOf(database, params.dev, RECORDS_OF_A_BOX) });
    },
  );
  server.get(
    staffPaths.records,
    { schema: { querystring: recordsQuery, response: { 200: keptRecordsAnswer, 400: refusal } } },
    ({ query }) => findRecords(database, query),
  );
  server.get(staffPaths.breaks, { schema: { response: { 200: breaksAnswer } } }, () => findBreaks(database));
  eventsRoute(server, parts);
}

/** Proxies close what is silent for a minute. */
const KEEP_ALIVE_MS = 20_000;
/** A page that does not read is let go: it comes back and begins with a full view. */
const UNREAD_BYTES = 1024 * 1024;

function eventsRoute(server: Server, { events }: Parts): void {
  const streams = new Set<ServerResponse>();
  server.addHook('preClose', (done) => {
    for (const stream of streams) stream.destroy();
    done();
  });
  server.get(staffPaths.events, { schema: { produces: ['text/event-stream'] } }, (_request, reply) => {
    reply.hijack();
    const stream = reply.raw;
    stream.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
    const write = (text: string): void => {
      stream.write(text);
      if (stream.writableLength > UNREAD_BYTES) stream.destroy();
    };
    write('retry: 2000\n\n');
    streams.add(stream);
    const stop = events.listen((event) => {
      write(eventText(event));
    });
    const alive = setInterval(() => {
      write(': \n\n');
    }, KEEP_ALIVE_MS);
    stream.once('close', () => {
      clearInterval(alive);
      stop();
      streams.delete(stream);
    });
  });
}

/** JSON has no line break of its own, so one data line holds it. */
const eventText = (event: FleetEvent): string => `event: ${event.kind}\ndata: ${JSON.stringify(event)}\n\n`;

const noSuchBox = (dev: string) =>
  refuse(404, 'NOT_FOUND', { vi: `Không biết hộp ${dev}.`, en: `Box ${dev} is not known.` }, 'dev');
