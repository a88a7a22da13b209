/** What a strict schema finds wrong in a file that a person wrote: every fault with its key, the nearest known key, and what is wanted. */
import { z } from 'zod';
import { nearest } from './nearest.ts';
import { say, shown, text, type Text } from './text.ts';

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

/** One text a fault; unknown keys each get one of their own. `value` is what was parsed. */
export function faultsIn(issues: readonly Issue[], schema: z.ZodType, value: unknown): readonly Text[] {
  return issues.flatMap((issue) => {
    if (issue.code === 'unrecognized_keys') return unknownKeys(issue.path, issue.keys, schema);
    const meant = issue.code === 'invalid_union' ? meantBy(issue) : null;
    if (meant !== null) return faultsIn(meant, schema, value);
    const isMissing = issue.code === 'invalid_type' && valueAt(value, issue.path) === undefined;
    const wrong = isMissing ? text('thiếu, phải có', 'is missing') : wordsOf(issue);
    return [faultAt(issue.path, wrong)];
  });
}

/** Of several forms the only one whose own keys are all there: what is wrong lies within it. Null: none, or more than one. */
function meantBy({ path, errors }: z.core.$ZodIssueInvalidUnion): readonly Issue[] | null {
  const [meant, ...others] = errors.filter((form) => form.every((issue) => issue.path.length > 0));
  if (meant === undefined || others.length > 0) return null;
  return meant.map((issue) => ({ ...issue, path: [...path, ...issue.path] }));
}

export const faultAt = (path: Path, wrong: Text): Text => {
  const key = path.length === 0 ? '(JSON)' : path.map(String).join('.');
  return text(say`${key}: ` + wrong.vi, say`${key}: ` + wrong.en);
};

function unknownKeys(path: Path, keys: readonly string[], schema: z.ZodType): Text[] {
  return keys.map((key) => {
    const near = nearest(key, keysAt(schema, path));
    const wrong =
      near === null
        ? text('khóa lạ, hãy bỏ đi', 'unknown key, take it out')
        : text(say`khóa lạ, có phải «${near}»?`, say`unknown key, did you mean "${near}"?`);
    return faultAt([...path, key], wrong);
  });
}

const expected: Readonly<Record<string, Text>> = {
  string: text('cần một chuỗi chữ', 'wants a string'),
  number: text('cần một số', 'wants a number'),
  int: text('cần một số nguyên', 'wants a whole number'),
  boolean: text('cần true hoặc false', 'wants true or false'),
  array: text('cần một danh sách […]', 'wants a list […]'),
  object: text('cần một nhóm {…}', 'wants a group {…}'),
};

function wordsOf(issue: Issue): Text {
  const { code } = issue;
  if (code === 'invalid_type')
    return expected[issue.expected] ?? text(`cần ${issue.expected}`, `wants ${issue.expected}`);
  if (code === 'too_small') return limited(issue.origin, 'ít nhất', 'at least', Number(issue.minimum));
  if (code === 'too_big') return limited(issue.origin, 'nhiều nhất', 'at most', Number(issue.maximum));
  // A pattern's own name says nothing to a person.
  if (code === 'invalid_format') {
    const form = issue.format === 'regex' ? '' : ` (${issue.format})`;
    return text(`sai dạng${form}`, `has the wrong form${form}`);
  }
  if (code === 'invalid_union')
    return text('không theo dạng nào được phép', 'follows none of the forms allowed');
  if (code === 'invalid_value') {
    const values = issue.values.map((value) => JSON.stringify(value)).join(', ');
    return text(say`cần một trong: ${values}`, say`wants one of: ${values}`);
  }
  return text(shown(issue.message), shown(issue.message));
}

function limited(origin: string, vi: string, en: string, limit: number): Text {
  if (origin === 'string') return text(`cần ${vi} ${limit} ký tự`, `wants ${en} ${limit} characters`);
  if (origin === 'array') return text(`cần ${vi} ${limit} mục`, `wants ${en} ${limit} entries`);
  return text(`cần ${vi} ${limit}`, `must be ${en} ${limit}`);
}

function keysAt(schema: unknown, path: Path): readonly string[] {
  const inner = unwrapped(schema);
  const [key, ...rest] = path;
  if (inner instanceof z.ZodArray && key !== undefined) return keysAt(inner.element, rest);
  if (!(inner instanceof z.ZodObject)) return [];
  return key === undefined ? Object.keys(inner.shape) : keysAt(inner.shape[String(key)], rest);
}

/** Through null, defaults and absence to what lies within. */
function unwrapped(schema: unknown): unknown {
  const isWrapped =
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault;
  return isWrapped ? unwrapped(schema.unwrap()) : schema;
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (at, key) =>
      typeof at === 'object' && at !== null ? (at as Record<PropertyKey, unknown>)[key] : undefined,
    value,
  );
}
