/** How mpv is told to show pictures, and how its output and its frames are read: the screen's half of the deck. */
import type { Surface } from '../mpv/mpv-deck.ts';
import { msOf } from '../mpv/mpv-load.ts';
import type { MpvAnswer } from '../mpv/mpv-wire.ts';

const flagsFor = (vo: string, more: readonly string[]): readonly string[] => [
  '--audio=no',
  `--vo=${vo}`,
  '--force-window=yes',
  '--fullscreen=yes',
  '--cursor-autohide=always',
  '--image-display-duration=inf',
  '--screenshot-jpeg-quality=85',
  // A board on a machine without a graphics processor draws slowly, but it draws.
  ...(vo.startsWith('gpu') ? ['--gpu-sw=yes'] : []),
  ...more,
];

const outputOf = (answer: MpvAnswer, vo: string): string | null => {
  const current = answer.ok && typeof answer.value === 'string' ? answer.value : '';
  return current === '' || (current === 'null' && vo !== 'null') ? null : current;
};

/** A page of ours: mpv finds no SVG by itself. */
export const isPage = (uri: string): boolean => uri.endsWith('.svg');

export const viewSurface = (vo: string, more: readonly string[]): Surface => ({
  flags: flagsFor(vo, more),
  outputProperty: 'current-vo',
  properties: ['time-pos', 'duration'],
  readEveryMs: 500,
  outputOf: (answer) => outputOf(answer, vo),
  line: null,
  optionsFor: ({ track: { uri, durationMs } }) => ({
    // For a video this says nothing; a picture is shown so long.
    'image-display-duration': durationMs === null ? 'inf' : (durationMs / 1000).toFixed(3),
    ...(isPage(uri) ? { 'demuxer-lavf-format': 'svg_pipe' } : {}),
  }),
  read: ([position, duration], { sinceLoadedMs }) => {
    const positionMs = position === undefined ? null : msOf(position);
    // A picture has no frames to move: mpv gives it no duration, and it counts while it stands in the output.
    const still = duration !== undefined && msOf(duration) === 0 && positionMs === 0;
    return { positionMs: still ? sinceLoadedMs : positionMs, peakDbfs: null };
  },
});
