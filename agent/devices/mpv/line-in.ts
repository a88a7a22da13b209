/** The line input as mpv opens it: the one that is configured, and no other (docs/decisions/0014-line-in.md). */

/** By the name that `arecord -L` prints, or by that of a PulseAudio source (`pactl list short sources`). */
export type LineIn = { readonly alsa: string } | { readonly pulse: string };

export const urlOf = (line: LineIn): string =>
  'alsa' in line ? `av://alsa:${line.alsa}` : `av://pulse:${line.pulse}`;

/** 20 ms of 48 kHz stereo at 16 bits: left to itself, a PulseAudio server hands over up to two seconds at a time. */
const fragmentBytes = 3840;

/** Nothing is kept back: what waits in a buffer is delay for as long as the station is relayed. */
export const lineOptions = (line: LineIn): Readonly<Record<string, string>> => ({
  cache: 'no',
  'demuxer-readahead-secs': '0',
  'demuxer-lavf-o': `protocol_whitelist=none${'pulse' in line ? `,fragment_size=${fragmentBytes}` : ''}`,
});
