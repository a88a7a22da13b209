/** What was true since when: holds each condition back until it has lasted, and says which came and went. */
import type { Condition, ConditionCode } from '../../shared/health/condition.ts';
import { conditions } from '../../shared/health/registry.ts';
import { alarmsAt, firstAlarms, noteRejects, type AlarmMemory } from './alarms.ts';
import { detect } from './detectors.ts';
import type { Facts } from './facts.ts';

type Since = { readonly upMs: number; readonly atMs: number };

export type HealthMemory = {
  readonly since: ReadonlyMap<ConditionCode, Since>;
  readonly alarms: AlarmMemory;
  readonly shown: readonly Condition[];
};

export type Health = {
  readonly memory: HealthMemory;
  /** What has lasted long enough to be shown. */
  readonly conditions: readonly Condition[];
  readonly came: readonly ConditionCode[];
  readonly went: readonly ConditionCode[];
};

export function firstHealth(rejects: Readonly<Record<string, number>>): HealthMemory {
  return { since: new Map(), alarms: firstAlarms(rejects), shown: [] };
}

/** One look; the memory goes into the next. Durations are uptime, so that a clock step starts and ends nothing. */
export function watch(facts: Facts, memory: HealthMemory): Health {
  const { upMs, nowMs } = facts.reading;
  const alarms = noteRejects(memory.alarms, facts.rejects, upMs);
  const present = new Set([...detect(facts), ...alarmsAt(alarms, upMs)]);
  const now: Since = { upMs, atMs: Math.floor(nowMs) };
  const since = new Map([...present].map((code) => [code, memory.since.get(code) ?? now]));
  const shown = [...since].flatMap(([code, { upMs: fromUpMs, atMs }]) =>
    upMs - fromUpMs >= conditions[code].holdMs ? [{ code, sinceMs: atMs }] : [],
  );
  const [before, after] = [codesOf(memory.shown), codesOf(shown)];
  return {
    memory: { since, alarms, shown },
    conditions: shown,
    came: [...after].filter((code) => !before.has(code)),
    went: [...before].filter((code) => !after.has(code)),
  };
}

const codesOf = (shown: readonly Condition[]): ReadonlySet<ConditionCode> =>
  new Set(shown.map(({ code }) => code));
