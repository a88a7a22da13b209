/** What the agent says of each device that it has: `loa devices` and `loa doctor` show it. */
import { z } from 'zod';

/** Null where the device does not tell. */
const detail = z.union([z.string(), z.number(), z.boolean(), z.null()]);

export const deviceNow = z.strictObject({
  device: z.enum([
    'player',
    'screen',
    'amplifier',
    'source',
    'tuner',
    'inputs',
    'current',
    'bluetooth',
    'sensor',
  ]),
  /** In the words of its seam; of a relay `on` or `off`. */
  state: z.string(),
  /** The driver's own words, in English. */
  failure: z.string().nullable(),
  details: z.record(z.string(), detail),
});
export type DeviceNow = z.infer<typeof deviceNow>;
