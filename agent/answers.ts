/** What `loa` is told over the local socket, gathered from the parts that know it. */
import type { ConditionCode } from '../shared/health/condition.ts';
import { resolve } from '../shared/schedule/resolve.ts';
import type { Box, Log } from './box.ts';
import { comingUp } from './status.ts';
import type { LocalSource } from './local/server.ts';
import { whyOf } from './local/why.ts';
import type { Silence } from './verify/in-force.ts';

/** The condition behind each reason for which nothing at all may sound or show. */
const SILENCE_CODES: Readonly<Record<Silence, ConditionCode>> = {
  quarantined: 'QUARANTINE',
  'behind-trust': 'NEED_NEWER_TRUST',
  'no-device': 'NOT_ENROLLED',
  revoked: 'REVOKED',
  'no-time': 'NO_TIME',
};

export function answersOf({ agent, clock, report, store }: Box, log: Log): LocalSource {
  return {
    nowMs: () => clock.read().nowMs,
    status: () => report.status(),
    why: (at) => {
      const view = agent.view();
      if (view === null) return null;
      const { silence } = view.inForce;
      return whyOf(resolve(view.situation, at), silence === null ? null : SILENCE_CODES[silence]);
    },
    next: () => {
      const view = agent.view();
      return view === null ? null : comingUp(view.situation, view.intent);
    },
    records: (limit) => store.records(limit),
    log,
  };
}
