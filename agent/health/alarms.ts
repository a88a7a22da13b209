/** Rejections that are an alarm (protocol §4, "what bad input gets"): each stays a condition for a day after it was last seen. */
import type { ConditionCode } from '../../shared/health/condition.ts';

const ALARM_MS = 86_400_000;

const alarmCodes: Readonly<Record<string, ConditionCode>> = {
  THRESHOLD: 'REJECT_THRESHOLD',
  DUP_SIGNER: 'REJECT_DUP_SIGNER',
  ESCALATION: 'REJECT_ESCALATION',
  EQUIVOCATION: 'REJECT_EQUIVOCATION',
  WEAK_KEY: 'REJECT_WEAK_KEY',
  BAD_GRANT: 'REJECT_BAD_GRANT',
};

/** Per alarming code: how many there were, and the uptime at which that last grew. */
export type AlarmMemory = ReadonlyMap<string, { readonly count: number; readonly grewUpMs: number }>;

/** Counts of before the agent started are no news. */
export function firstAlarms(rejects: Readonly<Record<string, number>>): AlarmMemory {
  return noteRejects(new Map(), rejects, -Infinity);
}

export function noteRejects(
  memory: AlarmMemory,
  rejects: Readonly<Record<string, number>>,
  upMs: number,
): AlarmMemory {
  return new Map(
    Object.keys(alarmCodes).map((code) => {
      const count = rejects[code] ?? 0;
      const before = memory.get(code);
      return [code, before?.count === count ? before : { count, grewUpMs: count === 0 ? -Infinity : upMs }];
    }),
  );
}

export function alarmsAt(memory: AlarmMemory, upMs: number): ConditionCode[] {
  return [...memory].flatMap(([code, { grewUpMs }]) => {
    const condition = alarmCodes[code];
    return condition !== undefined && upMs - grewUpMs < ALARM_MS ? [condition] : [];
  });
}
