/** What a schema finds wrong in a request or a draft, as a refusal: the first field by name, all of them in words. */
import type { z } from 'zod';
import { faultsIn } from '../shared/messages/faults.ts';
import { refuse } from './outcome.ts';
import type { Refused } from './outcome.ts';

const TOLD_AT_MOST = 8;

type Issue = z.core.$ZodIssue;

/** A value that its schema did not take. */
export type Misfit = {
  readonly schema: z.ZodType;
  readonly value: unknown;
  readonly issues: readonly Issue[];
};

/** `code` BAD_SCHEMA for documents, BAD_REQUEST for requests. */
export function refuseMisfit(code: 'BAD_SCHEMA' | 'BAD_REQUEST', { schema, value, issues }: Misfit): Refused {
  const meant = issues.flatMap(branches);
  const faults = faultsIn(meant, schema, value);
  const told = faults.slice(0, TOLD_AT_MOST);
  const rest = faults.length > told.length ? ` … (+${faults.length - told.length})` : '';
  const text = {
    vi: told.map(({ vi }) => vi).join('; ') + rest,
    en: told.map(({ en }) => en).join('; ') + rest,
  };
  return refuse(400, code, text, meant[0] === undefined ? null : fieldOf(meant[0]));
}

const fieldOf = (issue: Issue): string => {
  const path = issue.code === 'unrecognized_keys' ? [...issue.path, ...issue.keys.slice(0, 1)] : issue.path;
  return path.map(String).join('.');
};

/** Of a union, the branch that came nearest tells most: the one with the fewest faults. */
function branches(issue: Issue): readonly Issue[] {
  if (issue.code !== 'invalid_union') return [issue];
  const [nearest] = issue.errors.toSorted((a, b) => a.length - b.length);
  if (nearest === undefined || nearest.length === 0) return [issue];
  return nearest.flatMap((inner) => branches({ ...inner, path: [...issue.path, ...inner.path] }));
}
