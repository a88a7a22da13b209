/** Which recordings and pictures a document names: what a cloud must have before it publishes, and a box before it plays. */
import type { SignedDocument } from './schema/documents.ts';
import type { Item } from './schema/item.ts';
import type { Media } from './schema/media.ts';

export function mediaOf(document: SignedDocument): readonly Media[] {
  switch (document.typ) {
    case 'plan':
      return document.items.flatMap(mediaOfItem);
    case 'templates':
      return document.items.map(({ media }) => media);
    case 'order':
      return document.play !== null && 'sha256' in document.play ? [document.play] : [];
    case 'trust':
    case 'keyring':
    case 'fmplan':
    case 'device':
    case 'head':
    case 'release':
      return [];
  }
}

export function mediaOfItem({ source }: Item): readonly Media[] {
  switch (source.kind) {
    case 'media':
      return source.play;
    case 'stream':
      return source.orElse?.play ?? [];
    case 'page':
      return source.image === null ? [] : [source.image];
    case 'tuner':
    case 'live':
    case 'ticker':
      return [];
  }
}
