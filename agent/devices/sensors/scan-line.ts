/**
 * What the Bluetooth scan, a process of its own, may say to the agent: lines of JSON, strict and bounded. It has no key
 * and decides nothing; whatever else it says ends it.
 */
import { z } from 'zod';

export const scanLine = z.union([
  /** The controller scans; said every few seconds, so that silence is a hang. */
  z.strictObject({ scan: z.literal('on') }),
  /** Why it ends now. */
  z.strictObject({ fault: z.string().min(1).max(300) }),
  /** The service data of UUID 0xFCD2 in one advertisement, as hexadecimal digits. */
  z.strictObject({
    address: z.string().regex(/^([0-9a-f]{2}:){5}[0-9a-f]{2}$/),
    rssiDbm: z.int().min(-128).max(127),
    data: z.string().regex(/^([0-9a-f]{2}){1,254}$/),
  }),
]);
export type ScanLine = z.infer<typeof scanLine>;

const LINE_MOST = 1_000;

/** Cuts a stream into lines; null where what comes is no line of ours. */
export class ScanLines {
  #rest = '';

  hear(chunk: string): readonly (ScanLine | null)[] {
    const lines = (this.#rest + chunk).split('\n');
    this.#rest = lines.pop() ?? '';
    const read = lines.map(readLine);
    return this.#rest.length > LINE_MOST ? [...read, null] : read;
  }
}

function readLine(line: string): ScanLine | null {
  if (line.length > LINE_MOST) return null;
  try {
    return scanLine.safeParse(JSON.parse(line)).data ?? null;
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    return null;
  }
}
