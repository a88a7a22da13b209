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
  const changes = changesBetween(leavesOf(before), leavesOf(document));
  return [
    heading,
    ...(changes.length === 0
      ? [plain('Không có gì khác ngoài thời hạn. · Nothing but its times.')]
      : changes),
  ];
}

type Leaves = ReadonlyMap<string, string>;

function changesBetween(before: Leaves, after: Leaves): readonly Line[] {
  const gone = [...before].filter(([path]) => !after.has(path));
  const added = [...after].filter(([path]) => !before.has(path));
  const changed = [...after].filter(([path, value]) => before.has(path) && before.get(path) !== value);
  return [
    ...gone.map(([path, value]) => warn(`− ${path}: ${value}`)),
    ...added.map(([path, value]) => good(`+ ${path}: ${value}`)),
    ...changed.map(([path, value]) => warn(`~ ${path}: ${before.get(path) ?? ''} → ${value}`)),
  ];
}

/** Every scalar by its path; a list of things with names goes by their names, not by their places. */
function leavesOf(document: SignedDocument): Leaves {
  const leaves = new Map<string, string>();
  for (const [name, value] of Object.entries(document)) {
    if (!ALWAYS_NEW.includes(name)) collect(value, name, leaves);
  }
  return leaves;
}

function collect(value: unknown, path: string, leaves: Map<string, string>): void {
  if (Array.isArray(value) && value.every((each) => nameOf(each) !== null)) {
    for (const each of value) collect(each, `${path}.${nameOf(each) ?? ''}`, leaves);
  } else if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    for (const [name, inner] of Object.entries(value)) collect(inner, `${path}.${name}`, leaves);
  } else leaves.set(path, canonicalJson(value) ?? '?');
}

/** Items have an `id`, templates an `n`, artifacts an `arch`; grants go by role, area and kinds. */
function nameOf(value: unknown): string | null {
  if (typeof value !== 'object' || value === null) return null;
  const { id, n, arch, role, area, kinds } = value as Readonly<Record<string, unknown>>;
  if (typeof role === 'string') return `${role}(${canonicalJson([area, kinds]) ?? ''})`;
  const name = id ?? n ?? arch;
  return typeof name === 'string' || typeof name === 'number' ? String(name) : null;
}
