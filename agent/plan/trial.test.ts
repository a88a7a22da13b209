import { describe, expect, it } from 'vitest';
import { orderWith } from '../../shared/schedule/a-schedule.fixture.ts';
import { World } from './a-world.fixture.ts';

const at = (second: number): string => new Date(Date.UTC(2026, 10, 23, 3, 0, second)).toISOString();
const secondsOf = (second: number): number => Date.parse(at(second)) / 1000;

describe('a test of the relay', () => {
  it('takes nothing from the time in which an alert has to prove its sound', () => {
    const world = new World(at(0));
    world.test = {
      ...{ id: 'relay-1', work: { kind: 'relay' }, layers: ['sound'], now: false },
      ...{ begunAt: secondsOf(1), endsAt: secondsOf(9) },
    };
    world.until(at(9));
    expect(world.amplifier.map(({ on }) => on)).toEqual([true]);
    expect(world.sounds).toEqual([]);
    // For five seconds the audio clock does not show that the alert is heard.
    world.stuck = true;
    world.orders = [orderWith({ kind: 'alert', begunAtMs: Date.parse(at(9)), exp: secondsOf(600) })];
    world.until(at(14));
    world.stuck = false;
    world.until(at(16));
    expect(world.amplifier.map(({ on }) => on)).toEqual([true]);
    expect(world.records[0]).toMatchObject({
      ...{ subject: { kind: 'local-test', test: 'relay-1' }, startCause: 'test', endCause: 'finished' },
    });
  });
});
