/** What `loa` is told over the local socket, gathered from the parts that know it. */
import type { ConditionCode } from '../shared/health/condition.ts';
import { resolve } from '../shared/schedule/resolve.ts';
import type { Box, Log } from './box.ts';
import { devicesNow } from './devices-now.ts';
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

/** `box` answers null until everything of it is open. */
export function answersOf(box: () => Box | null, log: Log): LocalSource {
  const view = () => box()?.agent.view() ?? null;
  return {
    nowMs: () => box()?.clock.read().nowMs ?? 0,
    status: () => box()?.report.status() ?? null,
    why: (at) => {
      const now = view();
      if (now === null) return null;
      const { silence } = now.inForce;
      return whyOf(resolve(now.situation, at), silence === null ? null : SILENCE_CODES[silence]);
    },
    next: () => {
      const now = view();
      return now === null ? null : comingUp(now.situation, now.intent);
    },
    devices: () => {
      const now = view();
      const programme = box()?.devices.tuner?.rds().programme ?? null;
      return now === null ? null : devicesNow(now.scene, now.memory.amplifier.on, programme);
    },
    records: (limit) => box()?.store.records(limit) ?? null,
    trials: () => box()?.trials ?? null,
    consoleOpened: () => box()?.console.opened() ?? null,
    log,
  };
}
