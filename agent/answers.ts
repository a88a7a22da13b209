/** What `loa` is told over the local socket, gathered from the parts that know it. */
import type { ConditionCode } from '../shared/health/condition.ts';
import { clockMessages } from '../shared/messages/clock.ts';
import { resolve } from '../shared/schedule/resolve.ts';
import type { Box, Log } from './box.ts';
import { clockNow, radioNow } from './clock-now.ts';
import type { SettleBegun } from './local/clock-protocol.ts';
import { devicesNow } from './local/devices-now.ts';
import { sensorsNow } from './local/sensors-now.ts';
import type { LocalSource } from './local/server.ts';
import { whyOf } from './local/why.ts';
import { comingUp } from './status.ts';
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
    nowMs: () => box()?.agent.wall.read().nowMs ?? 0,
    status: () => box()?.report.status() ?? null,
    why: (at) => {
      const now = view();
      if (now === null) return null;
      const { silence, byRadio } = now.inForce;
      return whyOf(resolve(now.situation, at), silence === null ? null : SILENCE_CODES[silence], byRadio);
    },
    next: () => {
      const now = view();
      return now === null ? null : comingUp(now.situation, now.intent);
    },
    devices: () => {
      const now = view();
      const programme = box()?.devices.tuner?.rds().programme ?? null;
      if (now === null) return null;
      const sensors = sensorsNow(box()?.sensors?.observe() ?? null, now.reading.upMs);
      return [...devicesNow(now.scene, now.memory.amplifier.on, programme), ...sensors];
    },
    clock: () => {
      const now = box();
      if (now === null) return null;
      const { clock, store, sync, rtc, agent } = now;
      const seen = clockNow(clock, {
        floor: store.state().floor,
        linkError: sync.link().lastError,
        setFailure: rtc?.failure() ?? null,
      });
      return { ...seen, radio: radioNow(agent.view(), agent.wall.radioTime()) };
    },
    settle: (aheadMs) => settle(box(), aheadMs, log),
    records: (limit) => box()?.store.records(limit) ?? null,
    trials: () => box()?.trials ?? null,
    consoleOpened: () => box()?.console.opened() ?? null,
    log,
  };
}

/** protocol C5: opened by whoever stands at the box; the next head is asked for at once. */
function settle(box: Box | null, aheadMs: number, log: Log): SettleBegun {
  if (box === null) return { ok: false, why: null };
  const why = box.clock.confirm(aheadMs);
  if (why !== null) return { ok: false, why: { ...clockMessages.refusals, ...clockMessages.blocked }[why] };
  log(`clock: somebody at the box takes the time of the cloud, ${(aheadMs / 1000).toFixed(1)} s ahead`);
  box.sync.now();
  return { ok: true };
}
