/** What is installed and how its service does: systemd, the journal, mpv, fonts, and the agent's own program with its view of configuration and store. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { examined, type Examined } from '../../local/examined.ts';
import type { Run } from './bounded.ts';

export type ServiceSeen = { readonly enabled: boolean; readonly restarts: number };

export type Installation = {
  /** Null: no systemd, or it does not know the service. */
  readonly service: ServiceSeen | null;
  /** Starts of the machine within 24 hours; null where the journal does not tell. */
  readonly boots: number | null;
  readonly mpv: string | null;
  /** Running services that set the system clock as well; null: no systemd to ask. */
  readonly clockSetters: readonly string[] | null;
  /** Null: nothing to ask. */
  readonly vietnameseFonts: number | null;
};

const ASK_MS = 3000;
const EXAMINE_MS = 5000;
/** In place of what the program says: it was given no chance to say it. */
export const TIMED_OUT = 'timeout';
const DAY_US = 86_400_000_000;
/** What Debian has of them. */
const CLOCK_SETTERS = ['systemd-timesyncd', 'chrony', 'ntpsec', 'ntp', 'openntpd'];

export async function probeInstalled(run: Run, nowMs: number): Promise<Installation> {
  const [service, setters, boots, mpv, fonts] = await Promise.all([
    run('systemctl', ['show', 'loa-agent', '-p', 'LoadState,UnitFileState,NRestarts'], ASK_MS),
    run('systemctl', ['show', ...CLOCK_SETTERS, '-p', 'Id,ActiveState'], ASK_MS),
    run('journalctl', ['--list-boots', '-o', 'json', '--no-pager', '-q'], ASK_MS),
    run('mpv', ['--no-config', '--version'], ASK_MS),
    run('fc-list', [':lang=vi', 'family'], ASK_MS),
  ]);
  return {
    service: service === null ? null : serviceIn(service.out),
    clockSetters: setters?.exit === 0 ? runningIn(setters.out) : null,
    boots: boots?.exit === 0 ? bootsIn(boots.out, nowMs) : null,
    mpv: mpv?.exit === 0 ? (/^mpv \S+/m.exec(mpv.out)?.[0] ?? 'mpv') : null,
    vietnameseFonts: fonts?.exit === 0 ? fonts.out.split('\n').filter((line) => line !== '').length : null,
  };
}

export function serviceIn(shown: string): ServiceSeen | null {
  const value = (name: string) => new RegExp(`^${name}=(.*)$`, 'm').exec(shown)?.[1] ?? '';
  if (value('LoadState') !== 'loaded') return null;
  return { enabled: value('UnitFileState') === 'enabled', restarts: Number(value('NRestarts')) };
}

/** `Id=` and `ActiveState=` of each; two names may be one service. */
export function runningIn(shown: string): readonly string[] {
  const units = shown.split('\n\n').filter((unit) => /^ActiveState=active$/m.test(unit));
  return [...new Set(units.map((unit) => /^Id=(.*)\.service$/m.exec(unit)?.[1] ?? '?'))];
}

export function bootsIn(json: string, nowMs: number): number | null {
  try {
    const boots: unknown = JSON.parse(json);
    if (!Array.isArray(boots)) return null;
    return boots.filter((boot: { first_entry?: number }) => (boot.first_entry ?? 0) > nowMs * 1000 - DAY_US)
      .length;
  } catch (cause) {
    if (cause instanceof SyntaxError) return null;
    throw cause;
  }
}

/** The agent's program beside this one: in a bundle, or among the sources. */
const program = [join(import.meta.dirname, 'agent.mjs'), join(import.meta.dirname, '../../main.ts')];

/** What the agent's program says of this configuration file, or the first words of what went wrong. */
export async function examineWith(run: Run, config: string): Promise<Examined | string> {
  const main = program.find((path) => existsSync(path)) ?? 'agent.mjs';
  const ran = await run(process.execPath, [main, '--examine', '--config', config], EXAMINE_MS);
  if (ran === null) return TIMED_OUT;
  const read = examined.safeParse(ran.exit === 0 ? parsed(ran.out) : null);
  return read.success ? read.data : (ran.err.split('\n').find((line) => /error/i.test(line)) ?? 'exit');
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch (cause) {
    if (cause instanceof SyntaxError) return null;
    throw cause;
  }
}
