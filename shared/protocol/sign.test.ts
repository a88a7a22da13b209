import { describe, expect, test } from 'vitest';
import { P, lines, order, person, plan } from './a-province.fixture.ts';
import { utf8 } from './bytes.ts';
import { openEnvelope } from './envelope.ts';
import type { Signature } from './envelope.ts';
import { algorithmOf, isWeakEd25519, thumbprint } from './keys.ts';
import { isSealedBy, openSealed } from './sealed.ts';
import { mergeSignatures, payloadBytes, publicHalf, sealEnvelope, signPayload } from './sign.ts';
import { verifies } from './signatures.ts';

const opened = (bytes: Uint8Array) => {
  const envelope = openEnvelope(bytes);
  if (typeof envelope === 'string') throw new Error(envelope);
  return envelope;
};

describe('a signature', () => {
  test.each(['Ed25519', 'ES256'] as const)(
    'of %s opens and verifies under its own key alone',
    async (alg) => {
      const [mine, other] = [await person('a', alg), await person('b', alg)];
      const { payload, signatures } = opened(sealEnvelope(payloadBytes(plan), await lines(plan, mine)));
      const [line] = signatures;
      if (line === undefined) throw new Error('no line');
      expect({ alg: line.alg, kid: line.kid, typ: line.typ }).toEqual({
        alg,
        kid: mine.kid,
        typ: 'loa-plan+jws',
      });
      expect(await verifies(payload, line, { jwk: publicHalf(mine.key) })).toBe(true);
      expect(await verifies(payload, line, { jwk: publicHalf(other.key) })).toBe(false);
    },
  );

  test('S06 the key decides the algorithm: a header that names another one does not verify', async () => {
    const { payload, signatures } = opened(sealEnvelope(payloadBytes(plan), await lines(plan, P.author)));
    const ec = await person('ec', 'ES256');
    for (const line of signatures) {
      expect(await verifies(payload, line, { jwk: publicHalf(ec.key) })).toBe(false);
      expect(await verifies(payload, { ...line, alg: 'ES256' }, { jwk: publicHalf(P.author.key) })).toBe(
        false,
      );
    }
  });

  test('nothing verifies under a P-256 point off its curve, and nothing is thrown', async () => {
    const x = 'BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc';
    const { payload, signatures } = opened(
      sealEnvelope(payloadBytes(plan), await lines(plan, await person('ec', 'ES256'))),
    );
    for (const line of signatures) {
      expect(await verifies(payload, line, { jwk: { kty: 'EC', crv: 'P-256', x, y: x } })).toBe(false);
    }
  });

  test('the secret half never reaches the thumbprint or the public half', () => {
    const jwk = publicHalf(P.author.key);
    expect(Object.keys(jwk)).toEqual(['kty', 'crv', 'x']);
    expect(algorithmOf(jwk)).toBe('Ed25519');
  });

  test('the thumbprint is that of RFC 8037, appendix A.3', () => {
    const x = '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo';
    expect(thumbprint({ kty: 'OKP', crv: 'Ed25519', x })).toBe('kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k');
    expect(isWeakEd25519(x)).toBe(false);
  });
});

describe('signatures put together', () => {
  test('S04 each signer stands once, and the earlier signature is kept', async () => {
    const [first, second] = opened(sealEnvelope(payloadBytes(plan), await lines(plan, P.author, P.approver)))
      .signatures as [Signature, Signature];
    const later = { ...first, signature: 'AAAA' };
    expect(mergeSignatures([first], [later, second])).toEqual([first, second]);
    const merged = opened(sealEnvelope(payloadBytes(plan), mergeSignatures([second], [first])));
    expect(merged.signatures.map(({ kid }) => kid)).toEqual([P.approver.kid, P.author.kid]);
  });
});

describe('what a box seals', () => {
  const batch = { typ: 'records', v: 1 };
  const seal = async (value: object, typ = 'records') =>
    sealEnvelope(payloadBytes(value), [await signPayload(P.author.key, typ, payloadBytes(value))]);
  const open = (bytes: Uint8Array) => {
    const sealed = openSealed(bytes, 'records');
    if (typeof sealed === 'string') throw new Error(sealed);
    return sealed;
  };

  test('it opens, and is sealed by its own key alone', async () => {
    const sealed = open(await seal(batch));
    expect(sealed.json).toEqual(batch);
    expect(await isSealedBy(sealed, publicHalf(P.author.key))).toBe(true);
    expect(await isSealedBy(sealed, publicHalf(P.approver.key))).toBe(false);
  });

  test('K01 one changed byte and it is sealed by nobody', async () => {
    const [sealed, other] = [open(await seal(batch)), open(await seal({ ...batch, v: 2 }))];
    expect(await isSealedBy({ ...sealed, payload: other.payload }, publicHalf(P.author.key))).toBe(false);
  });

  test('S09 a document is no batch, and a batch no document', async () => {
    expect(openSealed(await seal(plan, 'plan'), 'records')).toBe('TYPE_MISMATCH');
    expect(openEnvelope(await seal(batch))).toBe('UNSUPPORTED_TYPE');
    expect(openEnvelope(await seal(order({ kind: 'halt' })))).toBe('TYPE_MISMATCH');
  });

  test('two signatures, none, or bytes that are no envelope are refused', async () => {
    const payload = payloadBytes(batch);
    const twice = await Promise.all(
      [P.author, P.approver].map(({ key }) => signPayload(key, 'records', payload)),
    );
    expect(openSealed(sealEnvelope(payload, twice), 'records')).toBe('BAD_ENVELOPE');
    expect(openSealed(sealEnvelope(payload, []), 'records')).toBe('BAD_ENVELOPE');
    expect(openSealed(utf8('records'), 'records')).toBe('BAD_JSON');
  });
});
