import { beforeAll, expect, test } from 'vitest';
import { accept } from '../shared/protocol/accept.ts';
import { utf8 } from '../shared/protocol/bytes.ts';
import { review } from '../shared/protocol/review.ts';
import { payloadBytes } from '../shared/protocol/sign.ts';
import type { BoxState } from '../shared/protocol/state.ts';
import { addSignature, mergeEnvelopes, openFile, payloadOf, signDraft } from './signing.ts';
import { clockAt, keyringOf, knowing, newCast, NOW, person, trustOf } from './a-cast.fixture.ts';
import type { Cast } from './a-cast.fixture.ts';
import { valueOf } from './text.ts';

let cast: Cast;
let state: BoxState;
beforeAll(async () => {
  cast = await newCast();
  state = await knowing(cast);
});

const byAn = async () => valueOf(await signDraft(keyringOf(cast), [cast.an]));
const byBinh = async () => valueOf(await signDraft(keyringOf(cast), [cast.binh]));
const byChi = async () => valueOf(await signDraft(keyringOf(cast), [cast.chi]));

test('signatures made on two machines and merged are enough for the verifier, in either order', async () => {
  for (const envelopes of [
    [await byAn(), await byChi()],
    [await byChi(), await byAn()],
  ] as const) {
    const merged = valueOf(mergeEnvelopes([...envelopes]));
    const judged = await review(payloadOf(merged), [...merged.signatures], state, clockAt(NOW));
    expect(judged).toMatchObject({ code: 'ACCEPTED', quorums: [{ missing: 0 }] });
  }
});

test('a trust signed by two roots is taken by a box that holds its forerunner', async () => {
  const next = { ...trustOf(cast), ver: 2 };
  const { bytes } = valueOf(await signDraft(next, [cast.an, cast.chi]));
  expect((await accept(bytes, state, clockAt(NOW), null)).code).toBe('ACCEPTED');
});

test('a signature that came along twice stands once', async () => {
  const first = await byAn();
  const both = valueOf(await addSignature(first, cast.binh));
  expect(valueOf(mergeEnvelopes([first, both, first])).signatures).toHaveLength(2);
});

test('S04 two different signatures of one key are refused', async () => {
  expect(mergeEnvelopes([await byChi(), await byChi()])).toMatchObject({
    ok: false,
    why: { en: expect.stringContaining('twice') as string },
  });
  expect(await addSignature(await byAn(), cast.an)).toMatchObject({ ok: false });
});

test('signatures on another payload are refused, however alike it is', async () => {
  const other = valueOf(await signDraft({ ...keyringOf(cast), ver: 2 }, [cast.binh]));
  expect(mergeEnvelopes([await byAn(), other])).toMatchObject({ ok: false });
});

test('W03 a person with two keys counts once', async () => {
  const spare = await person(cast.an.holder);
  const merged = valueOf(mergeEnvelopes([await byAn(), valueOf(await signDraft(keyringOf(cast), [spare]))]));
  const judged = await review(payloadOf(merged), [...merged.signatures], state, clockAt(NOW));
  expect(judged).toMatchObject({ code: 'ACCEPTED', quorums: [{ missing: 1 }] });
});

test('merging keeps every other byte of a signature as it came', async () => {
  const [an, binh] = [await byAn(), await byBinh()];
  const merged = valueOf(mergeEnvelopes([an, binh]));
  expect(merged.signatures).toEqual([...an.signatures, ...binh.signatures]);
  expect(merged.digest).toBe(an.digest);
});

test('a bare payload is an envelope without signatures, and only in its canonical spelling', () => {
  const payload = payloadBytes(keyringOf(cast));
  expect(openFile(payload)).toMatchObject({ signatures: [], document: keyringOf(cast) });
  expect(openFile(utf8(`${Buffer.from(payload).toString()}\n`))).toBe('NOT_CANONICAL');
  expect(openFile(utf8(JSON.stringify(keyringOf(cast), null, 2)))).toBe('NOT_CANONICAL');
});
