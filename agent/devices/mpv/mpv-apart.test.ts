/** An mpv that is not our child: behind the script that systemd runs for each connection, here without the users. */
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Mpv } from './mpv.ts';
import type { MpvDown } from './mpv.ts';

const keeper = new URL('../../../systemd/player', import.meta.url).pathname;
const own = new URL('./mpv.ts', import.meta.url).href;

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH');
  }
};

/** Accept=yes, in a few lines: each connection becomes input and output of a new process, whose end ends its group. */
const systemdFor = (folder: string): Promise<Server> =>
  new Promise((resolve) => {
    const server = createServer({ pauseOnConnect: true }, (connection) => {
      const child = spawn('sh', [keeper, join(folder, 'sound')], {
        stdio: [connection, connection, connection],
        detached: true,
      });
      connection.destroy();
      child.once('exit', () => {
        if (child.pid === undefined) return;
        try {
          process.kill(-child.pid, 'SIGKILL');
        } catch (error) {
          if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
        }
      });
    });
    server.listen(join(folder, 'sound.sock'), () => {
      resolve(server);
    });
  });

describe('an mpv apart from the agent', () => {
  let folder: string;
  let systemd: Server;
  let mpv: Mpv;
  let ups = 0;
  const downs: MpvDown[] = [];
  const flags = ['--video=no', '--ao=null'];
  const make = (...more: readonly string[]): Mpv =>
    new Mpv(
      {
        ...{ name: 'sound', runtimeFolder: folder, playerFolder: folder },
        ...{ flags: [...flags, ...more], env: { LOA_SAID: 'two  words' }, requestTimeoutMs: 1_000 },
      },
      { up: () => (ups += 1), down: (why) => downs.push(why), event: () => undefined },
    );

  beforeEach(async () => {
    ups = 0;
    downs.length = 0;
    folder = await mkdtemp(join(tmpdir(), 'apart-'));
    await mkdir(join(folder, 'sound'));
    systemd = await systemdFor(folder);
    mpv = make();
  });
  afterEach(async () => {
    await mpv.close();
    systemd.close();
    await rm(folder, { recursive: true, force: true });
  });

  const until = async (condition: () => boolean): Promise<boolean> => {
    for (let tries = 0; tries < 400 && !condition(); tries += 1) await sleep(25);
    return condition();
  };

  it('is the one whose number it says, with our flags and our environment', async () => {
    await mpv.open();
    expect(await mpv.request(['get_property', 'pid'])).toEqual({ ok: true, value: mpv.pid });
    expect(await mpv.request(['get_property', 'options/ao'])).toMatchObject({ value: [{ name: 'null' }] });
    expect(await readFile(`/proc/${mpv.pid ?? 0}/environ`, 'utf8')).toContain('\0LOA_SAID=two  words\0');
  });

  it('is started again after it was killed', async () => {
    await mpv.open();
    process.kill(mpv.pid ?? 0, 'SIGKILL');
    expect(await until(() => ups === 2)).toBe(true);
    expect(downs).toMatchObject([{ code: 'died' }]);
    expect(downs[0]?.detail).toContain('mpv ended with status 137');
  });

  it('is killed and started again when it hangs, though it is nobody that we may kill', async () => {
    await mpv.open();
    const pid = mpv.pid ?? 0;
    process.kill(pid, 'SIGSTOP');
    expect(await until(() => ups === 2)).toBe(true);
    expect(downs).toMatchObject([{ code: 'hung' }]);
    expect(isAlive(pid)).toBe(false);
  });

  it('ends when its owner is killed', async () => {
    const owner = `
      const { Mpv } = await import(${JSON.stringify(own)});
      const quiet = { up: () => undefined, down: () => undefined, event: () => undefined };
      const options = { name: 'sound', runtimeFolder: '/nowhere', playerFolder: ${JSON.stringify(folder)} };
      const mpv = new Mpv({ ...options, flags: ${JSON.stringify(flags)} }, quiet);
      await mpv.open();
      console.log(mpv.pid);
    `;
    const child = spawn(process.execPath, ['--input-type=module', '-e', owner]);
    const pid = await new Promise<number>((resolve) => {
      child.stdout.once('data', (said: Buffer) => {
        resolve(Number(said.toString()));
      });
    });
    expect(isAlive(pid)).toBe(true);
    child.kill('SIGKILL');
    expect(await until(() => !isAlive(pid))).toBe(true);
  });

  it('says which flag it does not know', async () => {
    mpv = make('--no-such-flag');
    await expect(mpv.open()).rejects.toThrow('no-such-flag');
  });

  it('says so where nobody listens for it, and is there as soon as somebody does', async () => {
    systemd.close();
    await rm(join(folder, 'sound.sock'), { force: true });
    await expect(mpv.open()).rejects.toThrow('ENOENT');
    systemd = await systemdFor(folder);
    expect(await until(() => ups === 1)).toBe(true);
  });
});
