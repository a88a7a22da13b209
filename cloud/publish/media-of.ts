/** Which recordings and pictures a document names. */
import type { Item } from '../../shared/protocol/schema/item.ts';
import type { Media } from '../../shared/protocol/schema/media.ts';
import type { SignedDocument } from '../../shared/protocol/schema/documents.ts';

export function mediaOf(document: SignedDocument): readonly Media[] {
  switch (document.typ) {
    case 'plan':
      return document.items.flatMap(ofItem);
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

function ofItem({ source }: Item): readonly Media[] {
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
