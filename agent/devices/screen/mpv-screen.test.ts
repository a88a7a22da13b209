/** The real mpv keeps the board's contract without a display; with one (Xvfb), its picture has the running text too. */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Track } from '../player/seam.ts';
import { MpvScreen } from './mpv-screen.ts';
import type { ScreenRig } from './screen.contract.ts';
import { screenContract } from './screen.contract.ts';

const run = promisify(execFile);
const place = 'Xã Vạn Hưng';

let media: string;
beforeAll(async () => {
  media = await mkdtemp(join(tmpdir(), 'media-'));
  const make = (source: string, ...output: string[]) =>
    run('ffmpeg', ['-loglevel', 'error', '-f', 'lavfi', '-i', source, ...output]);
  await make('testsrc=size=320x180', '-frames:v', '1', join(media, 'picture.png'));
  await make('testsrc=size=320x180:rate=25', '-t', '1', '-pix_fmt', 'yuv420p', join(media, 'video.mp4'));
});
afterAll(() => rm(media, { recursive: true }));

const track = (name: string, durationMs: number | null): Track => ({
  uri: join(media, name),
  sha256: null,
  durationMs,
});

type MpvRig = ScreenRig & { readonly screen: MpvScreen; readonly folder: string };

const makeRig = async (): Promise<MpvRig> => {
  const folder = await mkdtemp(join(tmpdir(), 'board-'));
  const screen = new MpvScreen({ runtimeFolder: folder, vo: 'null', place });
  return {
    ...{ screen, folder },
    pass: (ms) => sleep(ms),
    picture: track('picture.png', 1_000),
    standing: track('picture.png', null),
    video: track('video.mp4', 1_000),
    kill: () => {
      if (screen.pid !== null) process.kill(screen.pid, 'SIGKILL');
    },
    close: () => rm(folder, { recursive: true }),
  };
};

screenContract('MpvScreen', makeRig);

describe('the board over mpv', () => {
  let rig: MpvRig;
  beforeEach(async () => {
    rig = await makeRig();
    await rig.screen.open();
  });
  afterEach(async () => {
    await rig.screen.close();
    await rig.close();
  });

  it('gives a picture of what shows, as a file whose hash it says', async () => {
    await rig.screen.show('a', { kind: 'nothing' });
    const shot = await rig.screen.screenshot();
    expect((await stat(shot?.path ?? '')).size).toBeGreaterThan(10_000);
    expect(rig.screen.observe().screenshotSha256).toBe(shot?.sha256);
  });

  it('follows no link that mpv has put in the place of its picture', async () => {
    await rig.screen.show('a', { kind: 'nothing' });
    const picture = join(rig.folder, 'board.new.jpg');
    await rm(picture, { force: true });
    // mpv writes through it and says that all went well.
    await symlink(join(rig.folder, 'elsewhere'), picture);
    expect(await rig.screen.screenshot()).toBeNull();
  });

  it('keeps only the page that shows', async () => {
    for (const key of ['a', 'b', 'c']) await rig.screen.show(key, { kind: 'alert', text: key });
    const pages = (await readdir(rig.folder)).filter((name) => name.endsWith('.svg'));
    expect(pages).toHaveLength(1);
    expect(await readFile(join(rig.folder, pages[0] ?? ''), 'utf8')).toContain('>c</tspan>');
  });

  it('shows a page without its picture where that cannot be drawn', async () => {
    const page = { template: 'notice', title: 'a', body: 'b', imagePath: join(media, 'video.mp4') };
    expect(await rig.screen.show('a', { kind: 'page', page })).toEqual({ ok: true });
  });

  it('puts the picture into the page', async () => {
    const proofOf = async (imagePath: string | null): Promise<string | undefined> => {
      await rig.screen.show('a', {
        kind: 'page',
        page: { template: 'notice', title: 'a', body: 'b', imagePath },
      });
      return (await rig.screen.screenshot())?.sha256;
    };
    expect(await proofOf(join(media, 'picture.png'))).not.toBe(await proofOf(null));
  });

  it('says that a picture is missing', async () => {
    const tracks = [track('nope.png', null)] as const;
    const view = { kind: 'media', tracks, startIndex: 0, offsetMs: 0, passes: 1 } as const;
    expect(await rig.screen.show('a', view)).toMatchObject({ failure: { code: 'file-missing' } });
  });
});

describe('the board on a display', () => {
  let display: ChildProcess;
  let name: string;
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'display-'));
    display = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1280x720x24', '-nolisten', 'tcp'], {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    });
    name = await new Promise((resolve, reject) => {
      display.once('error', reject);
      display.stdio[3]?.once('data', (said: Buffer) => {
        resolve(`:${said.toString().trim()}`);
      });
    });
  });
  afterAll(async () => {
    display.kill();
    await rm(folder, { recursive: true });
  });

  it('has the running text in its picture', async () => {
    const screen = new MpvScreen({ runtimeFolder: folder, vo: 'gpu', place, env: { DISPLAY: name } });
    await screen.open();
    await screen.show('a', { kind: 'nothing' });
    await sleep(1_500);
    const without = await screen.screenshot();
    await screen.ticker('Kính mời bà con');
    await sleep(1_500);
    expect((await screen.screenshot())?.sha256).not.toBe(without?.sha256);
    await screen.ticker(null);
    await sleep(500);
    expect((await screen.screenshot())?.sha256).toBe(without?.sha256);
    await screen.close();
  });
});
