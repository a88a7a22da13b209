/** In which lane an action waits for its turn, and which is not asked for twice: what `perform` goes by. */
import type { Action } from './plan/scene.ts';

/** One a device: what is asked of one waits for nothing that another does. */
export type Lane = 'sound' | 'ahead' | 'screen' | 'amplifier' | 'tuner' | 'source';

export function laneOf(action: Action): Lane {
  switch (action.kind) {
    case 'amplifier':
      return 'amplifier';
    case 'show':
    case 'ticker':
      return 'screen';
    case 'begin':
    case 'end':
      return action.record.surface === 'sound' ? 'sound' : 'screen';
    case 'prepare':
      return 'ahead';
    case 'cue':
    case 'replace':
    case 'stop':
    case 'open-line':
    case 'close-line':
    case 'forget':
    case 'order-progress':
      return 'sound';
    case 'tune':
    case 'mute-tuner':
    case 'let-through':
      return 'tuner';
    case 'source':
      return 'source';
  }
}

/** What must not be asked for twice while it is being done; null for what decides anew each time. */
export function nameOf(action: Action): string | null {
  switch (action.kind) {
    case 'show':
      return `show ${action.key}`;
    case 'ticker':
      return `ticker ${action.text ?? ''}`;
    case 'amplifier':
      return `amplifier ${String(action.on)}`;
    case 'mute-tuner':
      return 'mute';
    case 'let-through':
      return `let through ${action.volume}`;
    case 'tune':
      return `tune ${action.frequencyKhz}`;
    case 'open-line':
      return `open line ${action.stretch.key}`;
    case 'close-line':
      return 'close line';
    case 'source':
      return `source ${String(action.on)}`;
    case 'prepare':
    case 'cue':
    case 'replace':
    case 'stop':
    case 'begin':
    case 'end':
    case 'forget':
    case 'order-progress':
      return null;
  }
}
