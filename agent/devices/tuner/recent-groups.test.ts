import { describe, expect, test } from 'vitest';
import { houseWords, intact } from './rds-encoder.fixture.ts';
import { RecentGroups } from './recent-groups.ts';

const LOOK_MS = 35;
const groupOf = (n: number) => intact(houseWords({ pi: 0xc201, pty: 1 }, n, Uint8Array.of(n, n, n, n)));

describe('the groups that were heard', () => {
  test('are each counted once, and the same again where the chip took "ready" back in between', () => {
    const groups = new RecentGroups();
    for (let upMs = 0, n = 0; n < 5; n += 1) {
      groups.hear(groupOf(n), upMs);
      groups.hear(groupOf(n), upMs + LOOK_MS);
      upMs += 88;
    }
    expect(groups.rds().groups).toBe(5);
    groups.hear(groupOf(4), 5 * 88);
    groups.hear(null, 5 * 88 + LOOK_MS);
    groups.hear(groupOf(4), 6 * 88);
    expect(groups.rds().groups).toBe(6);
  });

  test('H10 of a chip that has stopped, and calls its last one ready for ever, name no station after five seconds', () => {
    const groups = new RecentGroups();
    for (let n = 0; n < 5; n += 1) groups.hear(groupOf(n), n * 88);
    expect(groups.pis(500)).toHaveLength(5);
    for (let upMs = 4 * 88; upMs < 6_000; upMs += LOOK_MS) groups.hear(groupOf(4), upMs);
    expect(groups.rds().groups).toBe(5);
    expect(groups.pis(6_000)).toEqual([]);
    expect(groups.takeSegments()).toHaveLength(5);
  });
});
