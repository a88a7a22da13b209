import { describe, expect, it } from 'vitest';
import { OrderProgresses } from './order-progress.ts';
import type { OrderProgress } from './store/store.ts';
import { NotKept } from './store/store.ts';

class Disk {
  full = false;
  writes = 0;
  readonly rows = new Map<string, OrderProgress>();

  orderProgress = () => [...this.rows.values()];
  keepOrderProgress(progress: OrderProgress): void {
    if (this.full) throw new NotKept('the disk is full');
    this.writes += 1;
    this.rows.set(progress.digest, progress);
  }
}

const NOW = 1_790_000_000_000;
const begunOf = (progresses: OrderProgresses, nowMs: number) =>
  progresses.of(['a'], nowMs).get('a')?.begunAtMs;

describe('an order', () => {
  it('begins when it is first seen, once', () => {
    const disk = new Disk();
    const progresses = new OrderProgresses(disk);
    expect(begunOf(progresses, NOW + 0.7)).toBe(NOW);
    expect(begunOf(progresses, NOW + 5000)).toBe(NOW);
    expect(disk.writes).toBe(1);
  });

  it('begins now where the clock was set back behind its begin: it does not wait for the clock to come there again', () => {
    const progresses = new OrderProgresses(new Disk());
    progresses.of(['a'], NOW);
    progresses.note({ digest: 'a', heard: 1, playsHeard: 2, toned: true });
    const again = progresses.of(['a'], NOW - 600_000).get('a');
    expect(again).toEqual({ digest: 'a', begunAtMs: NOW - 600_000, heard: 1, playsHeard: 2, toned: true });
  });

  it('D05 sounds on a full disk, and is not forgotten for having sounded', () => {
    const disk = new Disk();
    disk.full = true;
    const progresses = new OrderProgresses(disk);
    expect(begunOf(progresses, NOW)).toBe(NOW);
    expect(begunOf(progresses, NOW + 5000)).toBe(NOW);
    progresses.note({ digest: 'a', heard: 1, playsHeard: 0, toned: false });
    expect(progresses.of(['a'], NOW).get('a')?.heard).toBe(1);
    disk.full = false;
    progresses.note({ digest: 'a', heard: 2, playsHeard: 0, toned: false });
    expect(disk.rows.get('a')?.heard).toBe(2);
  });

  it('that nobody knows any more leaves nothing behind', () => {
    const disk = new Disk();
    new OrderProgresses(disk).note({ digest: 'a', heard: 1, playsHeard: 0, toned: false });
    expect(disk.rows.size).toBe(0);
  });
});
