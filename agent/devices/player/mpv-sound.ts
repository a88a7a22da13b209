/** How mpv is told to make sound, and how its output and its meter are read. */
import type { LineIn } from '../mpv/line-in.ts';
import type { Surface } from '../mpv/mpv-deck.ts';
import { msOf } from '../mpv/mpv-load.ts';
import type { MpvAnswer } from '../mpv/mpv-wire.ts';

/** mpv's meter: the highest level of a track so far, kept in the metadata of a filter that changes nothing. */
const meter = '@peak:lavfi=[astats=metadata=1:measure_perchannel=none:measure_overall=Peak_level]';

/**
 * One format for everything, so that the output stays open from track to track. Mono, since all loudspeakers of a
 * place say the same, and to stereo mpv would play a mono voice 3 dB softer.
 */
const playerFlags = (
  ao: string | null,
  device: string | null,
  more: readonly string[],
): readonly string[] => [
  '--video=no',
  '--audio-display=no',
  '--gapless-audio=yes',
  '--prefetch-playlist=yes',
  '--audio-samplerate=48000',
  '--audio-channels=mono',
  '--audio-normalize-downmix=yes',
  '--audio-format=s16',
  '--audio-client-name=loa',
  '--volume-max=100',
  `--af=${meter}`,
  ...(ao === null ? [] : [`--ao=${ao}`]),
  ...(device === null ? [] : [`--audio-device=${device}`]),
  ...more,
];

export type SoundWiring = {
  readonly ao: string | null;
  readonly device: string | null;
  readonly line: LineIn | null;
  readonly flags: readonly string[];
};

/** The sound surface: the audio clock, which knows the delay of the output, is what was heard. */
export const soundSurface = ({ ao, device, line, flags }: SoundWiring): Surface => ({
  flags: playerFlags(ao, device, flags),
  line,
  outputProperty: 'current-ao',
  properties: ['audio-pts', 'af-metadata/peak'],
  readEveryMs: 250,
  outputOf: (answer) => outputOf(answer, ao, device),
  optionsFor: () => ({}),
  read: ([position, peak], { volume }) => ({
    positionMs: position === undefined ? null : msOf(position),
    peakDbfs: peak === undefined ? null : peakOf(peak, volume),
  }),
});

/** `pulse/box1`, or `pulse` where mpv chose the device; null where nothing is open, or only the output without sound. */
const outputOf = (answer: MpvAnswer, ao: string | null, device: string | null): string | null => {
  const current = answer.ok && typeof answer.value === 'string' ? answer.value : '';
  if (current === '' || (current === 'null' && ao !== 'null')) return null;
  return device?.startsWith(`${current}/`) === true ? device : current;
};

const overallPeak = 'lavfi.astats.Overall.Peak_level';

/** Said of digital silence, of which the meter says minus infinity: lower than any sound of 16 bits. */
const silenceDbfs = -120;

/** Whole dBFS at the output: the meter stands before mpv's volume, whose gain is the cube of its scale. */
export const peakOf = (answer: MpvAnswer, volume: number): number | null => {
  if (!answer.ok || typeof answer.value !== 'object' || answer.value === null) return null;
  const said: unknown = Object.entries(answer.value).find(([key]) => key === overallPeak)?.[1];
  if (said === '-inf') return silenceDbfs;
  const level = Number(said) + 60 * Math.log10(volume / 100);
  return Number.isFinite(level) ? Math.round(level) : null;
};
