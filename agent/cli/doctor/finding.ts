/** What a check is given and what it answers: probing is done, judging is pure. */
import type { ConditionCode } from '../../../shared/health/condition.ts';
import type { CheckName, sourceNames } from '../../../shared/messages/doctor.ts';
import type { Text } from '../../../shared/messages/text.ts';
import type { BoxStatus } from '../../../shared/wire/status.ts';
import type { DeviceNow } from '../../local/devices-answer.ts';
import type { Examined } from '../../local/examined.ts';
import type { Disk } from '../machine/disk.ts';
import type { Hardware } from '../machine/hardware.ts';
import type { Installation } from '../machine/installed.ts';
import type { Machine } from '../machine/machine.ts';
import type { Reached } from '../machine/network.ts';

/** All that was seen; null where it could not be. A string in `examined`: the agent's program failed, with this word. */
export type Seen = {
  readonly nowMs: number;
  readonly examined: Examined | string;
  readonly status: BoxStatus | null;
  readonly devices: readonly DeviceNow[] | null;
  /** Somebody answers on the socket, if only that it is starting. */
  readonly isRunning: boolean;
  readonly machine: Machine;
  readonly hardware: Hardware;
  readonly installed: Installation;
  readonly stateDisk: Disk | null;
  readonly mediaDisk: Disk | null;
  /** The serial port of the configured receiver; null where none is configured. */
  readonly portThere: boolean | null;
  readonly openKeys: readonly string[] | null;
  readonly cloud: Reached | null;
  readonly broker: Reached | null;
};

export type Source = keyof typeof sourceNames;
/** A figure or a name in no language, or words. */
export type Detail = string | Text | null;
/** A code of another version may come from the agent. */
export type Problem = { readonly code: string; readonly detail: Detail };

export type Finding =
  | { readonly result: 'well'; readonly detail: Detail }
  | { readonly result: 'problem'; readonly problems: readonly Problem[] }
  | { readonly result: 'unknown'; readonly why: Text };

export type Check = { readonly name: CheckName; readonly source: Source; readonly finding: Finding };

export const well = (detail: Detail = null): Finding => ({ result: 'well', detail });
export const unknown = (why: Text): Finding => ({ result: 'unknown', why });
export const bad = (code: ConditionCode, detail: string | null = null): Finding => ({
  result: 'problem',
  problems: [{ code, detail }],
});
