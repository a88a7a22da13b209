/** What the page knows and how each piece of news changes it. Pure: the feed brings the news, the views read the state. */
import type { Plan } from '../../../shared/protocol/schema/documents.ts';
import type { Text } from '../../../shared/messages/text.ts';
import type { BoxView, ChainBreak, FleetAnswer, FleetEvent, KeptRecord } from '../../../shared/wire/fleet.ts';
import type { LiveOrder, Place } from '../../../shared/wire/staff.ts';
import { withNewest } from './records.ts';
import { onlyOf, recentOf, withRecords } from './told.ts';
import type { ToldOrders } from './told.ts';

/** The page's line to the cloud. What is known stays while it is lost; `why` where the cloud or the page can say it. */
export type Line =
  | { readonly kind: 'opening' }
  | { readonly kind: 'live' }
  | { readonly kind: 'lost'; readonly sinceMs: number; readonly why: Text | null };

export type ConsoleState = {
  readonly line: Line;
  /** Null before the first answer. */
  readonly prov: string | null;
  /** Cloud's clock less this machine's: what people see is the cloud's time. */
  readonly skewMs: number;
  readonly boxes: ReadonlyMap<string, BoxView>;
  readonly places: ReadonlyMap<string, Text>;
  readonly orders: readonly LiveOrder[];
  readonly told: ToldOrders;
  /** Newest first. */
  readonly records: readonly KeptRecord[];
  readonly breaks: readonly ChainBreak[];
  readonly plans: readonly Plan[];
};

/** Everything at once: at the start, after each loss, and after each publication. */
export type Whole = {
  readonly fleet: FleetAnswer;
  readonly places: readonly Place[];
  readonly orders: readonly LiveOrder[];
  /** As far back as one answer goes. */
  readonly records: readonly KeptRecord[];
  readonly breaks: readonly ChainBreak[];
  readonly plans: readonly Plan[];
};

/** Instants are this machine's own, in milliseconds. */
export type News =
  | { readonly kind: 'whole'; readonly whole: Whole; readonly atMs: number }
  | { readonly kind: 'event'; readonly event: FleetEvent }
  | { readonly kind: 'lost'; readonly atMs: number; readonly why: Text | null };

export const FIRST: ConsoleState = {
  line: { kind: 'opening' },
  prov: null,
  skewMs: 0,
  boxes: new Map(),
  places: new Map(),
  orders: [],
  told: new Map(),
  records: [],
  breaks: [],
  plans: [],
};

export function heard(state: ConsoleState, news: News): ConsoleState {
  switch (news.kind) {
    case 'whole':
      return withWhole(state, news.whole, news.atMs);
    case 'event':
      return withEvent(state, news.event);
    case 'lost':
      return { ...state, line: lostLine(state.line, news) };
  }
}

/** The first loss names the time; what is found out later may name the reason. */
function lostLine(line: Line, { atMs, why }: { atMs: number; why: Text | null }): Line {
  return line.kind === 'lost' ? { ...line, why: why ?? line.why } : { kind: 'lost', sinceMs: atMs, why };
}

function withWhole(state: ConsoleState, whole: Whole, atMs: number): ConsoleState {
  const { fleet, places, orders, records, breaks, plans } = whole;
  const all = [...records, ...recentOf(fleet.boxes)];
  return {
    line: { kind: 'live' },
    prov: fleet.prov,
    skewMs: fleet.nowMs - atMs,
    // An event may have overtaken the answer that was under way.
    boxes: new Map(fleet.boxes.map((box) => [box.dev, newer(state.boxes.get(box.dev), box)])),
    places: new Map(places.map(({ area, name }) => [area, name])),
    orders,
    told: onlyOf(withRecords(state.told, all), orders),
    records: withNewest(state.records, all),
    breaks,
    plans,
  };
}

function withEvent(state: ConsoleState, event: FleetEvent): ConsoleState {
  switch (event.kind) {
    case 'box':
      return { ...state, boxes: new Map(state.boxes).set(event.box.dev, event.box) };
    case 'break':
      return { ...state, breaks: [event.found, ...state.breaks] };
    case 'order':
      return { ...state, orders: [event.order, ...without(state.orders, event.order)] };
    case 'record':
      return withRecord(state, event.kept);
    case 'published':
    case 'draft':
      // After a publication the feed asks for everything; drafts are not on this page.
      return state;
  }
}

const withRecord = (state: ConsoleState, kept: KeptRecord): ConsoleState => ({
  ...state,
  told: withRecords(state.told, [kept]),
  records: withNewest(state.records, [kept]),
});

const without = (orders: readonly LiveOrder[], { digest }: LiveOrder): readonly LiveOrder[] =>
  orders.filter((order) => order.digest !== digest);

/** Of two views of one box, the one that the cloud made later, as far as they tell. */
function newer(held: BoxView | undefined, came: BoxView): BoxView {
  return held !== undefined && madeAtMs(held) > madeAtMs(came) ? held : came;
}

const madeAtMs = ({ link }: BoxView): number => Math.max(link.lastSeenAtMs ?? 0, link.sinceMs ?? 0);
