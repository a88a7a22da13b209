/** What the doctor found, for people on eighty columns and for machines as JSON. Pure. */
import { declaredOf, severityOf } from '../../../shared/health/condition.ts';
import type { Severity } from '../../../shared/health/declared.ts';
import { checkNames, doctorMessages as words, sourceNames } from '../../../shared/messages/doctor.ts';
import { shown } from '../../../shared/messages/text.ts';
import { wrapped, type In } from '../page.ts';
import type { Check, Detail, Problem } from './finding.ts';

const order: readonly Severity[] = ['danger', 'error', 'warning', 'info'];
const marks = { info: '·', warning: '!', error: '!!', danger: '!!!' } as const;

type Wrong = { readonly check: Check; readonly problem: Problem };
/** One condition of one check, with every detail of it. */
type Told = { readonly check: Check; readonly code: string; readonly details: readonly Detail[] };

function wrongIn(checks: readonly Check[]): readonly Wrong[] {
  const found = checks.flatMap((check) =>
    check.finding.result === 'problem' ? check.finding.problems.map((problem) => ({ check, problem })) : [],
  );
  const rank = ({ problem }: Wrong) => order.indexOf(severityOf(problem.code));
  return found.toSorted((one, other) => rank(one) - rank(other));
}

function togetherIn(wrong: readonly Wrong[]): readonly Told[] {
  return wrong.reduce<readonly Told[]>((told, { check, problem: { code, detail } }) => {
    const last = told.at(-1);
    if (last?.code !== code || last.check !== check) return [...told, { check, code, details: [detail] }];
    return [...told.slice(0, -1), { ...last, details: [...last.details, detail] }];
  }, []);
}

const isNote = ({ code }: { readonly code: string }): boolean => severityOf(code) === 'info';

/** Information alone is no problem. */
export const hasProblems = (checks: readonly Check[]): boolean =>
  wrongIn(checks).some(({ problem }) => !isNote(problem));

/** Problems with their remedies first, the worst above; then what is not known and what is well, in as few lines as they need. */
export function doctorPage(
  checks: readonly Check[],
  isRunning: boolean,
  all: boolean,
  say: In,
): readonly string[] {
  const wrong = togetherIn(wrongIn(checks));
  const notes = wrong.filter(isNote).length;
  const unknown = checks.filter(({ finding }) => finding.result === 'unknown');
  const well = checks.filter(({ finding }) => finding.result === 'well');
  const verdict = words.verdict({
    ...{ problems: wrong.length - notes, notes },
    ...{ unknown: unknown.length, well: well.length },
  });
  return [
    ...wrapped(`loa doctor: ${say(verdict)} (${say(isRunning ? words.running : words.notRunning)})`, 2),
    ...(wrong.length === 0 ? [say(words.allWell)] : wrong.flatMap((each) => wrongLines(each, say))),
    ...(all
      ? [...unknown, ...well].flatMap((check) => fullLine(check, say))
      : shortLines(unknown, well, say)),
  ];
}

/** The faults of a configuration have one remedy, each is told. */
function wrongLines({ check, code, details }: Told, say: In): readonly string[] {
  const declared = declaredOf(code);
  const [first = null] = details;
  const detail = details.length > 1 ? '' : bracketed(first, say);
  const head = `${marks[severityOf(code)]} ${shown(code)}`;
  const from = ` (${say(sourceNames[check.source])})`;
  const each = details.length > 1 ? details.map((one) => `    - ${detailOf(one, say)}`) : [];
  const rows = each.flatMap((row) => wrapped(row, 6));
  if (declared === null) return [...wrapped(`${head}${detail}${from}`, 4), ...rows];
  return [
    ...wrapped(`${head}: ${say(declared.text)}${detail}${from}`, 4),
    ...rows,
    ...wrapped(`  → ${say(declared.remedy)}`, 4),
  ];
}

function fullLine({ name, source, finding }: Check, say: In): readonly string[] {
  const label = `${say(checkNames[name])} (${say(sourceNames[source])})`;
  if (finding.result === 'unknown') return wrapped(`? ${label}: ${say(finding.why)}`, 4);
  if (finding.result === 'problem') return [];
  const detail = detailOf(finding.detail, say);
  return wrapped(`= ${label}${detail === '' ? '' : `: ${detail}`}`, 4);
}

const detailOf = (detail: Detail, say: In): string =>
  detail === null ? '' : shown(typeof detail === 'string' ? detail : say(detail), 300);

/** As it stands behind a sentence. */
export const bracketed = (detail: Detail, say: In): string =>
  detail === null ? '' : ` [${detailOf(detail, say)}]`;

function shortLines(unknown: readonly Check[], well: readonly Check[], say: In): readonly string[] {
  const names = (checks: readonly Check[]) => checks.map(({ name }) => say(checkNames[name])).join(', ');
  return [
    ...(unknown.length === 0 ? [] : wrapped(`${say(words.unknown)}: ${names(unknown)}`, 2)),
    ...(well.length === 0 ? [] : wrapped(`${say(words.well)}: ${names(well)} ${say(words.moreWell)}`, 2)),
  ];
}

/** Everything, in both languages. */
export function doctorJson(checks: readonly Check[], isRunning: boolean): unknown {
  return {
    running: isRunning,
    checks: checks.map(({ name, source, finding }) => ({
      ...{ check: name, name: checkNames[name], source, result: finding.result },
      detail: finding.result === 'well' ? finding.detail : null,
      why: finding.result === 'unknown' ? finding.why : null,
      problems: finding.result === 'problem' ? finding.problems.map(problemJson) : [],
    })),
  };
}

function problemJson({ code, detail }: Problem): unknown {
  const declared = declaredOf(code);
  const { text = null, remedy = null } = declared ?? {};
  return { code, severity: severityOf(code), detail, text, remedy };
}
