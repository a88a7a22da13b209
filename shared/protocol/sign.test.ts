import { describe, expect, test } from 'vitest';
import { P, lines, person, plan } from './a-province.fixture.ts';
import { openEnvelope } from './envelope.ts';
import { algorithmOf, isWeakEd25519, thumbprint } from './keys.ts';
import { payloadBytes, publicHalf, sealEnvelope, signPayload } from './sign.ts';
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

describe('an envelope', () => {
  test('S09 of one type is none of another: not a batch of records, and not a plan signed as an order', async () => {
    const seal = async (value: object, typ: string) =>
      sealEnvelope(payloadBytes(value), [await signPayload(P.author.key, typ, payloadBytes(value))]);
    expect(openEnvelope(await seal({ typ: 'records', v: 1 }, 'records'))).toBe('UNSUPPORTED_TYPE');
    expect(openEnvelope(await seal(plan, 'order'))).toBe('TYPE_MISMATCH');
    expect(openEnvelope(await seal(plan, 'plan'))).toMatchObject({ document: plan });
  });
});
