/** How functions of loa-sign answer: with a value, or with the sentence that says why not and what to do. */
import type { z } from 'zod';
import { faultsIn } from '../shared/messages/faults.ts';
import { text } from '../shared/messages/text.ts';
import type { Text } from '../shared/messages/text.ts';

/** What came of a request that may be refused. */
export type Outcome<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly why: Text };

export const done = <T>(value: T): Outcome<T> => ({ ok: true, value });
export const refused = (vi: string, en: string): { ok: false; why: Text } => ({
  ok: false,
  why: text(vi, en),
});

const MAX_FAULTS = 12;

/** The value in the shape of its schema, or every field that breaks it, in one refusal. */
export function parsedAs<T>(schema: z.ZodType<T>, value: unknown): Outcome<T> {
  const read = schema.safeParse(value);
  if (read.success) return done(read.data);
  const faults = faultsIn(read.error.issues, schema, value).slice(0, MAX_FAULTS);
  return refused(
    `Nội dung sai quy cách: ${faults.map(({ vi }) => vi).join('; ')}`,
    `The content breaks the rules of its type: ${faults.map(({ en }) => en).join('; ')}`,
  );
}

/** The value, or the sentence of the refusal as an Error: for tests and scripts, where a refusal is a bug. */
export function valueOf<T>(outcome: Outcome<T>): T {
  if (outcome.ok) return outcome.value;
  throw new Error(outcome.why.en);
}
