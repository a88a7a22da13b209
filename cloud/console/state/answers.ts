/** Asks the cloud for all that the page shows, and checks each answer against the schema that the cloud made it from. */
import type { z } from 'zod';
import { consoleMessages } from '../../../shared/messages/console.ts';
import type { Text } from '../../../shared/messages/text.ts';
import { decodeUtf8, fromBase64url, parseJson } from '../../../shared/protocol/bytes.ts';
import { plan } from '../../../shared/protocol/schema/documents.ts';
import type { Plan } from '../../../shared/protocol/schema/documents.ts';
import { boxPaths, envelope, refusal } from '../../../shared/wire/carrier.ts';
import { breaksAnswer, fleetAnswer, keptRecordsAnswer } from '../../../shared/wire/fleet.ts';
import { documentsAnswer, liveOrdersAnswer, placesAnswer, staffPaths } from '../../../shared/wire/staff.ts';
import type { LiveDocument } from '../../../shared/wire/staff.ts';
import type { Whole } from './state.ts';

/** `why` null: nobody answered. */
export type Asked<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly why: Text | null };

const WAIT_MS = 15_000;
const MOST_RECORDS = 1000;

export async function ask<T>(path: string, schema: z.ZodType<T>, stop: AbortSignal): Promise<Asked<T>> {
  try {
    const signal = AbortSignal.any([stop, AbortSignal.timeout(WAIT_MS)]);
    const response = await fetch(path, { signal });
    return read(response.status, parseJson(await response.text()), schema);
  } catch (cause) {
    // What fetch throws is a network that failed, or a wait that ended: both say that nobody is there.
    if (cause instanceof TypeError || cause instanceof DOMException) return { ok: false, why: null };
    throw cause;
  }
}

export function read<T>(status: number, body: unknown, schema: z.ZodType<T>): Asked<T> {
  if (status !== 200) {
    const refused = refusal.safeParse(body);
    return { ok: false, why: refused.data?.text ?? consoleMessages.refused(status) };
  }
  const checked = schema.safeParse(body);
  return checked.success
    ? { ok: true, value: checked.data }
    : { ok: false, why: consoleMessages.strangeAnswer };
}

/** Plans that this page has read already: a digest names one content for ever. */
export type PlanShelf = Map<string, Plan>;

export async function askWhole(shelf: PlanShelf, stop: AbortSignal): Promise<Asked<Whole>> {
  const [fleet, places, orders, records, breaks, documents] = await Promise.all([
    ask(staffPaths.fleet, fleetAnswer, stop),
    ask(staffPaths.areas, placesAnswer, stop),
    ask(staffPaths.orders, liveOrdersAnswer, stop),
    ask(`${staffPaths.records}?limit=${MOST_RECORDS}`, keptRecordsAnswer, stop),
    ask(staffPaths.breaks, breaksAnswer, stop),
    ask(staffPaths.documents, documentsAnswer, stop),
  ]);
  if (!fleet.ok) return fleet;
  if (!places.ok) return places;
  if (!orders.ok) return orders;
  if (!records.ok) return records;
  if (!breaks.ok) return breaks;
  if (!documents.ok) return documents;
  const plans = await askPlans(documents.value, shelf, stop);
  const known = { fleet: fleet.value, places: places.value, orders: orders.value };
  return { ok: true, value: { ...known, records: records.value, breaks: breaks.value, plans } };
}

/** A plan that cannot be had or read is left out: boxes judge plans for themselves, this page only shows them. */
async function askPlans(
  documents: readonly LiveDocument[],
  shelf: PlanShelf,
  stop: AbortSignal,
): Promise<Plan[]> {
  const live = documents.filter(({ typ }) => typ === 'plan');
  const plans = await Promise.all(
    live.map(async ({ id, digest }) => {
      const known = shelf.get(digest);
      if (known !== undefined) return known;
      const came = await ask(boxPaths.doc(id), envelope, stop);
      const fresh = came.ok ? planIn(came.value.payload) : null;
      if (fresh !== null) shelf.set(digest, fresh);
      return fresh;
    }),
  );
  return plans.filter((each) => each !== null);
}

/** Null where the payload is no plan. Signatures are the boxes' business. */
export function planIn(payload: string): Plan | null {
  const bytes = fromBase64url(payload);
  const json = bytes === null ? null : decodeUtf8(bytes);
  return json === null ? null : (plan.safeParse(parseJson(json)).data ?? null);
}
