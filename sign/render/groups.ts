/** A frame for the radio as a station's encoder takes it: lines of text that a person can check too. */
import { segmentsOf } from '../../shared/protocol/fm/segments.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex').toUpperCase();

/** All its bytes, then the groups 6A: segment, block 3, block 4. */
export const groupsText = (frame: Parameters<typeof segmentsOf>[0]): string =>
  [
    hex(frame.bytes),
    ...segmentsOf(frame).map(
      ({ segment, data }) => `6A ${segment} ${hex(data.slice(0, 2))} ${hex(data.slice(2))}`,
    ),
    '',
  ].join('\n');
