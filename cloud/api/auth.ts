/** Who may ask for what: changes want the staff token; looking needs none from the machine itself. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { refuse } from '../outcome.ts';
import type { Refused } from '../outcome.ts';

const hash = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Null where the request may go on. */
export function refuseStranger(request: FastifyRequest, token: string): Refused | null {
  if (hasToken(request, token)) return null;
  const isLook = request.method === 'GET' || request.method === 'HEAD';
  return isLook && isFromThisMachine(request) ? null : wantsToken;
}

function hasToken({ headers }: FastifyRequest, token: string): boolean {
  const given = /^Bearer (\S+)$/.exec(headers.authorization ?? '')?.[1] ?? '';
  // Hashes have one length, so neither length nor content shows in the time this takes.
  return timingSafeEqual(hash(given), hash(token));
}

const LOOPBACK = /^(127\.\d+\.\d+\.\d+|::1|::ffff:127\.\d+\.\d+\.\d+)$/;
const OWN_NAME = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/;

/**
 * A proxy on this machine also comes from loopback, but says for whom it asks; a page that had its own name
 * point here (DNS rebinding) shows it in Host.
 */
const isFromThisMachine = ({ socket, headers }: FastifyRequest): boolean =>
  LOOPBACK.test(socket.remoteAddress ?? '') &&
  headers['x-forwarded-for'] === undefined &&
  headers.forwarded === undefined &&
  OWN_NAME.test(headers.host ?? '');

const wantsToken = refuse(401, 'TOKEN', {
  vi: 'Cần mã truy cập của cán bộ (tệp staff.token trong thư mục dữ liệu): loa-cloud --token-file TỆP …',
  en: 'This needs the staff token (file staff.token in the data folder): loa-cloud --token-file FILE …',
});
