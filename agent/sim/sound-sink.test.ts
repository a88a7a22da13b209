/** The sound card that is none: heard with its times, and gone with its owner. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { Ear } from './ear.ts';

const module = new URL('./sound-sink.ts', import.meta.url).href;

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH');
  }
};

describe('an ear', () => {
  const rate = 8_000;
  const tone = (hz: number, lengthMs: number, level: number): Buffer => {
    const samples = Buffer.alloc(lengthMs * 16);
    for (let at = 0; at < lengthMs * 8; at += 1) {
      samples.writeInt16LE(Math.round(level * Math.cos((2 * Math.PI * hz * at) / rate)), at * 2);
    }
    return samples;
  };

  it('tells sounds from the silence between them, with length, level and pitch', async () => {
    const source = new PassThrough();
    const ear = new Ear(source, rate, 300, 40);
    expect(ear.listening).toBe(false);
    const bytes = Buffer.concat([
      tone(0, 50, 0),
      tone(500, 200, 9_000),
      tone(0, 60, 0),
      tone(1_000, 100, 4_000),
      tone(0, 100, 0),
    ]);
    source.write(bytes.subarray(0, 777));
    source.write(bytes.subarray(777));
    await sleep(10);
    const [first, second] = ear.soundings();
    expect(ear.soundings()).toHaveLength(2);
    expect(first).toMatchObject({ peak: 9_000, startHz: 500 });
    expect(first?.lengthMs).toBeCloseTo(200, 0);
    expect(second?.lengthMs).toBeCloseTo(100, 0);
    expect((second?.fromUpMs ?? 0) - (first?.toUpMs ?? 0)).toBeCloseTo(60, 0);
  });

  it('says that a sound goes on, and takes a short silence for none', async () => {
    const source = new PassThrough();
    const ear = new Ear(source, rate, 300, 40);
    source.write(
      Buffer.concat([tone(500, 100, 9_000), tone(0, 30, 0), tone(500, 100, 9_000), tone(0, 10, 0)]),
    );
    await sleep(10);
    expect(ear.soundings()).toMatchObject([{ toUpMs: null }]);
  });
});

describe('a null sink', () => {
  it('is gone when its owner is killed', async () => {
    const owner = `
      const { startSoundSinks } = await import(${JSON.stringify(module)});
      const sinks = await startSoundSinks(['box1']);
      console.log(sinks.pid);
    `;
    const child = spawn(process.execPath, ['--input-type=module', '-e', owner]);
    const [said] = (await once(child.stdout, 'data')) as [Buffer];
    const pid = Number(said.toString());
    expect(isAlive(pid)).toBe(true);
    child.kill('SIGKILL');
    for (let tries = 0; tries < 400 && isAlive(pid); tries += 1) await sleep(25);
    expect(isAlive(pid)).toBe(false);
  });
});
