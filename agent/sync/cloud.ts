/** The seam `Cloud`: what a box asks of whoever carries documents, orders, media and records for it. Nothing that comes back is believed. */
import type { Media } from '../../shared/protocol/schema/media.ts';
import type { Receiving } from '../store/store.ts';

export type Got =
  | { readonly kind: 'got'; readonly bytes: Uint8Array }
  /** It has none of that name. */
  | { readonly kind: 'absent' }
  /** It has what we hold. */
  | { readonly kind: 'unchanged' }
  | NotGot;

export type NotGot =
  /** It asked us to come back later. */
  | { readonly kind: 'later'; readonly afterMs: number }
  /** It answered, but no. */
  | { readonly kind: 'refused'; readonly status: number; readonly why: string }
  /** No usable answer. */
  | { readonly kind: 'failed'; readonly why: string };

export type MediaGot =
  /** All of it is written; what it is worth, its hash will tell. */
  { readonly kind: 'complete' } | { readonly kind: 'absent' } | NotGot;

export interface Cloud {
  trust(n: number): Promise<Got>;
  /** `held`: digest of the version that need not be sent again. */
  doc(id: string, held: string | null): Promise<Got>;
  orders(area: string): Promise<Got>;
  head(nonce: string, ids: readonly string[]): Promise<Got>;
  /** Writes what follows `into.offset`; ends early, with `failed`, once `signal` is aborted. */
  media(media: Media, into: Pick<Receiving, 'offset' | 'write'>, signal: AbortSignal): Promise<MediaGot>;
  records(envelope: Uint8Array): Promise<Got>;
  close(): void;
}
