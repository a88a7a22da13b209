/** Makes heads: the newest version of what was asked for, the time, and the caller's nonce, signed (protocol.md §2 and §6). */
import { canonicalJson, toBase64url, utf8 } from '../../shared/protocol/bytes.ts';
import type { Grant } from '../../shared/protocol/schema/authority.ts';
import type { Head, Trust } from '../../shared/protocol/schema/documents.ts';
import type { Envelope } from '../../shared/wire/carrier.ts';
import { done, refuse } from '../outcome.ts';
import type { Outcome } from '../outcome.ts';
import type { HeadKey } from './key.ts';

type Latest = Head['latest'];

/** `nowS` in whole seconds; `latest` of what this cloud has published among the ids asked for. */
export function makeHead(
  key: HeadKey,
  trust: Trust,
  ask: { readonly nonce: string | null; readonly latest: Latest; readonly nowS: number },
): Outcome<Envelope> {
  const grant = trust.grants.find((each) => each.role === 'head' && each.keys.includes(key.kid));
  if (grant === undefined) return notGranted(key);
  return done(sealed(key, headDocument(trust, grant, ask)));
}

const headDocument = (
  trust: Trust,
  grant: Pick<Grant, 'epoch' | 'maxTtlS'>,
  { nonce, latest, nowS }: { nonce: string | null; latest: Latest; nowS: number },
): Head => ({
  typ: 'head',
  v: 1,
  prov: trust.prov,
  id: 'head',
  epoch: grant.epoch,
  ver: 1,
  iat: nowS,
  exp: nowS + grant.maxTtlS,
  nonce,
  latest,
});

const canonical = (value: object): string => {
  const text = canonicalJson(value);
  if (text === null) throw new Error('a head is always plain JSON');
  return toBase64url(utf8(text));
};

function sealed(key: HeadKey, head: Head): Envelope {
  const payload = canonical(head);
  const header = canonical({ alg: 'Ed25519', kid: key.kid, typ: 'loa-head+jws' });
  return { payload, signatures: [{ protected: header, signature: key.sign(utf8(`${header}.${payload}`)) }] };
}

const notGranted = (key: HeadKey) =>
  refuse(503, 'HEAD_NOT_GRANTED', {
    vi: `Bản tin cậy hiện hành chưa cấp vai trò head cho khóa ${key.kid} của máy chủ này. Chạy «loa-cloud head-key» và đưa khóa vào trust kế tiếp.`,
    en: `The trust in force does not grant the role head to this server's key ${key.kid}. Run “loa-cloud head-key” and grant that key in the next trust.`,
  });
