/** How mpv is told to make sound and how its words are read: flags, load options, failures, levels. */
import { existsSync } from 'node:fs';
import type { MpvAnswer, MpvCommand, MpvEvent } from '../mpv/mpv-wire.ts';
import type { PlayerFailure, Track } from './seam.ts';
import type { Entry } from './stretch.ts';
import { isStream } from './stretch.ts';

/** mpv's meter: the highest level of a track so far, kept in the metadata of a filter that changes nothing. */
const meter = '@peak:lavfi=[astats=metadata=1:measure_perchannel=none:measure_overall=Peak_level]';

/**
 * One format for everything, so that the output stays open from track to track. Mono, since all loudspeakers of a
 * place say the same, and to stereo mpv would play a mono voice 3 dB softer.
 */
export const playerFlags = (ao: string | null, device: string | null): readonly string[] => [
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
];

/** A stream may be a list of segments: its demuxer gets the network and nothing else. */
const streamProtocols = 'protocol_whitelist=[http,https,tcp,tls,crypto]';

/** Named arguments: mpv 0.38 put a new one between flags and options. `append-play` also wakes an mpv that fell idle. */
export const loadCommand = (entry: Entry, flags: 'replace' | 'append-play'): MpvCommand => ({
  name: 'loadfile',
  url: entry.track.uri,
  flags,
  options: {
    ...(entry.fromMs > 0 ? { start: `+${(entry.fromMs / 1000).toFixed(3)}` } : {}),
    ...(isStream(entry.track) ? { 'demuxer-lavf-o': streamProtocols } : {}),
  },
});

export const entryIdOf = (answer: MpvAnswer): number | null => {
  if (!answer.ok || typeof answer.value !== 'object' || answer.value === null) return null;
  const id: unknown = 'playlist_entry_id' in answer.value ? answer.value.playlist_entry_id : null;
  return typeof id === 'number' ? id : null;
};

export const eventEntryId = (event: MpvEvent): number => {
  const id = event['playlist_entry_id'];
  return typeof id === 'number' ? id : -1;
};

/** mpv also understands `memory://`, `av://`, `-` and more: only files of the shelf and signed streams come in. */
export const isPlayable = (track: Track): boolean => track.uri.startsWith('/') || isStream(track);

/** What an `end-file` with an error means. */
export const failureOf = (track: Track, event: MpvEvent): PlayerFailure => {
  const said = event['file_error'];
  const words = typeof said === 'string' ? said : 'no reason given';
  const detail = `${track.uri}: ${words}`;
  if (words.includes('audio output')) return { code: 'no-output', detail };
  if (isStream(track)) return { code: 'stream-failed', detail };
  return { code: existsSync(track.uri) ? 'undecodable' : 'file-missing', detail };
};

export const numberOf = (answer: MpvAnswer): number | null =>
  answer.ok && typeof answer.value === 'number' ? answer.value : null;

/** `pulse/box1`, or `pulse` where mpv chose the device; null where nothing is open, or only the output without sound. */
export const outputOf = (answer: MpvAnswer, ao: string | null, device: string | null): string | null => {
  const current = answer.ok && typeof answer.value === 'string' ? answer.value : '';
  if (current === '' || (current === 'null' && ao !== 'null')) return null;
  return device?.startsWith(`${current}/`) === true ? device : current;
};

const overallPeak = 'lavfi.astats.Overall.Peak_level';

/** Whole dBFS at the output: the meter stands before mpv's volume, whose gain is the cube of its scale. */
export const peakOf = (answer: MpvAnswer, volume: number): number | null => {
  if (!answer.ok || typeof answer.value !== 'object' || answer.value === null) return null;
  const said: unknown = Object.entries(answer.value).find(([key]) => key === overallPeak)?.[1];
  const level = Number(said) + 60 * Math.log10(volume / 100);
  return Number.isFinite(level) ? Math.round(level) : null;
};
