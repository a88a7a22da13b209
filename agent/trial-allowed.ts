/** Whether a technician's test may begin now, and in which words not: the first half of agent/trials.ts, pure. */
import { trialMessages } from '../shared/messages/trial.ts';
import type { Text } from '../shared/messages/text.ts';
import type { Layer } from '../shared/schedule/intent.ts';
import type { TickView } from './agent.ts';
import type { TrialAsked } from './local/trial-protocol.ts';
import type { Devices } from './perform.ts';

/** What it takes for itself: nothing of less strength sounds or shows there meanwhile. */
export function layersOf(asked: TrialAsked): readonly Layer[] {
  if (asked.ask === 'tune') return [];
  if (asked.work === 'screen') return ['screen'];
  return asked.work === 'tuner' && !asked.aloud ? [] : ['sound'];
}

/** Null: it may. `busy`: another one is not over. */
export function refusalOf(asked: TrialAsked, view: TickView, devices: Devices, isBusy: boolean): Text | null {
  if (!isHere(asked, devices)) return trialMessages.missing;
  if (isBusy) return trialMessages.busy;
  const { intent } = view;
  if (layersOf(asked).some((layer) => intent[layer].winner?.kind === 'order')) return trialMessages.order;
  return ofReceiver(asked, view) ?? ofSilence(asked, view);
}

function isHere(asked: TrialAsked, { player, amplifier, tuner, screen }: Devices): boolean {
  if (asked.ask === 'tune') return tuner !== null;
  switch (asked.work) {
    case 'speaker':
    case 'sound':
      return player !== null;
    case 'relay':
      return amplifier !== null;
    case 'tuner':
      return tuner !== null;
    case 'screen':
      return screen !== null;
  }
}

/** The receiver is one: a station that people hear is not taken from them. */
function ofReceiver(asked: TrialAsked, { scene, memory }: TickView): Text | null {
  if (asked.ask === 'test' && asked.work !== 'tuner') return null;
  if (memory.sound.current?.stretch.content.kind === 'tuner') return trialMessages.relayed;
  const frequencyKhz = asked.frequencyKhz ?? scene.tuner?.frequencyKhz ?? null;
  return frequencyKhz === null ? trialMessages.noFrequency : null;
}

function ofSilence(asked: TrialAsked, { inForce: { silence }, intent, reading }: TickView): Text | null {
  if (asked.ask === 'tune') return null;
  const isHeard = layersOf(asked).includes('sound') && asked.work !== 'relay';
  if (isHeard && silence !== null && silence !== 'no-time') return trialMessages.silenced;
  if (asked.now) return null;
  if (reading.state === 'FLOOR') return trialMessages.noTime;
  return intent.quiet.on ? trialMessages.quiet : null;
}
