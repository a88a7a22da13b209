/** What goes into `resolve` and what comes out: the box, the orders, the intent of one instant and the reasons for it. */
import type { Fmplan } from '../protocol/schema/documents.ts';
import type { Item, Source } from '../protocol/schema/item.ts';
import type { Media } from '../protocol/schema/media.ts';
import type { Order } from '../protocol/schema/order.ts';

export type SourceKind = Source['kind'];
/** Each has a winner of its own at any instant; `ticker` runs over whatever `screen` shows. */
export const LAYERS = ['sound', 'screen', 'ticker'] as const;
export type Layer = (typeof LAYERS)[number];

/** All that `resolve` wants to know of a box. */
export interface BoxProfile {
  /** Of the stored device document; a box without one has no area and no items. */
  readonly area: string | null;
  readonly tags: readonly string[];
  /** Local `HH:MM` from and to; null: the hours compiled in. */
  readonly quiet: readonly [from: string, to: string] | null;
  readonly can: Abilities;
}

/** The source kinds that a box can play on each surface; an empty list: it does not have that surface. */
export interface Abilities {
  readonly sound: readonly SourceKind[];
  readonly screen: readonly SourceKind[];
}

/** What an order plays, looked up in the stored templates: the same for an order by network and one by radio. */
export interface OrderPlay {
  /** Null: the built-in tone, or words alone. */
  readonly media: Media | null;
  readonly plays: number;
  /** Of the template; null: the box's own limit. */
  readonly volume: number | null;
  readonly title: string | null;
  readonly text: string | null;
}

/**
 * An order that is active (protocol.md §4): accepted, still authorised, not superseded, not named in an `ends`.
 * `resolve` itself looks at `begunAtMs` and `exp`. A clear is never active.
 */
export interface ActiveOrder {
  readonly digest: string;
  readonly kind: Exclude<Order['kind'], 'clear'>;
  readonly iat: number;
  readonly exp: number;
  readonly repeatS: number | null;
  /** The plan item that a live order fills. */
  readonly slot: { readonly area: string; readonly item: string } | null;
  /** A template that the stored document marks as a warning. */
  readonly warning: boolean;
  readonly play: OrderPlay;
  /** When the box committed it (protocol V20). */
  readonly begunAtMs: number;
  /**
   * Repetitions that are over: 0…heard−1 were heard to their end, or were let go (see `Intent.muted`, and
   * quiet hours). An order without `repeatS` has the repetition 0 alone, with all its plays.
   */
  readonly heard: number;
  /** The repetition that sounds or shows at this moment; null if none: no other warning cuts it. */
  readonly sounding: number | null;
}

/**
 * What a technician's test tries: `speaker` all of the sound path, `sound` player and sound device with the amplifier
 * off, `relay` the amplifier's relay without sound, `tuner` the receiver (muted unless `aloud`), `screen` a test page.
 */
export type TestWork =
  | { readonly kind: 'speaker' | 'sound' | 'relay' }
  | { readonly kind: 'tuner'; readonly frequencyKhz: number; readonly aloud: boolean }
  /** `caption`: the name of the box and the time. */
  | { readonly kind: 'screen'; readonly caption: string };

/** A technician's test at the box. A receiver that is tried muted takes no layer. */
export interface LocalTest {
  readonly id: string;
  readonly work: TestWork;
  readonly layers: readonly Layer[];
  readonly begunAt: number;
  readonly endsAt: number;
  /** Also in quiet hours. */
  readonly now: boolean;
}

/** One window of one item, `window` in UTC seconds, its end exclusive. */
export interface ItemCandidate {
  readonly kind: 'item';
  readonly planId: string;
  readonly area: string;
  readonly zone: string;
  readonly epoch: number;
  readonly ver: number;
  readonly item: Item;
  readonly window: { readonly start: number; readonly end: number };
  /** The live order that fills this slot; null for every other source. */
  readonly liveOrder: ActiveOrder | null;
}

/** One repetition of an order, due since `dueAt` (UTC seconds). */
export interface OrderCandidate {
  readonly kind: 'order';
  readonly order: ActiveOrder;
  readonly repetition: number;
  readonly dueAt: number;
}

export interface LocalTestCandidate {
  readonly kind: 'local-test';
  readonly test: LocalTest;
}

/** FM of a station that the fmplan knows. `resolve` never makes it: the gate of the box does, when nothing else sounds (protocol.md §7). */
export interface FallbackCandidate {
  readonly kind: 'fallback';
  readonly fmplan: Pick<Fmplan, 'id' | 'epoch' | 'ver' | 'mode'>;
  readonly frequencyKhz: number;
  readonly pi: string;
  readonly volume: number;
  readonly zone: string;
  readonly openedAtMs: number;
}

export type Candidate = ItemCandidate | OrderCandidate | LocalTestCandidate | FallbackCandidate;

/** Why one candidate stands above another; `nothing-due` and `only-one` where there are not two. */
export type Rule =
  | 'nothing-due'
  | 'only-one'
  | 'order-strength'
  | 'between-warnings'
  | 'later-order'
  | 'order-digest'
  | 'priority'
  | 'broader-area'
  | 'earlier-start'
  | 'plan-id'
  | 'item-id'
  | 'turn-of-pages';

export interface Loser {
  readonly candidate: Candidate;
  readonly rule: Rule;
}

/** `rule` is the one that decided against the strongest loser; `until` as in `resolve`, null if nothing comes. */
export interface Verdict {
  readonly winner: Candidate | null;
  /** Strongest first. */
  readonly losers: readonly Loser[];
  readonly rule: Rule;
  /** The next instant, in UTC seconds, at which anything of this layer changes. */
  readonly until: number | null;
}

/** Quiet hours never change a winner: they say whether it may be heard. */
export interface QuietNow {
  readonly on: boolean;
  /** On, and the winner of sound is not exempt. A test or template so silenced is recorded as skipped and counts as heard. */
  readonly silences: boolean;
  /** When they begin or end next, in UTC seconds. */
  readonly until: number;
}

/** Why something in force is no candidate. All but `not-for-tags` are conditions. */
export type PassedOverBecause =
  'unknown-zone' | 'bad-rule' | 'source-not-for-surface' | 'source-not-on-this-box' | 'not-for-tags';

export interface PassedOver {
  readonly planId: string;
  /** Null: the whole plan. */
  readonly itemId: string | null;
  readonly because: PassedOverBecause;
}

/** What should sound and show at `at`, and why. */
export interface Intent {
  readonly at: number;
  readonly sound: Verdict;
  readonly screen: Verdict;
  readonly ticker: Verdict;
  readonly quiet: QuietNow;
  /**
   * Repetitions of repeating orders that are due while a halt or stop silences them. They are never made up:
   * the caller counts each as heard at once.
   */
  readonly muted: readonly OrderCandidate[];
  readonly passedOver: readonly PassedOver[];
  /** In which the box reads wall times that name no zone: that of its narrowest plan. */
  readonly zone: string;
}

/** One name for one occurrence, the same in every version of a plan: what `decide` compares. */
export function occurrenceOf(candidate: Candidate): string {
  switch (candidate.kind) {
    case 'item':
      return `${candidate.planId}/${candidate.item.id}@${candidate.window.start}${candidate.liveOrder === null ? '' : `+${candidate.liveOrder.digest}`}`;
    case 'order':
      return `order:${candidate.order.digest}#${candidate.repetition}`;
    case 'local-test':
      return `local-test:${candidate.test.id}`;
    case 'fallback':
      return `${candidate.fmplan.id}@${candidate.openedAtMs}`;
  }
}

/** As status, page and command line name a winner: `<plan id>/<item id>`, `order:<digest>`, `local-test:<id>`, the fmplan's id or null. */
export function nameOf(candidate: Candidate | null): string | null {
  if (candidate === null) return null;
  switch (candidate.kind) {
    case 'item':
      return `${candidate.planId}/${candidate.item.id}`;
    case 'order':
      return `order:${candidate.order.digest}`;
    case 'local-test':
      return `local-test:${candidate.test.id}`;
    case 'fallback':
      return candidate.fmplan.id;
  }
}

/** As people call it: the title that was signed, else the words of the order, else its kind. */
export function titleOf(candidate: Candidate): string {
  switch (candidate.kind) {
    case 'item':
      return candidate.item.title;
    case 'order':
      return candidate.order.play.title ?? candidate.order.play.text ?? candidate.order.kind;
    case 'local-test':
      return candidate.test.id;
    case 'fallback':
      return `FM ${candidate.frequencyKhz / 1000} MHz`;
  }
}
