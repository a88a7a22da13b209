import { beforeAll, expect, test } from 'vitest';
import type { BoxState } from '../shared/protocol/state.ts';
import { fillDraft } from './draft.ts';
import type { Known } from './draft.ts';
import { orderDraft } from './order.ts';
import type { SpokenOrder } from './order.ts';
import { COMMUNE, DAY_S, item, keyringOf, knowing, newCast, NOW, planOf, signed } from './a-cast.fixture.ts';
import type { Cast } from './a-cast.fixture.ts';
import { valueOf } from './text.ts';

const ULID = '01KAVTESTTESTTESTTESTTEST0';
const hash = (fill: number): string => Buffer.alloc(32, fill).toString('base64url');
let cast: Cast;
let state: BoxState;
let known: Known;
beforeAll(async () => {
  cast = await newCast();
  const keyring = await signed<'keyring'>({ ...keyringOf(cast), epoch: 1 }, [cast.an, cast.binh]);
  state = await knowing(cast, keyring);
  known = { now: NOW, newUlid: ULID, state, ledger: [] };
});

const shortItem = () => {
  const { id, title, firstDay, startAt, lengthS, source } = item();
  return { id, title, firstDay, startAt, lengthS, source };
};
const shortPlan = () => ({ typ: 'plan', area: COMMUNE, items: [shortItem()] });

test('a short draft of a plan becomes the whole document, and what was filled in is said', () => {
  const { document, filled } = valueOf(fillDraft(shortPlan(), known));
  const expected = item({ recur: null, author: '', topic: 'chung' });
  expect(document).toEqual(planOf([expected]));
  expect(filled).toContainEqual({ path: 'exp', value: NOW + 45 * DAY_S });
  expect(filled).toContainEqual({ path: 'items.0.night', value: false });
});

test('a page or a ticker is for boards, also where the draft does not say so', () => {
  const ticker = { ...shortItem(), source: { kind: 'ticker', text: 'Nước lớn lúc 14 giờ' } };
  const { document } = valueOf(fillDraft({ ...shortPlan(), items: [ticker] }, known));
  expect(document).toMatchObject({ items: [{ surface: 'screen' }] });
});

test('what the person wrote stays as it is', () => {
  const document = planOf([item({ volume: 20 })], { ver: 77, exp: NOW + DAY_S, zone: 'Asia/Bangkok' });
  expect(valueOf(fillDraft(document, known))).toEqual({ document, filled: [] });
});

test('the version is one above the highest that is pinned or was signed here under this epoch', async () => {
  const pinned = await signed<'plan'>(planOf([], { ver: 4 }), [cast.an, cast.dung]);
  const keyring = await signed<'keyring'>(keyringOf(cast), [cast.an, cast.binh]);
  const after = { ...known, state: await knowing(cast, keyring, pinned) };
  expect(valueOf(fillDraft(shortPlan(), after)).document.ver).toBe(5);
  const entry = { at: NOW, prov: 'vn56', typ: 'plan', id: `plan:${COMMUNE}`, digest: hash(1), kid: hash(2) };
  const ledger = [
    { ...entry, epoch: 1, ver: 8 },
    { ...entry, epoch: 0, ver: 90 },
    { ...entry, epoch: 1, ver: 91, prov: 'vn58' },
  ];
  expect(valueOf(fillDraft(shortPlan(), { ...after, ledger })).document.ver).toBe(9);
});

const spoken: SpokenOrder = {
  kind: 'halt',
  scope: [COMMUNE],
  template: null,
  plays: 1,
  repeatS: null,
  text: null,
  ends: [],
  lifeS: null,
};
const order = (change: Partial<SpokenOrder>) =>
  fillDraft(valueOf(orderDraft({ ...spoken, ...change }, NOW)), known);

test('R17 an order lives half an hour unless its officer says otherwise', () => {
  const { document } = valueOf(order({}));
  expect(document).toMatchObject({ typ: 'order', id: ULID, iat: NOW, exp: NOW + 1800 });
  expect(valueOf(order({ lifeS: 7200 })).document.exp).toBe(NOW + 7200);
});

test('an order takes its epoch from the grant that has its kind, and never a longer life than it', () => {
  const document = { ...state.trust.document };
  const grants = document.grants.map((grant) =>
    grant.kinds.includes('halt') ? { ...grant, epoch: 9, maxTtlS: 600 } : grant,
  );
  const trust = { ...state.trust, document: { ...document, grants } };
  const filled = valueOf(
    fillDraft(valueOf(orderDraft(spoken, NOW)), { ...known, state: { ...state, trust } }),
  );
  expect(filled.document).toMatchObject({ epoch: 9, exp: NOW + 600 });
});

test('a template names its area and number, and is the scope where none is given', () => {
  const { document } = valueOf(order({ kind: 'template', template: '56:3', scope: [], repeatS: 600 }));
  expect(document).toMatchObject({ scope: ['56'], play: { template: { area: '56', n: 3 } }, repeatS: 600 });
  expect(orderDraft({ ...spoken, kind: 'template', template: 'siren' }, NOW)).toMatchObject({ ok: false });
  expect(orderDraft({ ...spoken, scope: [] }, NOW)).toMatchObject({ ok: false });
});

test('text typed with combining marks is written as the protocol wants it', () => {
  const plan = { ...shortPlan(), items: [{ ...shortItem(), title: 'Bản tin sáng'.normalize('NFD') }] };
  expect(valueOf(fillDraft(plan, known)).document).toMatchObject({ items: [{ title: 'Bản tin sáng' }] });
});

test('every field that breaks its rules is named', () => {
  const result = fillDraft(
    { ...shortPlan(), zone: '', items: [{ ...shortItem(), volume: 101, extra: 1 }] },
    known,
  );
  expect(result.ok).toBe(false);
  const words = result.ok ? '' : result.why.en;
  for (const name of ['zone', 'items.0.volume', 'extra']) expect(words).toContain(name);
});

const deep = (depth: number): unknown => JSON.parse('['.repeat(depth) + ']'.repeat(depth));

test.each([null, 1, [], {}, { typ: 'poem' }, { typ: '__proto__' }, { typ: 'plan', items: deep(5000) }])(
  'a draft that is none is refused with words (%#)',
  (written) => {
    expect(fillDraft(written, known)).toMatchObject({ ok: false });
  },
);
