/** How mpv is told what to load, and how its words about it are read. */
import { existsSync } from 'node:fs';
import type { PlayerFailure, Track } from '../player/seam.ts';
import { lineOptions, urlOf } from './line-in.ts';
import type { LineIn } from './line-in.ts';
import type { MpvAnswer, MpvCommand, MpvEvent } from './mpv-wire.ts';
import type { Entry } from './rendition.ts';
import { isLine, isStream } from './rendition.ts';

/** A stream may be a list of segments: its demuxer gets the network and nothing else. */
const streamProtocols = 'protocol_whitelist=[http,https,tcp,tls,crypto]';

/** Named arguments: mpv 0.38 put a new one between flags and options. `append-play` also wakes an mpv that fell idle. */
export const loadCommand = (
  entry: Entry,
  flags: 'replace' | 'append-play',
  { more, line }: { readonly more: Readonly<Record<string, string>>; readonly line: LineIn | null },
): MpvCommand => {
  const { track, fromMs } = entry;
  if (isLine(track) && line !== null)
    return { name: 'loadfile', url: urlOf(line), flags, options: lineOptions(line) };
  const start = fromMs > 0 ? { start: `+${(fromMs / 1000).toFixed(3)}` } : {};
  const network = isStream(track) ? { 'demuxer-lavf-o': streamProtocols } : {};
  return { name: 'loadfile', url: track.uri, flags, options: { ...start, ...more, ...network } };
};

export const entryIdOf = (answer: MpvAnswer): number | null => {
  if (!answer.ok || typeof answer.value !== 'object' || answer.value === null) return null;
  const id: unknown = 'playlist_entry_id' in answer.value ? answer.value.playlist_entry_id : null;
  return typeof id === 'number' ? id : null;
};

export const eventEntryId = (event: MpvEvent): number => {
  const id = event['playlist_entry_id'];
  return typeof id === 'number' ? id : -1;
};

/** mpv also understands `memory://`, `av://`, `-` and more: only files of the shelf, signed streams and its own line come in. */
export const isPlayable = (track: Track, line: LineIn | null): boolean =>
  isLine(track) ? line !== null : track.uri.startsWith('/') || isStream(track);

/** What it is that failed where a track does not come, or comes no more. */
export const lossOf = (track: Track): 'no-input' | 'stream-failed' | null => {
  if (isLine(track)) return 'no-input';
  return isStream(track) ? 'stream-failed' : null;
};

/** What an `end-file` with an error means. */
export const failureOf = (track: Track, event: MpvEvent): PlayerFailure => {
  const said = event['file_error'];
  const words = typeof said === 'string' ? said : 'no reason given';
  const detail = `${track.uri}: ${words}`;
  if (/(audio|video) output/.test(words)) return { code: 'no-output', detail };
  const loss = lossOf(track);
  if (loss !== null) return { code: loss, detail };
  return { code: existsSync(track.uri) ? 'undecodable' : 'file-missing', detail };
};

/** Seconds of mpv as milliseconds; null where there is no such property just now. */
export const msOf = (answer: MpvAnswer): number | null =>
  answer.ok && typeof answer.value === 'number' ? answer.value * 1000 : null;
