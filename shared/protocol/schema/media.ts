/** Media, named by their hash and nothing else (protocol.md §2). */
import { z } from 'zod';
import { integer, sha256 } from './primitives.ts';

const MIB = 1024 * 1024;

export const mime = z.enum([
  'audio/ogg',
  'audio/mpeg',
  'audio/wav',
  'audio/aac',
  'image/png',
  'image/jpeg',
  'image/webp',
  'video/mp4',
]);
export type Mime = z.infer<typeof mime>;

export const media = z
  .strictObject({ sha256, size: integer(1, 512 * MIB), mime, durMs: integer(0, 7_200_000) })
  .refine(({ mime: kind, size }) => kind.startsWith('video/') || size <= 64 * MIB, {
    path: ['size'],
    error: 'at most 64 MiB for sound and pictures',
  })
  .refine(({ mime: kind, durMs }) => kind.startsWith('image/') === (durMs === 0), {
    path: ['durMs'],
    error: 'a picture has no length, sound and video have one',
  });
/** `size` in bytes, `durMs` 0 for pictures. */
export type Media = z.infer<typeof media>;
