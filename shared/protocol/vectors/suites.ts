/** From one vector to null, or to a text that says what was expected and what came. */
import { z } from 'zod';
import { canonicalJson } from '../bytes.ts';
import { acceptVector, runAccept } from './accept-suite.ts';

const named = z.looseObject({ suite: z.string(), id: z.string() });

export async function runVector(vector: unknown): Promise<string | null> {
  const name = named.safeParse(vector).data;
  if (name === undefined) return `not a vector: ${JSON.stringify(vector).slice(0, 200)}`;
  if (name.suite !== 'accept') return `${name.id}: unknown suite ${name.suite}`;
  const parsed = acceptVector.safeParse(vector);
  if (!parsed.success) return `${name.id}: ${z.prettifyError(parsed.error)}`;
  const { expected, got } = await runAccept(parsed.data);
  if (canonicalJson(expected) === canonicalJson(got)) return null;
  return `${name.id}\n  expected ${JSON.stringify(expected)}\n  got      ${JSON.stringify(got)}`;
}
