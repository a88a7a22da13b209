/** What a line typed at the cabinet's console may mean: a few commands with a few words each, and nothing else. Pure. */
import { WORKS } from '../local/trial-protocol.ts';

/** `run`: the words for `loa`, made of what stands here and of digits alone. */
export type Typed =
  | { readonly kind: 'nothing' | 'help' | 'exit' | 'unknown' }
  | { readonly kind: 'language'; readonly language: 'vi' | 'en' }
  | { readonly kind: 'run'; readonly args: readonly string[] };

const MOST = 80;

/** Of the commands of `loa` those that look or test, and never a path. */
const PATTERNS: Readonly<Record<string, RegExp>> = {
  status: /^$/,
  why: /^((?:\d{4}-\d\d-\d\d )?\d{1,2}:\d\d(?::\d\d)?)?$/,
  next: /^$/,
  records: /^(\d{1,4})?$/,
  devices: /^$/,
  doctor: /^(--all)?$/,
  clock: /^(accept)?$/,
  test: new RegExp(
    `^(${WORKS.join('|')})(?: (\\d{1,2}))?( (?:--)?now)?(?:(?: --mhz)? (\\d{2,3}(?:\\.\\d)?))?( (?:--)?aloud)?$`,
  ),
  tune: /^(\d{2,3}(?:\.\d{1,2})?)(?: (\d{1,2}))?$/,
};

export const SHELL_COMMANDS = Object.keys(PATTERNS);

/** `offered`: what this `loa` has of them. */
export function typed(line: string, offered: readonly string[]): Typed {
  if (line.length > MOST) return { kind: 'unknown' };
  const words = line.trim().split(/\s+/);
  // Every remedy names its command as one types it elsewhere: `loa clock`.
  if (words[0] === 'loa' && words.length > 1) words.shift();
  const [command = '', ...rest] = words;
  if (command === '') return { kind: 'nothing' };
  if (rest.length === 0 && (command === 'help' || command === '?')) return { kind: 'help' };
  if (rest.length === 0 && (command === 'exit' || command === 'quit')) return { kind: 'exit' };
  if (rest.length === 0 && (command === 'vi' || command === 'en'))
    return { kind: 'language', language: command };
  const pattern =
    Object.hasOwn(PATTERNS, command) && offered.includes(command) ? PATTERNS[command] : undefined;
  const match = pattern?.exec(rest.join(' ').replace(',', '.')) ?? null;
  return match === null ? { kind: 'unknown' } : { kind: 'run', args: [command, ...argsOf(command, match)] };
}

function argsOf(command: string, [, first, second, ...more]: RegExpExecArray): readonly string[] {
  if (command === 'records') return first === undefined ? [] : ['--limit', first];
  if (command === 'test') return [first ?? '', ...seconds(second), ...testOptions(more)];
  return [...(first === undefined ? [] : [first]), ...seconds(second)];
}

const seconds = (given: string | undefined): readonly string[] =>
  given === undefined ? [] : ['--seconds', given];

const testOptions = ([now, mhz, aloud]: readonly (string | undefined)[]): readonly string[] => [
  ...(now === undefined ? [] : ['--now']),
  ...(mhz === undefined ? [] : ['--mhz', mhz]),
  ...(aloud === undefined ? [] : ['--aloud']),
];
