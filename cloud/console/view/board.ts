/** What a board shows, as far as the box names it and the signed plans tell it: enough to draw it small. */
import type { Text } from '../../../shared/messages/text.ts';
import type { Plan } from '../../../shared/protocol/schema/documents.ts';
import type { Media } from '../../../shared/protocol/schema/media.ts';
import { boxPaths } from '../../../shared/wire/carrier.ts';
import type { BoxStatus } from '../../../shared/wire/status.ts';
import { programmeOf } from './programme.ts';
import { plainWhy } from './why.ts';

export type BoardNow = {
  readonly look: 'nothing' | 'page' | 'alert';
  readonly title: string;
  readonly body: string;
  /** Path of the picture at the cloud. */
  readonly picture: string | null;
  readonly ticker: string | null;
  /** Is seen in truth, as the device says. */
  readonly active: boolean;
  readonly why: Text;
};

export function boardNow({ now }: BoxStatus, { plans }: { readonly plans: readonly Plan[] }): BoardNow {
  const { winner, active, why } = now.screen;
  const shown = { ...contentOf(plans, winner, now.screen.title), ticker: tickerOf(plans, now.ticker) };
  return { ...shown, active: winner === null || active, why: plainWhy(why, now.screen.title) };
}

const BLANK = { look: 'nothing', title: '', body: '', picture: null } as const;

function contentOf(plans: readonly Plan[], winner: string | null, title: string | null) {
  if (winner === null) return BLANK;
  const look = winner.startsWith('order:') ? 'alert' : 'page';
  const source = programmeOf(plans, winner)?.item.source;
  if (source?.kind === 'page')
    return { look, title: source.title, body: source.body, picture: pictureOf(source.image) } as const;
  const picture = source?.kind === 'media' ? pictureOf(source.play[0] ?? null) : null;
  return { look, title: title ?? winner, body: '', picture } as const;
}

const pictureOf = (media: Media | null): string | null =>
  media?.mime.startsWith('image/') === true ? boxPaths.media(media.sha256) : null;

/** An order claims the ticker too, and has its words on the whole board. */
function tickerOf(plans: readonly Plan[], { winner, title }: BoxStatus['now']['ticker']): string | null {
  if (winner?.startsWith('order:') === true) return null;
  const source = programmeOf(plans, winner)?.item.source;
  return source?.kind === 'ticker' ? source.text : title;
}
