/** What came of a technician's test, in a few lines: what the box itself has measured, and what only people can tell. */
import { endCauses, reasonInWords } from '../../shared/messages/records.ts';
import { shown } from '../../shared/messages/text.ts';
import { trialMessages as words } from '../../shared/messages/trial.ts';
import type { TrialSeen } from '../local/trial-protocol.ts';
import { wrapped, type In } from './page.ts';

export function trialPage(seen: TrialSeen, say: In): readonly string[] {
  const verdict = seen.passed === true ? words.passed : words.failed;
  const lines = [
    `${say(words.works[seen.work])}: ${say(verdict)}`,
    ...soundFacts(seen, say),
    ...relayFacts(seen, say),
    ...tunerFacts(seen, say),
    ...screenFacts(seen, say),
    ...recordFacts(seen, say),
  ];
  return lines.flatMap((line, at) => wrapped(at === 0 ? line : `  ${line}`, 4));
}

const secondsOf = (ms: number): string => (ms / 1000).toFixed(1);

function soundFacts({ work, record }: TrialSeen, say: In): readonly string[] {
  if (record === null || (work !== 'speaker' && work !== 'sound')) return [];
  const { playedMs, peakDbfs, amplifierMilliamps, output } = record;
  return [
    [
      say(words.clockMoved(secondsOf(playedMs))),
      say(peakDbfs === null ? words.noPeak : words.peak(peakDbfs)),
      ...(amplifierMilliamps === null ? [] : [say(words.milliamps(amplifierMilliamps))]),
      ...(output === null ? [] : [say(words.output(output))]),
    ].join(', '),
    ...(work === 'speaker' ? [say(words.listen)] : []),
  ];
}

function relayFacts({ work, relay }: TrialSeen, say: In): readonly string[] {
  if (work === 'screen' || work === 'tune') return [];
  if (relay === null) return [say(words.noRelay)];
  const { closedAfterMs, openedAfterMs, isWanted } = relay;
  const isQuiet = work === 'sound' || work === 'tuner';
  if (closedAfterMs === null) return [say(isQuiet ? words.relayStayedOff : words.relayNeverOn)];
  const closed = isWanted ? words.relayWanted : words.relayStillOn;
  const opened = openedAfterMs === null ? closed : words.relayOff(openedAfterMs);
  return [`${say(words.relayOn(closedAfterMs))}, ${say(opened)}`];
}

function tunerFacts({ tuner }: TrialSeen, say: In): readonly string[] {
  if (tuner === null) return [];
  const { frequencyKhz, tuned, failure, rssiDbuv, stereo, pi, programme, text, pty, groupsPerSecond } = tuner;
  if (!tuned) return [say(words.notTuned(failure ?? say(words.levelUnknown)))];
  const level = rssiDbuv === null ? say(words.levelUnknown) : `${rssiDbuv} dBµV`;
  const mhz = ((frequencyKhz ?? 0) / 1000).toFixed(1);
  const sound = stereo === null ? [] : [say(stereo ? words.stereo : words.mono)];
  const rds = [
    ...(pi === null ? [] : [`PI ${pi}`]),
    ...(programme === null ? [] : [`PS “${shown(programme.trim())}”`]),
    ...(pty === null ? [] : [`PTY ${pty}`]),
    ...(groupsPerSecond === null ? [] : [say(words.groupsPerSecond(groupsPerSecond.toFixed(1)))]),
  ];
  return [
    [say(words.station(mhz, level)), ...sound].join(', '),
    rds.length === 0 ? say(words.noRds) : rds.join(', '),
    ...(text === null ? [] : [`RT “${shown(text)}”`]),
  ];
}

function screenFacts({ work, record }: TrialSeen, say: In): readonly string[] {
  if (work !== 'screen' || record === null) return [];
  return [say(words.shown(secondsOf(record.playedMs))), say(words.look)];
}

function recordFacts({ record }: TrialSeen, say: In): readonly string[] {
  if (record === null) return [];
  const { seq, endCause, reason } = record;
  const cause = Object.hasOwn(endCauses, endCause)
    ? say(endCauses[endCause as keyof typeof endCauses])
    : shown(endCause);
  const how = reason === null ? cause : `${cause}: ${say(reasonInWords(reason))}`;
  return [say(words.recorded(seq, how))];
}
