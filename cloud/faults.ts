/** What zod finds wrong, as people read it: the first field by name, all of them in words, Vietnamese first. */
import { z } from 'zod';
import { refuse } from './outcome.ts';
import type { Refused } from './outcome.ts';

const TOLD_AT_MOST = 8;
const vietnamese = z.locales.vi().localeError;
const english = z.locales.en().localeError;

type Issue = z.core.$ZodIssue;

const nameOf = (path: readonly PropertyKey[]): string => path.map(String).join('.');

/** Issues of a refinement carry our own words; the others are said in each language by zod. */
function wordsIn(language: z.core.$ZodErrorMap, issue: Issue): string {
  if (issue.code === 'custom') return issue.message;
  const said = language({ ...issue, input: issue.input } as z.core.$ZodRawIssue);
  return typeof said === 'string' ? said : (said?.message ?? issue.message);
}

function told(language: z.core.$ZodErrorMap, issues: readonly Issue[]): string {
  const lines = issues.slice(0, TOLD_AT_MOST).map((issue) => {
    const name = nameOf(issue.path);
    return name === '' ? wordsIn(language, issue) : `${name}: ${wordsIn(language, issue)}`;
  });
  const rest = issues.length - lines.length;
  return lines.join('; ') + (rest > 0 ? ` … (+${rest})` : '');
}

/** `code` BAD_SCHEMA for documents, BAD_REQUEST for requests. */
export function refuseIssues(code: 'BAD_SCHEMA' | 'BAD_REQUEST', found: readonly Issue[]): Refused {
  const issues = found.flatMap(branches);
  const text = { vi: told(vietnamese, issues), en: told(english, issues) };
  return refuse(400, code, text, issues[0] === undefined ? null : nameOf(issues[0].path));
}

/** Of a union, the branch that came nearest tells most: the one with the fewest faults. */
function branches(issue: Issue): readonly Issue[] {
  if (issue.code !== 'invalid_union') return [issue];
  const [nearest] = issue.errors.toSorted((a, b) => a.length - b.length);
  if (nearest === undefined || nearest.length === 0) return [issue];
  return nearest.flatMap((inner) => branches({ ...inner, path: [...issue.path, ...inner.path] }));
}
