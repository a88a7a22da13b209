/** Runs one vector of the suite `accept` (README.md here says what its members mean). */
import { z } from 'zod';
import { accept } from '../accept.ts';
import { utf8 } from '../bytes.ts';
import { readStored } from '../envelope.ts';
import { activeOrders } from '../orders.ts';
import { initialState } from '../state.ts';
import type { BoxState, Clock } from '../state.ts';

export const clock = z.strictObject({
  state: z.enum(['SYNCED', 'HOLDOVER', 'FLOOR']),
  now: z.number(),
  u: z.number(),
});

/** As it was read: a parser that rebuilds objects would lose a hostile `__proto__` on the way. */
export const raw = z.custom<Record<string, unknown>>((value) => typeof value === 'object' && value !== null);

// Strict about what is expected: an expectation that we do not know must not pass unread.
export const acceptVector = z.object({
  suite: z.literal('accept'),
  id: z.string(),
  title: z.string(),
  box: z.strictObject({ prov: z.string(), dev: z.string(), floor: z.number() }),
  trust: z.unknown(),
  steps: z
    .array(
      z.object({
        clock,
        nonce: z.string().nullable(),
        input: raw,
        expect: z.strictObject({
          code: z.string(),
          stale: z.array(z.string()).optional(),
          sync: z.number().optional(),
        }),
      }),
    )
    .min(1),
  after: z.strictObject({
    floor: z.number(),
    trust: z.int(),
    docs: z.record(z.string(), z.tuple([z.int(), z.int()])),
    active: z.array(z.string()),
  }),
});
type AcceptVector = z.infer<typeof acceptVector>;

/** What was wanted and what came; a pass where their JSON is the same. */
export type Outcome = { readonly expected: unknown; readonly got: unknown };

/** Each step, and the state at the end. */
export async function runAccept(vector: AcceptVector): Promise<Outcome> {
  let state = stateBefore(vector);
  let last: Clock = { state: 'FLOOR', now: 0, u: 0 };
  const answers: unknown[] = [];
  for (const step of vector.steps) {
    const before = state;
    const answer = await accept(bytesOf(step.input), state, step.clock, step.nonce);
    const isKept = answer.code === 'ACCEPTED' || answer.state === before;
    answers.push({ code: answer.code, stale: answer.stale, sync: answer.sync, isKept });
    state = answer.state;
    last = step.clock;
  }
  const expected = vector.steps.map(({ expect }) => ({ stale: [], sync: null, ...expect, isKept: true }));
  return { expected: [...expected, vector.after], got: [...answers, summary(state, last)] };
}

export function stateBefore({ box, trust }: Pick<AcceptVector, 'box' | 'trust'>): BoxState {
  const factory = readStored(utf8(JSON.stringify(trust)));
  if (typeof factory === 'string' || factory.document.typ !== 'trust') throw new Error('not a trust');
  return initialState({ ...box, trust: { ...factory, document: factory.document } });
}

/** An object as its JSON text without spaces, `{"base64": …}` as the bytes that it spells. */
export const bytesOf = (input: Record<string, unknown>): Uint8Array =>
  typeof input['base64'] === 'string'
    ? Uint8Array.from(atob(input['base64']), (char) => char.charCodeAt(0))
    : utf8(JSON.stringify(input));

/** What `after` of a vector names. */
export function summary(state: BoxState, at: Clock): AcceptVector['after'] {
  const docs = [...state.docs].map(([id, { document }]) => [id, [document.epoch, document.ver]] as const);
  const active = activeOrders(state, at).flatMap(({ order }) => ('id' in order ? [order.id] : []));
  return {
    floor: state.floor,
    trust: state.trust.document.ver,
    docs: Object.fromEntries(docs),
    active: active.sort(),
  } as AcceptVector['after'];
}
