/** A file that is no document: why not, and its beginning, made harmless. */
import { nestsAtMost, parseJson } from '../../shared/protocol/bytes.ts';
import { TYPES } from '../../shared/protocol/schema/documents.ts';
import type { SignedDocument } from '../../shared/protocol/schema/documents.ts';
import type { Rejection } from '../../shared/protocol/state.ts';
import { CODES } from '../codes.ts';
import { parsedAs } from '../text.ts';
import { danger, faint, plain } from './line.ts';
import type { Line } from './line.ts';

const EXCERPT_CHARACTERS = 1200;

export function unreadableLines(bytes: Uint8Array, code: Rejection): readonly Line[] {
  const text = new TextDecoder().decode(bytes.subarray(0, 4 * EXCERPT_CHARACTERS));
  const excerpt = Array.from(text).slice(0, EXCERPT_CHARACTERS).join('');
  return [
    danger(`${code}: ${CODES[code].vi} · ${CODES[code].en}`),
    ...(code === 'BAD_SCHEMA' ? whichFields(bytes) : []),
    plain('Tệp bắt đầu bằng · The file begins with:'),
    ...excerpt.split('\n').map((line) => faint(`  ${line}`)),
  ];
}

function whichFields(bytes: Uint8Array): readonly Line[] {
  const value = parseJson(Buffer.from(bytes).toString('utf8'));
  const payload = payloadWithin(value);
  const typ = isObject(payload) ? payload['typ'] : undefined;
  if (!isObject(payload) || !isType(typ) || !nestsAtMost(payload, 32)) return [];
  const read = parsedAs<SignedDocument>(TYPES[typ].schema, payload);
  return read.ok ? [] : [danger(read.why.vi), danger(read.why.en)];
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

const isType = (typ: unknown): typ is keyof typeof TYPES =>
  typeof typ === 'string' && Object.hasOwn(TYPES, typ);

function payloadWithin(value: unknown): unknown {
  if (!isObject(value) || typeof value['payload'] !== 'string') return value;
  return parseJson(Buffer.from(value['payload'], 'base64url').toString('utf8'));
}
