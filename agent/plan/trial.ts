/** Decides about a technician's tests that neither sound nor show: the relay alone, and the receiver heard by numbers. */
import type { EndCause } from '../../shared/records/record.ts';
import { occurrenceOf } from '../../shared/schedule/intent.ts';
import type { LocalTest, TestWork } from '../../shared/schedule/intent.ts';
import { openRecord } from './records.ts';
import type { Action, Decision, Scene, SoundMemory, TrialMemory } from './scene.ts';

/** The kind of the test that holds the sound and may be heard now; null for every other holder. */
export function audibleTest({ intent }: Scene): TestWork['kind'] | null {
  const { winner } = intent.sound;
  return winner?.kind === 'local-test' && !intent.quiet.silences ? winner.test.work.kind : null;
}

/** One record for each such test, from its first instant to its last. */
export function decideTrial(
  scene: Scene,
  memory: TrialMemory | null,
  sound: SoundMemory,
): Decision<TrialMemory | null> {
  const test = heldBy(scene, sound);
  const isSame = memory !== null && memory.test.id === test?.id;
  if (isSame) return { actions: [], memory: witness(scene, memory) };
  const ended = memory === null ? [] : [end(memory, scene, causeOf(scene, memory))];
  if (test === null) return { actions: ended, memory: null };
  const begun = begin(scene, test);
  return { actions: [...ended, ...begun.actions], memory: begun.memory };
}

/** The agent goes, or the time does. */
export function concludeTrial(
  scene: Scene,
  memory: TrialMemory | null,
  cause: EndCause,
): Decision<TrialMemory | null> {
  return { actions: memory === null ? [] : [end(memory, scene, cause)], memory: null };
}

/** The test of this kind that takes place at this instant. */
function heldBy(scene: Scene, sound: SoundMemory): LocalTest | null {
  const { test } = scene;
  if (test === null) return null;
  if (test.work.kind === 'relay') return audibleTest(scene) === 'relay' ? test : null;
  const isMuted = test.work.kind === 'tuner' && !test.work.aloud;
  const isNow = scene.reading.nowMs < test.endsAt * 1000;
  return isMuted && isNow && !isRelayed(sound) ? test : null;
}

const isRelayed = ({ current }: SoundMemory): boolean => current?.stretch.content.kind === 'tuner';

const keyOf = (test: LocalTest): string => occurrenceOf({ kind: 'local-test', test });

function begin(scene: Scene, test: LocalTest): Decision<TrialMemory> {
  const start = {
    ...{
      surface: 'sound' as const,
      startCause: 'test' as const,
      fromMs: 0,
      shas: [],
      volume: 0,
      reason: null,
    },
    ...{ candidate: { kind: 'local-test' as const, test }, startedAtMs: scene.reading.nowMs },
  };
  const record = openRecord(start, scene.reading);
  return {
    actions: [{ kind: 'begin', key: keyOf(test), record }],
    memory: witness(scene, { test, record, worked: false }),
  };
}

function witness({ amplifier, tuner }: Scene, memory: TrialMemory): TrialMemory {
  const { work } = memory.test;
  if (work.kind !== 'tuner') return { ...memory, worked: memory.worked || amplifier?.on === true };
  if (tuner?.state !== 'tuned' || tuner.frequencyKhz !== work.frequencyKhz) return memory;
  const { rssiDbuv, pis } = tuner;
  const seen = { tunerRssiDbuv: rssiDbuv, tunerPi: pis[0] ?? memory.record.evidence.tunerPi };
  const evidence = { ...memory.record.evidence, ...seen };
  return { ...memory, record: { ...memory.record, evidence }, worked: true };
}

/** Outranked, over, or broken off by the technician. */
function causeOf({ test, reading }: Scene, memory: TrialMemory): EndCause {
  if (reading.nowMs >= memory.test.endsAt * 1000) return 'finished';
  return test?.id === memory.test.id ? 'cut' : 'withdrawn';
}

function end({ test, record, worked }: TrialMemory, { reading }: Scene, cause: EndCause): Action {
  const isBad = cause === 'finished' && !worked;
  const fault = test.work.kind === 'relay' ? 'RELAY_FAULT' : 'TUNER_FAULT';
  const endedAtMs = Math.round(reading.nowMs);
  const how = isBad ? { endCause: 'failed' as const, reason: fault, startedAtMs: null } : { endCause: cause };
  return { kind: 'end', key: keyOf(test), record: { ...record, ...how, endedAtMs } };
}
