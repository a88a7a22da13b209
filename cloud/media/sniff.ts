/** Says from the first bytes what a recording or picture is: the name that someone gave it proves nothing (protocol.md §9). */
import type { Mime } from '../../shared/protocol/schema/media.ts';

type Magic = { readonly mime: Mime; readonly matches: (head: Buffer) => boolean };

const at = (head: Buffer, offset: number, text: string): boolean =>
  head.toString('latin1', offset, offset + text.length) === text;

// MPEG audio frames begin with eleven ones; the layer bits tell MP3 (01) from ADTS AAC (00).
const isFrame = (head: Buffer, layer: number): boolean => {
  const [first = 0, second = 0] = head;
  return first === 0xff && (second & 0xe0) === 0xe0 && ((second >> 1) & 0b11) === layer;
};

const magics: readonly Magic[] = [
  { mime: 'audio/ogg', matches: (head) => at(head, 0, 'OggS') },
  { mime: 'audio/wav', matches: (head) => at(head, 0, 'RIFF') && at(head, 8, 'WAVE') },
  { mime: 'image/webp', matches: (head) => at(head, 0, 'RIFF') && at(head, 8, 'WEBP') },
  { mime: 'image/png', matches: (head) => at(head, 0, '\x89PNG\r\n\x1a\n') },
  { mime: 'image/jpeg', matches: (head) => at(head, 0, '\xff\xd8\xff') },
  { mime: 'video/mp4', matches: (head) => at(head, 4, 'ftyp') },
  { mime: 'audio/mpeg', matches: (head) => at(head, 0, 'ID3') || isFrame(head, 0b01) },
  { mime: 'audio/aac', matches: (head) => isFrame(head, 0b00) },
];

/** How many bytes `sniff` wants to see. */
export const SNIFF_BYTES = 16;

/** Null for anything that no plan may name. */
export const sniff = (head: Buffer): Mime | null => magics.find((each) => each.matches(head))?.mime ?? null;
