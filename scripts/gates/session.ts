/**
 * Ends what a stage has started: every process of its session. A process group is not enough, for `timeout` and every
 * interactive shell open new ones, and the machine of the bench would run on.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** For what tidies up after itself, as the bench does with its folders. */
const GRACE_MS = 3000;
const LOOK_MS = 50;

/** Resolves once nothing of the session is left: asked first, and killed where that does not help. */
export async function endSession(leader: number): Promise<void> {
  const endUpMs = performance.now() + GRACE_MS;
  for (const pid of membersOf(leader)) tell(pid, 'SIGTERM');
  for (;;) {
    const left = membersOf(leader);
    if (left.length === 0) return;
    if (performance.now() > endUpMs) for (const pid of left) tell(pid, 'SIGKILL');
    await sleep(LOOK_MS);
  }
}

/** By /proc: the fourth field after the name in brackets, which may hold anything. */
function membersOf(leader: number): readonly number[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.map(Number).filter((pid) => {
    const [state, , , session] = (statOf(pid) ?? '').replace(/^.*\) /s, '').split(' ');
    return Number(session) === leader && state !== 'Z';
  });
}

/** Null where the process has ended in the meantime. */
function statOf(pid: number): string | null {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause) return null;
    throw cause;
  }
}

/** Who is gone already needs not be told. */
function tell(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'ESRCH')) throw cause;
  }
}
