/** Whether bytes are what a document calls them: a playlist named `.mp3` must never reach the player (U05, protocol §9). */
import type { Mime } from '../../shared/protocol/schema/media.ts';

/** How many bytes of the beginning `mimeMatches` wants. */
export const HEAD_BYTES = 16;

export function mimeMatches(mime: Mime, head: Uint8Array): boolean {
  switch (mime) {
    case 'audio/ogg':
      return has(head, 0, 'OggS');
    case 'audio/mpeg':
      return has(head, 0, 'ID3') || isMpegFrame(head);
    case 'audio/wav':
      return has(head, 0, 'RIFF') && has(head, 8, 'WAVE');
    case 'audio/aac':
      return isAdtsFrame(head);
    case 'image/png':
      return has(head, 0, '\x89PNG\r\n\x1a\n');
    case 'image/jpeg':
      return has(head, 0, '\xff\xd8\xff');
    case 'image/webp':
      return has(head, 0, 'RIFF') && has(head, 8, 'WEBP');
    case 'video/mp4':
      return has(head, 4, 'ftyp');
  }
}

/** `bytes` one character a byte. */
const has = (head: Uint8Array, offset: number, bytes: string): boolean =>
  Array.from(bytes).every((char, index) => head[offset + index] === char.charCodeAt(0));

/** Sync word, then no reserved version, layer, bit rate or sampling rate. */
function isMpegFrame([sync = 0, kind = 0, rates = 0]: Uint8Array): boolean {
  const version = (kind >> 3) & 3;
  const layer = (kind >> 1) & 3;
  return (
    sync === 0xff &&
    kind >= 0xe0 &&
    version !== 1 &&
    layer !== 0 &&
    rates >> 4 !== 15 &&
    ((rates >> 2) & 3) !== 3
  );
}

/** The same sync word, with the layer that MPEG audio never has. */
const isAdtsFrame = ([sync = 0, kind = 0]: Uint8Array): boolean => sync === 0xff && (kind & 0xf6) === 0xf0;
