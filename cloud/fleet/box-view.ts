/** One box as people see it: what the province wants of it against what it says of itself. Pure. */
import type { Device } from '../../shared/protocol/schema/documents.ts';
import type { BoxView, KeptRecord, Link } from '../../shared/wire/fleet.ts';
import type { BoxStatus } from '../../shared/wire/status.ts';

export type Versions = BoxView['wanted'];

/** What is known of a box from its own words. Telemetry, not proof. */
export type Heard = {
  readonly link: Link;
  readonly status: BoxStatus | null;
  readonly statusAtMs: number | null;
  /** Of its last status or upload, whichever came later; null before both. */
  readonly held: Versions | null;
  /** Newest first. */
  readonly recent: readonly KeptRecord[];
  readonly breaks: number;
};

export const UNHEARD: Heard = {
  link: { state: 'never', lastSeenAtMs: null, sinceMs: null },
  status: null,
  statusAtMs: null,
  held: null,
  recent: [],
  breaks: 0,
};

export const boxViewOf = (dev: string, device: Device | null, heard: Heard, wanted: Versions): BoxView => ({
  dev,
  area: device?.area ?? null,
  tags: device?.tags ?? [],
  state: device?.state ?? 'unknown',
  link: heard.link,
  status: heard.status,
  statusAtMs: heard.statusAtMs,
  wanted,
  behind: behindOf(wanted, heard.held ?? {}),
  recent: [...heard.recent],
  breaks: heard.breaks,
});

/** Ids of which the box has reported nothing, or something older. */
function behindOf(wanted: Versions, held: Versions): string[] {
  return Object.entries(wanted)
    .filter(([id, { epoch, ver }]) => {
      const mine = held[id];
      return mine === undefined || mine.epoch < epoch || (mine.epoch === epoch && mine.ver < ver);
    })
    .map(([id]) => id);
}
