/** `loa records`: one line for each as-run fact, and a second where something was not as planned. */
import { loaMessages } from '../../shared/messages/loa.ts';
import { byRadio, endCauses, reasonInWords, startCauses, surfaces } from '../../shared/messages/records.ts';
import { shown } from '../../shared/messages/text.ts';
import type { PlayRecord } from '../../shared/records/record.ts';
import { dateAndTime, padded, wrapped, type In } from './page.ts';

export function recordsPage(records: readonly PlayRecord[], say: In): readonly string[] {
  if (records.length === 0) return [say(loaMessages.noRecords)];
  return records.flatMap((record) => recordLines(record, say));
}

function recordLines(record: PlayRecord, say: In): readonly string[] {
  const { seq, surface, title, startCause, endCause, reason, playedMs, plannedAtMs, startedAtMs } = record;
  const at = dateAndTime(startedAtMs ?? plannedAtMs);
  const number = padded(`${seq}`, 5);
  const played = startedAtMs === null ? '–' : `${(playedMs / 1000).toFixed(1)} s`;
  const causes = `${say(startCauses[startCause])} → ${say(endCauses[endCause])}`;
  const why = reason === null ? '' : ` (${say(reasonInWords(reason))})`;
  const marker = record.clock.radio === undefined ? '' : ` · ${say(byRadio)}`;
  return [
    ...wrapped(
      `${number}${at}  ${padded(say(surfaces[surface]), 9)} ${padded(played, 9)} ${shown(title)}`,
      7,
    ),
    ...wrapped(`     ${causes}${why}${marker}`, 7),
  ];
}
