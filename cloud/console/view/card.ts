/** One box as its card shows it: what is on and why, what comes next, what is wrong and what to do about it. */
import { bySeverity, declaredOf, severityOf } from '../../../shared/health/condition.ts';
import { shown, text, type Text } from '../../../shared/messages/text.ts';
import type { Plan } from '../../../shared/protocol/schema/documents.ts';
import type { BoxView, KeptRecord, Link } from '../../../shared/wire/fleet.ts';
import type { BoxStatus, ComingUp, LayerNow } from '../../../shared/wire/status.ts';
import { toneOf } from './brief.ts';
import { boardNow } from './board.ts';
import type { BoardNow } from './board.ts';
import { factsOf } from './facts.ts';
import type { Fact } from './facts.ts';
import { placeName } from './places.ts';
import type { Places } from './places.ts';
import { expectedSound, programmeOf, spanOf } from './programme.ts';
import type { Span } from './programme.ts';
import { toneOfSeverity } from './tone.ts';
import type { Tone } from './tone.ts';
import { plainWhy } from './why.ts';

export type Kind = 'speaker' | 'board' | 'both' | 'box';

export type SoundNow = {
  /** Null: nothing is to sound. */
  readonly title: string | null;
  readonly active: boolean;
  /** Played to its end; silent until its window ends. */
  readonly over: boolean;
  readonly isOrder: boolean;
  readonly why: Text;
  /** Its window; null for orders, whose length nobody signs. */
  readonly span: Span | null;
};

export type Trouble = {
  readonly code: string;
  readonly tone: Tone;
  readonly sinceMs: number;
  readonly text: Text;
  readonly remedy: Text | null;
};

export type Card = {
  readonly dev: string;
  readonly place: Text;
  readonly area: string | null;
  readonly kind: Kind;
  readonly state: BoxView['state'];
  readonly link: Link;
  /** The box does not answer: all of this is what it said last. */
  readonly isPast: boolean;
  readonly heardAtMs: number | null;
  readonly sound: SoundNow | null;
  readonly board: BoardNow | null;
  readonly amplifierOn: boolean | null;
  /** By its plans, for a box that does not answer; null where that is not known or nothing can be expected. */
  readonly expected: { readonly title: string | null } | null;
  readonly next: readonly ComingUp[];
  readonly troubles: readonly Trouble[];
  readonly facts: readonly Fact[];
  /** Newest first. */
  readonly records: readonly KeptRecord[];
  readonly tone: Tone;
};

/** What the card's models are made from, beside the box. */
export type Around = {
  readonly plans: readonly Plan[];
  readonly places: Places;
  /** By box, newest first. */
  readonly records: ReadonlyMap<string, readonly KeptRecord[]>;
  readonly nowMs: number;
};

const NEXT = 3;

export function cardOf(box: BoxView, around: Around): Card {
  const { status, link } = box;
  const records = around.records.get(box.dev) ?? box.recent;
  const kind = kindOf(box, records);
  const isPast = link.state !== 'online';
  const facts = factsOf(box, around.places);
  const troubles = troublesOf(status?.conditions ?? []);
  return {
    ...{ dev: box.dev, area: box.area, state: box.state, kind, link, isPast, facts, troubles },
    place: placeName(around.places, box.area),
    heardAtMs: box.statusAtMs,
    sound: status === null || kind === 'board' ? null : soundNow(status.now.sound, around),
    board: status === null || kind === 'speaker' ? null : boardNow(status, around),
    amplifierOn: status?.amplifierOn ?? null,
    expected: isPast && kind !== 'board' ? expectedOf(box, around) : null,
    next: (status?.next ?? []).filter(({ atMs }) => atMs > around.nowMs).slice(0, NEXT),
    records,
    tone: toneOf(box),
  };
}

/** Its programmes tell it; an order claims both surfaces of every box and tells nothing. */
function kindOf({ tags, status }: BoxView, records: readonly KeptRecord[]): Kind {
  const did = new Set(
    records.flatMap(({ record }) => (record.subject.kind === 'item' ? record.surface : [])),
  );
  const shows = [status?.now.screen.winner, status?.now.ticker.winner].some((each) =>
    each?.startsWith('plan:'),
  );
  const isSpeaker = status?.amplifierOn != null || did.has('sound') || tags.includes('loa');
  const isBoard = shows || did.has('screen') || did.has('ticker') || tags.includes('bang');
  if (isSpeaker && isBoard) return 'both';
  if (isSpeaker) return 'speaker';
  return isBoard ? 'board' : 'box';
}

function soundNow({ winner, title, active, over, why }: LayerNow, { plans, nowMs }: Around): SoundNow {
  const programme = programmeOf(plans, winner);
  return {
    title: winner === null ? null : (title ?? winner),
    isOrder: winner?.startsWith('order:') ?? false,
    span: programme === null ? null : spanOf(programme, nowMs),
    why: plainWhy(why, title),
    active,
    over,
  };
}

function expectedOf(box: BoxView, { plans, nowMs }: Around): Card['expected'] {
  const verdict = expectedSound(plans, box, nowMs);
  if (verdict === null) return null;
  return { title: verdict.winner?.kind === 'item' ? verdict.winner.item.title : null };
}

function troublesOf(conditions: BoxStatus['conditions']): readonly Trouble[] {
  return bySeverity(conditions).map(({ code, sinceMs }) => {
    const declared = declaredOf(code);
    const unknown = text(shown(code), shown(code));
    const tone = toneOfSeverity[severityOf(code)];
    return { code, tone, sinceMs, text: declared?.text ?? unknown, remedy: declared?.remedy ?? null };
  });
}
