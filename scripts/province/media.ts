/** Makes what the demo plays and shows: Vietnamese speech with a chime before it, a siren, and posters. Made once, kept in a cache folder. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { access, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Media } from '../../shared/protocol/schema/media.ts';

const run = promisify(execFile);

export type MadeMedia = { readonly media: Media; readonly path: string };

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

async function made(path: string, make: (temporary: string) => Promise<void>): Promise<string> {
  if (await exists(path)) return path;
  const temporary = join(path, '..', `making-${path.split('/').at(-1) ?? ''}`);
  await make(temporary);
  await rename(temporary, path);
  return path;
}

async function describe(path: string, mime: Media['mime']): Promise<MadeMedia> {
  const bytes = await readFile(path);
  const sha256 = createHash('sha256').update(bytes).digest('base64url');
  const durMs = mime.startsWith('image/') ? 0 : await durationMs(path);
  return { path, media: { sha256, size: bytes.length, mime, durMs } };
}

async function durationMs(path: string): Promise<number> {
  const { stdout } = await run('ffprobe', [
    '-v',
    'error',
    '-show_entries',
    'format=duration',
    '-of',
    'csv=p=0',
    path,
  ]);
  return Math.round(Number(stdout) * 1000);
}

/** A chime at this pitch, then the words, then the words again until `lengthS` is full: never a silence of a second. */
export async function speech(
  folder: string,
  wanted: {
    readonly name: string;
    readonly words: string;
    readonly chimeHz: number;
    readonly lengthS: number;
  },
): Promise<MadeMedia> {
  const { name, words, chimeHz, lengthS } = wanted;
  const id = createHash('sha256').update(JSON.stringify(wanted)).digest('hex').slice(0, 12);
  await mkdir(folder, { recursive: true });
  const path = await made(join(folder, `${name}-${id}.ogg`), async (temporary) => {
    const spoken = `${temporary}.wav`;
    await run('espeak-ng', ['-v', 'vi', '-s', '165', '-a', '170', '-w', spoken, words]);
    const chime = `aevalsrc='0.45*sin(2*PI*${chimeHz}*t)*min(1,min(100*t,100*(0.5-t)))':d=0.5:s=48000`;
    const filter =
      `[0:a]anull[c];[1:a]silenceremove=start_periods=1:start_threshold=-45dB:stop_periods=-1:stop_duration=0.3:stop_threshold=-45dB,` +
      `aresample=48000,aloop=loop=-1:size=20000000[w];[c][w]concat=n=2:v=0:a=1,atrim=0:${lengthS},afade=t=out:st=${lengthS - 0.05}:d=0.05[out]`;
    await run('ffmpeg', [
      ...['-v', 'error', '-y', '-f', 'lavfi', '-i', chime, '-i', spoken],
      ...[
        '-filter_complex',
        filter,
        '-map',
        '[out]',
        '-ac',
        '1',
        '-c:a',
        'libvorbis',
        '-q:a',
        '4',
        '-f',
        'ogg',
        temporary,
      ],
    ]);
    await rm(spoken);
  });
  return await describe(path, 'audio/ogg');
}

/** A siren that nobody takes for a programme: it rises and falls twice in `lengthS`. */
export async function siren(folder: string, lengthS: number): Promise<MadeMedia> {
  await mkdir(folder, { recursive: true });
  const path = await made(join(folder, `siren-${lengthS}.ogg`), async (temporary) => {
    const wave = `aevalsrc='0.6*sin(2*PI*(700*t-${(lengthS * 150) / (4 * Math.PI)}*cos(4*PI*t/${lengthS})))':d=${lengthS}:s=48000`;
    await run('ffmpeg', [
      '-v',
      'error',
      '-y',
      '-f',
      'lavfi',
      '-i',
      wave,
      '-c:a',
      'libvorbis',
      '-q:a',
      '4',
      '-f',
      'ogg',
      temporary,
    ]);
  });
  return await describe(path, 'audio/ogg');
}

/** A poster, drawn as SVG and made a PNG by ffmpeg's SVG decoder. */
export async function poster(
  folder: string,
  wanted: { readonly name: string; readonly lines: readonly [string, string]; readonly colour: string },
): Promise<MadeMedia> {
  const { name, lines, colour } = wanted;
  const id = createHash('sha256').update(JSON.stringify(wanted)).digest('hex').slice(0, 12);
  await mkdir(folder, { recursive: true });
  const path = await made(join(folder, `${name}-${id}.png`), async (temporary) => {
    const svg = `${temporary}.svg`;
    await writeFile(svg, posterSvg(lines, colour));
    await run('ffmpeg', [
      '-v',
      'error',
      '-y',
      '-i',
      svg,
      '-frames:v',
      '1',
      '-f',
      'image2',
      '-c:v',
      'png',
      temporary,
    ]);
    await rm(svg);
  });
  return await describe(path, 'image/png');
}

const posterSvg = (
  [big, small]: readonly [string, string],
  colour: string,
): string => `<svg xmlns="http://www.w3.org/2000/svg" width="1920" height="1080" viewBox="0 0 1920 1080">
  <defs><linearGradient id="sky" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="${colour}"/><stop offset="1" stop-color="#0b1d2c"/></linearGradient></defs>
  <rect width="1920" height="1080" fill="url(#sky)"/>
  <circle cx="1500" cy="300" r="170" fill="#ffd166"/>
  <path d="M0 760 Q240 690 480 760 T960 760 T1440 760 T1920 760 V1080 H0 Z" fill="#ffffff" opacity="0.14"/>
  <path d="M0 840 Q240 770 480 840 T960 840 T1440 840 T1920 840 V1080 H0 Z" fill="#ffffff" opacity="0.14"/>
  <text x="120" y="520" font-family="Noto Sans, DejaVu Sans" font-weight="700" font-size="120" fill="#ffffff">${big}</text>
  <text x="120" y="640" font-family="Noto Sans, DejaVu Sans" font-size="64" fill="#ffffff">${small}</text>
</svg>
`;
