/** Judges an answer to a request for media (from the beginning or from where we stopped) before a byte of it is written. */
import type { Receiving } from '../store/store.ts';
import type { Intake, Reply } from './http.ts';

export type MediaIntake = {
  take(reply: Reply): Intake;
  /** Bytes still to come. */
  missing(): number;
};

/** `sizeBytes` is what the signed document says: the server has no say in it. */
export function mediaIntake(sizeBytes: number, into: Pick<Receiving, 'offset' | 'write'>): MediaIntake {
  let missing = sizeBytes - into.offset;
  let skip = 0;

  const write = async (chunk: Uint8Array): Promise<void> => {
    const fresh = chunk.subarray(Math.min(skip, chunk.length));
    skip -= chunk.length - fresh.length;
    missing -= fresh.length;
    if (fresh.length > 0) await into.write(fresh);
  };

  const take = (reply: Reply): Intake => {
    if (reply.status === 206) {
      const wrong = wrongRange(reply.header('content-range'), into.offset, sizeBytes);
      return wrong === null ? { maxBytes: missing, write } : { refuse: wrong };
    }
    if (reply.status !== 200) return { maxBytes: 16 * 1024, write: () => undefined };
    // No ranges here: what we hold comes again, and is read past.
    skip = into.offset;
    return { maxBytes: sizeBytes, write };
  };

  return { take, missing: () => missing };
}

function wrongRange(range: string | null, offset: number, sizeBytes: number): string | null {
  const wanted = `bytes ${offset}-${sizeBytes - 1}/${sizeBytes}`;
  return range === wanted ? null : `asked for ${wanted}, got ${range?.slice(0, 60) ?? 'no range'}`;
}
