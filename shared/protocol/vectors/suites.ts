/** From one vector to null, or to a text that says what was expected and what came. */
import { z } from 'zod';
import { canonicalJson } from '../bytes.ts';
import { acceptVector, runAccept } from './accept-suite.ts';
import type { Outcome } from './accept-suite.ts';
import { fmVector, runFm } from './fm-suite.ts';

const named = z.looseObject({ suite: z.string(), id: z.string() });

export async function runVector(vector: unknown): Promise<string | null> {
  const name = named.safeParse(vector).data;
  if (name === undefined) return `not a vector: ${JSON.stringify(vector).slice(0, 200)}`;
  switch (name.suite) {
    case 'accept':
      return run(name.id, acceptVector.safeParse(vector), runAccept);
    case 'fm':
      return run(name.id, fmVector.safeParse(vector), runFm);
    default:
      return `${name.id}: unknown suite ${name.suite}`;
  }
}

async function run<V>(
  id: string,
  parsed: z.ZodSafeParseResult<V>,
  play: (vector: V) => Promise<Outcome>,
): Promise<string | null> {
  if (!parsed.success) return `${id}: ${z.prettifyError(parsed.error)}`;
  const { expected, got } = await play(parsed.data).catch(thrown);
  if (canonicalJson(expected) === canonicalJson(got)) return null;
  return `${id}\n  expected ${JSON.stringify(expected)}\n  got      ${JSON.stringify(got)}`;
}

/** A vector whose own documents cannot be read fails like any other; the rest still runs. */
const thrown = (cause: unknown): Outcome => ({ expected: 'an answer', got: String(cause) });
