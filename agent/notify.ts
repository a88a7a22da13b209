/** Tells systemd that the agent turns: ready at its first good tick, the watchdog fed at the end of later ones. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** What systemd gives a unit of Type=notify; `WATCHDOG_USEC` only where it has a watchdog. */
export type NotifyEnvironment = { readonly NOTIFY_SOCKET?: string; readonly WATCHDOG_USEC?: string };

export type NotifyParts = {
  readonly environment: NotifyEnvironment;
  readonly upMs: () => number;
  /** Passes one message on, e.g. `WATCHDOG=1`; resolves when systemd has it, rejects where it cannot be told. */
  readonly tell: (message: string) => Promise<void>;
  readonly log: (line: string) => void;
};

/** Three chances in each watchdog time, since a message costs a process. */
const PULSES_IN_TIME = 3;
const RETRY_MS = 1000;
const TELL_TIMEOUT_MS = 5000;

/** To be called at the end of each good tick; does nothing where systemd did not start us. */
export function notifierOf({ environment, upMs, tell, log }: NotifyParts): () => void {
  const { NOTIFY_SOCKET, WATCHDOG_USEC } = environment;
  if (NOTIFY_SOCKET === undefined) return () => undefined;
  const everyMs = WATCHDOG_USEC === undefined ? Infinity : Number(WATCHDOG_USEC) / 1000 / PULSES_IN_TIME;
  let message = 'READY=1';
  let dueAtUpMs = -Infinity;
  return () => {
    if (upMs() < dueAtUpMs) return;
    // One at a time: the next is due when this one has arrived, or in vain.
    const askedAtUpMs = upMs();
    dueAtUpMs = Infinity;
    tell(message).then(
      () => {
        message = 'WATCHDOG=1';
        dueAtUpMs = askedAtUpMs + everyMs;
      },
      (cause: unknown) => {
        dueAtUpMs = askedAtUpMs + RETRY_MS;
        log(`systemd was not told ${message}: ${cause instanceof Error ? cause.message : String(cause)}`);
      },
    );
  };
}

/** Node has no unix datagram socket (field notes §2), so systemd's own command speaks; the unit needs NotifyAccess=all. */
export async function tellSystemd(message: string): Promise<void> {
  await run('systemd-notify', [message], { timeout: TELL_TIMEOUT_MS });
}
