/** A box without devices behind a local socket: what was asked of it is written down. */
import type { Text } from '../../shared/messages/text.ts';
import type { LocalSource } from './server.ts';
import { aRecord, aStatus, NOW_MS } from './status.fixture.ts';
import type { TrialAsked, TrialBegun, TrialSeen } from './trial-protocol.ts';

export const aTest = (more: Partial<Extract<TrialAsked, { ask: 'test' }>> = {}): TrialAsked => ({
  ...{ ask: 'test', work: 'speaker', seconds: 10, now: false, aloud: false, frequencyKhz: null },
  ...more,
});

export const aSeen = (more: Partial<TrialSeen> = {}): TrialSeen => ({
  ...{ id: 't1', work: 'speaker', over: false, passed: null, relay: null, tuner: null, record: null },
  ...more,
});

export class TrialsBook {
  refusal: Text | null = null;
  /** What is told, in turn; the last one again and again. */
  told: TrialSeen[] = [aSeen()];
  readonly begun: TrialAsked[] = [];
  readonly cancelled: string[] = [];

  begin(asked: TrialAsked): TrialBegun {
    if (this.refusal !== null) return { ok: false, why: this.refusal };
    this.begun.push(asked);
    return { ok: true, id: 't1' };
  }

  seen(id: string): TrialSeen | null {
    if (id !== 't1') return null;
    return (this.told.length > 1 ? this.told.shift() : this.told[0]) ?? null;
  }

  cancel(id: string): void {
    this.cancelled.push(id);
  }
}

export const aSource = (book: TrialsBook): LocalSource => ({
  nowMs: () => NOW_MS,
  status: () => aStatus(),
  why: () => null,
  next: () => aStatus().next,
  records: () => [aRecord()],
  devices: () => null,
  trials: () => book,
  clock: () => null,
  settle: () => ({ ok: false, why: null }),
  consoleOpened: () => () => undefined,
  log: () => undefined,
});
