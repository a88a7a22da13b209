/** One real mpv under our keeping: private, answering, restarted, and gone with its owner. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Mpv } from './mpv.ts';
import type { MpvDown } from './mpv.ts';
import type { MpvEvent } from './mpv-wire.ts';

const module = new URL('./mpv.ts', import.meta.url).href;
const flags = ['--video=no', '--ao=null'];

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH');
  }
};

describe('an mpv of ours', () => {
  let folder: string;
  let mpv: Mpv;
  const downs: MpvDown[] = [];
  const events: MpvEvent[] = [];
  let ups = 0;

  beforeEach(async () => {
    downs.length = 0;
    events.length = 0;
    ups = 0;
    folder = await mkdtemp(join(tmpdir(), 'mpv-'));
    mpv = new Mpv(
      { name: 'sound', runtimeFolder: folder, flags },
      { up: () => (ups += 1), down: (why) => downs.push(why), event: (event) => events.push(event) },
    );
    await mpv.open();
  });
  afterEach(async () => {
    await mpv.close();
    await rm(folder, { recursive: true, force: true });
  });

  const until = async (condition: () => boolean): Promise<boolean> => {
    for (let tries = 0; tries < 400 && !condition(); tries += 1) await sleep(25);
    return condition();
  };

  it('L01 listens on a socket that only its own user can reach', async () => {
    const [name] = await readdir(folder);
    const privateFolder = join(folder, name ?? '');
    expect((await stat(privateFolder)).mode & 0o777).toBe(0o700);
    expect((await stat(join(privateFolder, 's'))).mode & 0o777).toBe(0o600);
  });

  it('answers ten thousand commands at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 10_000 }, () => mpv.request(['get_property', 'pid'])),
    );
    expect(answers.every((answer) => answer.ok && answer.value === mpv.pid)).toBe(true);
  });

  it('is started again after it was killed, each time', async () => {
    for (const round of [1, 2, 3]) {
      process.kill(mpv.pid ?? 0, 'SIGKILL');
      expect(await until(() => ups === round + 1)).toBe(true);
    }
    expect(downs.map(({ code }) => code)).toEqual(['died', 'died', 'died']);
    expect(await mpv.request(['get_property', 'idle-active'])).toEqual({ ok: true, value: true });
  });

  it('is killed and started again when it hangs, without being asked anything', async () => {
    process.kill(mpv.pid ?? 0, 'SIGSTOP');
    expect(await until(() => ups === 2)).toBe(true);
    expect(downs).toMatchObject([{ code: 'hung' }]);
  });

  it('leaves no process and no file behind when it is closed', async () => {
    const pid = mpv.pid ?? 0;
    await mpv.close();
    expect(isAlive(pid)).toBe(false);
    expect(await readdir(folder)).toEqual([]);
  });

  it('ends when its owner is killed', async () => {
    const owner = `
      const { Mpv } = await import(${JSON.stringify(module)});
      const quiet = { up: () => undefined, down: () => undefined, event: () => undefined };
      const mpv = new Mpv({ name: 'other', runtimeFolder: ${JSON.stringify(folder)}, flags: ${JSON.stringify(flags)} }, quiet);
      await mpv.open();
      console.log(mpv.pid);
    `;
    const child = spawn(process.execPath, ['--input-type=module', '-e', owner]);
    const [said] = (await once(child.stdout, 'data')) as [Buffer];
    const pid = Number(said.toString());
    expect(isAlive(pid)).toBe(true);
    child.kill('SIGKILL');
    expect(await until(() => !isAlive(pid))).toBe(true);
  });

  it('U05 opens nothing that a file names, when the file is a playlist in disguise', async () => {
    let calls = 0;
    const server = createServer((socket) => {
      calls += 1;
      socket.destroy();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const url = `http://127.0.0.1:${port}/x.ts`;
    const disguises = {
      'hls.mp3': `#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\n${url}\n#EXT-X-ENDLIST\n`,
      'm3u.ogg': `#EXTM3U\n#EXTINF:10,x\n${url}\n`,
      'pls.wav': `[playlist]\nNumberOfEntries=1\nFile1=${url}\n`,
      'edl.mp3': `# mpv EDL v0\n${url}\n`,
      'dash.mp4': `<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static"><Period><AdaptationSet mimeType="audio/mp4"><Representation id="1" bandwidth="1"><BaseURL>${url}</BaseURL><SegmentBase/></Representation></AdaptationSet></Period></MPD>`,
      'concat.mp3': `ffconcat version 1.0\nfile '${url}'\n`,
    };
    for (const [name, text] of Object.entries(disguises)) {
      await writeFile(join(folder, name), text);
      events.length = 0;
      await mpv.request(['loadfile', join(folder, name), 'replace']);
      expect(await until(() => events.some(({ event }) => event === 'idle'))).toBe(true);
    }
    server.close();
    expect(calls).toBe(0);
  });
});

describe('an mpv that does not start', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mpv-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));
  const quiet = { up: () => undefined, down: () => undefined, event: () => undefined };

  it('says which flag it does not know', async () => {
    const mpv = new Mpv({ name: 'sound', runtimeFolder: folder, flags: ['--no-such-flag'] }, quiet);
    await expect(mpv.open()).rejects.toThrow('no-such-flag');
    await mpv.close();
  });

  it('is tried again until it does', async () => {
    const runtimeFolder = join(folder, 'later');
    const ups: string[] = [];
    const mpv = new Mpv({ name: 'sound', runtimeFolder, flags }, { ...quiet, up: () => ups.push('up') });
    await expect(mpv.open()).rejects.toThrow('ENOENT');
    await mkdir(runtimeFolder);
    for (let tries = 0; tries < 400 && ups.length === 0; tries += 1) await sleep(25);
    expect(await mpv.request(['get_property', 'idle-active'])).toEqual({ ok: true, value: true });
    await mpv.close();
  });

  it('has its socket elsewhere where the runtime folder is too long for one', async () => {
    const runtimeFolder = join(folder, 'x'.repeat(90));
    await mkdir(runtimeFolder);
    const mpv = new Mpv({ name: 'sound', runtimeFolder, flags }, quiet);
    await mpv.open();
    expect(await mpv.request(['get_property', 'idle-active'])).toEqual({ ok: true, value: true });
    await mpv.close();
  });

  it('removes what a killed agent left behind under the same name, and nothing else', async () => {
    for (const name of ['mpv-sound-old', 'mpv-screen-old']) await mkdir(join(folder, name));
    const mpv = new Mpv({ name: 'sound', runtimeFolder: folder, flags }, quiet);
    await mpv.open();
    await mpv.close();
    expect(await readdir(folder)).toEqual(['mpv-screen-old']);
  });
});
