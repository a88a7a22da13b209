/** The clock of the box for people: its time, what that rests on, and whether the cloud says otherwise. */
import type { TickView } from './agent.ts';
import type { BoxClock } from './clock/clock.ts';
import type { RadioTime } from './clock/radio-time.ts';
import { OPEN_MS } from './clock/dispute.ts';
import type { Settlement } from './clock/dispute.ts';
import type { ClockNow } from './local/clock-protocol.ts';

/** What is not of the clock itself; `floor` in UTC seconds, the others in English words. */
type Around = {
  readonly floor: number;
  readonly linkError: string | null;
  readonly setFailure: string | null;
};

export function clockNow(clock: BoxClock, { floor, linkError, setFailure }: Around): ClockNow {
  const { state, nowMs, u, upMs } = clock.read();
  const last = clock.lastSync();
  const dispute = clock.disputed();
  return {
    ...{ state, u, linkError, setFailure, nowMs: Math.floor(nowMs), floorMs: floor * 1000 },
    sync:
      last === null
        ? null
        : {
            atMs: Math.floor(last.atMs),
            agoMs: last.agoMs === null ? null : Math.floor(last.agoMs),
            ...{ driftPpm: last.driftPpm, rtcSet: last.rtcSet },
          },
    dispute:
      dispute === null
        ? null
        : {
            saidAtMs: Math.floor(dispute.saidAtMs),
            aheadMs: Math.round(dispute.aheadMs),
            heardAgoMs: Math.floor(dispute.heardAgoMs),
            blocked: dispute.blocked,
          },
    settlement: settlementNow(clock.settlement(), upMs),
    settled: last?.settled ?? null,
  };
}

/** Null where the box knows the time. */
export function radioNow(now: TickView | null, time: RadioTime | null): ClockNow['radio'] {
  if (now?.reading.state !== 'FLOOR') return null;
  const { upMs } = now.reading;
  return {
    use: now.inForce.device?.clockless ?? 'silent',
    isUsed: now.inForce.byRadio !== null,
    told:
      time === null
        ? null
        : {
            ...time.station,
            nowMs: Math.round(time.line.atMs + (upMs - time.line.upMs)),
            steadyForMs: Math.round(time.heardUpMs - time.sinceUpMs),
            isSteady: time.isSteady,
          },
  };
}

function settlementNow(settlement: Settlement | null, upMs: number): ClockNow['settlement'] {
  switch (settlement?.kind) {
    case 'open':
      return { kind: 'open', leftMs: Math.max(0, Math.ceil(settlement.openedUpMs + OPEN_MS - upMs)) };
    case 'settled':
      return {
        kind: 'settled',
        fromAtMs: Math.round(settlement.fromAtMs),
        toAtMs: Math.round(settlement.toAtMs),
      };
    case 'refused':
    case 'agreed':
    case 'expired':
      return settlement;
    case undefined:
      return null;
  }
}
