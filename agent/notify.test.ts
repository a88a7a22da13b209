import { describe, expect, it } from 'vitest';
import { notifierOf, tellSystemd, type NotifyEnvironment } from './notify.ts';

/** A systemd that writes down what it is told, on a clock of its own. */
function rigOf(environment: NotifyEnvironment) {
  const told: string[] = [];
  const lines: string[] = [];
  const rig = { told, lines, upMs: 0, isDeaf: false, isSlow: false };
  const goodTick = notifierOf({
    environment,
    upMs: () => rig.upMs,
    tell: (message) => {
      told.push(message);
      if (rig.isSlow) return new Promise(() => undefined);
      return rig.isDeaf ? Promise.reject(new Error('no such file')) : Promise.resolve();
    },
    log: (line) => lines.push(line),
  });
  const tickAt = async (upMs: number) => {
    rig.upMs = upMs;
    goodTick();
    await Promise.resolve();
    await Promise.resolve();
  };
  return Object.assign(rig, { tickAt });
}

const underSystemd = { NOTIFY_SOCKET: '/run/systemd/notify', WATCHDOG_USEC: '18000000' };

describe('what systemd is told', () => {
  it('is nothing where systemd did not start the agent', async () => {
    const rig = rigOf({});
    await rig.tickAt(0);
    await rig.tickAt(60_000);
    expect(rig.told).toEqual([]);
  });

  it('is readiness at the first good tick, then a pulse in each third of the watchdog time and no oftener', async () => {
    const rig = rigOf(underSystemd);
    for (let upMs = 0; upMs <= 12_000; upMs += 250) await rig.tickAt(upMs);
    expect(rig.told).toEqual(['READY=1', 'WATCHDOG=1', 'WATCHDOG=1']);
  });

  it('is readiness alone where the unit has no watchdog', async () => {
    const rig = rigOf({ NOTIFY_SOCKET: '/run/systemd/notify' });
    for (let upMs = 0; upMs <= 120_000; upMs += 1000) await rig.tickAt(upMs);
    expect(rig.told).toEqual(['READY=1']);
  });

  it('is said again a second after it was said in vain, and the log says so', async () => {
    const rig = rigOf(underSystemd);
    rig.isDeaf = true;
    await rig.tickAt(0);
    await rig.tickAt(500);
    rig.isDeaf = false;
    await rig.tickAt(1000);
    expect(rig.told).toEqual(['READY=1', 'READY=1']);
    expect(rig.lines).toEqual(['systemd was not told READY=1: no such file']);
  });

  it('is one message at a time, however long systemd takes', async () => {
    const rig = rigOf(underSystemd);
    rig.isSlow = true;
    await rig.tickAt(0);
    await rig.tickAt(60_000);
    expect(rig.told).toEqual(['READY=1']);
  });

  it('cannot be said outside a unit, and that is an error and no silence', async () => {
    await expect(tellSystemd('WATCHDOG=1')).rejects.toThrow('systemd-notify');
  });
});
