/** What the routes speak to, put together by app.ts. */
import type { CloudDatabase } from '../database.ts';
import type { EventStream } from '../fleet/event-stream.ts';
import type { Fleet } from '../fleet/fleet.ts';
import type { HeadKey } from '../head/key.ts';
import type { Ingest } from '../ingest/ingest.ts';
import type { Shelf } from '../media/shelf.ts';
import type { Drafts } from '../publish/drafts.ts';
import type { Publisher } from '../publish/publisher.ts';
import type { Place } from '../../shared/wire/staff.ts';

export type Parts = {
  readonly prov: string;
  readonly database: CloudDatabase;
  readonly publisher: Publisher;
  readonly drafts: Drafts;
  readonly headKey: HeadKey;
  readonly shelf: Shelf;
  readonly ingest: Ingest;
  readonly fleet: Fleet;
  readonly events: EventStream;
  readonly places: readonly Place[];
  readonly consoleFolder: string | null;
  readonly staffToken: string;
  /** UTC milliseconds. */
  readonly now: () => number;
};
