/** What changed against the version that was in force before: field by field, items by their id. */
import { canonicalJson } from '../../shared/protocol/bytes.ts';
import type { SignedDocument } from '../../shared/protocol/schema/documents.ts';
import { faint, good, plain, title, warn } from './line.ts';
import type { Line } from './line.ts';

/** They differ in every version and are shown above. */
const ALWAYS_NEW = ['ver', 'iat', 'exp'];

export function changeLines(document: SignedDocument, before: SignedDocument | undefined): readonly Line[] {
  if (before === undefined) {
    return [faint('Máy này chưa biết phiên bản nào trước đó. · This machine knows no earlier version.')];
  }
  const heading = title(
    `THAY ĐỔI SO VỚI · CHANGES SINCE epoch ${before.epoch}, phiên bản · version ${before.ver}`,
  );
  const changes = changesBetween(contentOf(before), contentOf(document));
  return [
    heading,
    ...(changes.length === 0
      ? [plain('Không có gì khác ngoài thời hạn. · Nothing but its times.')]
      : changes),
  ];
}

/** `values` are scalars and plain lists by their path; `things` what lists hold under a name, with their titles. */
type Content = { readonly values: ReadonlyMap<string, string>; readonly things: ReadonlyMap<string, string> };

function changesBetween(before: Content, after: Content): readonly Line[] {
  const gone = keysOnlyIn(before.things, after.things);
  const added = keysOnlyIn(after.things, before.things);
  const isWithin = (things: readonly string[], path: string): boolean =>
    things.some((thing) => path.startsWith(`${thing}.`));
  const lost = keysOnlyIn(before.values, after.values).filter((path) => !isWithin(gone, path));
  const fresh = keysOnlyIn(after.values, before.values).filter((path) => !isWithin(added, path));
  const other = [...after.values.keys()].filter(
    (path) => before.values.has(path) && before.values.get(path) !== after.values.get(path),
  );
  return [
    ...gone.map((path) => warn(`− ${path}${before.things.get(path) ?? ''}`)),
    ...added.map((path) => good(`+ ${path}${after.things.get(path) ?? ''}`)),
    ...said('−', lost, before.values),
    ...said('+', fresh, after.values),
    ...other.map((path) =>
      warn(`~ ${path}: ${before.values.get(path) ?? ''} → ${after.values.get(path) ?? ''}`),
    ),
  ];
}

const ANCHOR = /^(.*\.anchors)\.(\d+)$/;

/** An anchor of a heartbeat says nothing to people, and there is one a day: those that came or went are told by their days. */
function said(sign: '−' | '+', paths: readonly string[], values: Content['values']): readonly Line[] {
  const anchors = Map.groupBy(paths, (path) => ANCHOR.exec(path)?.[1]);
  const others = anchors.get(undefined) ?? [];
  anchors.delete(undefined);
  return [
    ...others.map((path) => warn(`${sign} ${path}: ${values.get(path) ?? ''}`)),
    ...[...anchors].map(([place, each]) => {
      const days = each.map((path) => Number(ANCHOR.exec(path)?.[2]));
      const span = `${Math.min(...days)}–${Math.max(...days)}`;
      return warn(`${sign} ${place ?? ''}: ${days.length} ngày · days, ${span}`);
    }),
  ];
}

const keysOnlyIn = (
  some: ReadonlyMap<string, string>,
  others: ReadonlyMap<string, string>,
): readonly string[] => [...some.keys()].filter((path) => !others.has(path));

/** A list of things with names goes by their names, not by their places. */
function contentOf(document: SignedDocument): Content {
  const content = { values: new Map<string, string>(), things: new Map<string, string>() };
  for (const [name, value] of Object.entries(document)) {
    if (!ALWAYS_NEW.includes(name)) collect(value, name, content);
  }
  return content;
}

type Collected = { readonly values: Map<string, string>; readonly things: Map<string, string> };

function collect(value: unknown, path: string, content: Collected): void {
  if (typeof value !== 'object' || value === null) content.values.set(path, canonicalJson(value) ?? '?');
  else if (!Array.isArray(value)) {
    for (const [name, inner] of Object.entries(value)) collect(inner, `${path}.${name}`, content);
  } else if (haveNames(value)) {
    for (const each of value) collectThing(each, `${path}.${nameOf(each) ?? ''}`, content);
  } else content.values.set(path, canonicalJson(value) ?? '?');
}

/** Two things under one name could hide each other's changes: such a list is compared as a whole. */
function haveNames(list: readonly unknown[]): boolean {
  const names = list.map(nameOf);
  return list.length > 0 && !names.includes(null) && new Set(names).size === list.length;
}

function collectThing(thing: unknown, path: string, content: Collected): void {
  const title = isRecord(thing) && typeof thing['title'] === 'string' ? ` “${thing['title']}”` : '';
  content.things.set(path, title);
  collect(thing, path, content);
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

/** Items have an `id`, templates an `n`, artifacts an `arch`, stations a frequency; grants go by role, area and kinds. */
function nameOf(value: unknown): string | null {
  if (!isRecord(value)) return null;
  const { id, n, arch, frequencyKhz, role, area, kinds } = value;
  if (typeof role === 'string') return `${role}(${canonicalJson([area, kinds]) ?? ''})`;
  const name = id ?? n ?? arch ?? frequencyKhz;
  return typeof name === 'string' || typeof name === 'number' ? String(name) : null;
}
