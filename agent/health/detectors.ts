/** From facts to the conditions that hold at this instant: pure, one small detector for each subject. */
import type { ConditionCode } from '../../shared/health/condition.ts';
import { documentsOf, storedOf } from '../../shared/protocol/state.ts';
import { AUDIBLE_DBFS } from '../devices/player/seam.ts';
import type { PlaybackObserved } from '../devices/player/seam.ts';
import type { StoreFault } from '../store/store.ts';
import { contacts, door, draw } from './cabinet.ts';
import { nowOf } from './facts.ts';
import type { Facts, Kept } from './facts.ts';
import { radio } from './radio.ts';
import { sensors } from './sensors.ts';
import { when } from './when.ts';

type Detector = (facts: Facts) => readonly ConditionCode[];
type KeptDetector = (kept: Kept) => readonly ConditionCode[];

const DAY_S = 86_400;
const FREE_LEAST_BYTES = 100_000_000;
const UNSENT_MOST = 2000;

const deviceOf = ({ state }: Pick<Kept, 'state'>) =>
  storedOf(state, 'device', `device:${state.dev}`)?.document ?? null;

const standing: KeptDetector = (facts) => {
  if (facts.state.quarantined) return ['QUARANTINE'];
  if (facts.state.trustFloor !== null) return ['NEED_NEWER_TRUST'];
  const device = deviceOf(facts);
  if (device === null) return ['NOT_ENROLLED'];
  return when(device.state === 'revoked', 'REVOKED');
};

/** protocol §3: alarms at 120, 30 and 7 days; the nearest alone. */
const trust: KeptDetector = (facts) => {
  const leftS = facts.state.trust.document.exp - nowOf(facts);
  if (leftS <= 0) return ['TRUST_EXPIRED'];
  if (leftS <= 7 * DAY_S) return ['TRUST_ENDS_7'];
  return leftS <= 30 * DAY_S ? ['TRUST_ENDS_30'] : when(leftS <= 120 * DAY_S, 'TRUST_ENDS_120');
};

const plans: KeptDetector = (facts) => {
  const now = nowOf(facts);
  const held = documentsOf(facts.state, 'plan');
  const isExpected = deviceOf(facts)?.state === 'active';
  return [
    ...when(isExpected && held.length === 0, 'NO_PLAN'),
    ...when(
      held.some(({ exp }) => exp <= now),
      'PLAN_EXPIRED',
    ),
    ...when(
      held.some(({ exp }) => exp > now && exp - now <= 7 * DAY_S),
      'PLAN_ENDS_SOON',
    ),
    ...when(
      documentsOf(facts.state, 'keyring').some(({ exp }) => exp <= now),
      'KEYRING_EXPIRED',
    ),
    ...when(facts.stale.length > 0, 'DOCUMENTS_STALE'),
  ];
};

const items: Detector = ({ passedOver }) => [
  ...when(
    passedOver.some(({ because }) => because !== 'not-for-tags' && because !== 'unknown-zone'),
    'ITEM_UNPLAYABLE',
  ),
  ...when(
    passedOver.some(({ because }) => because === 'unknown-zone'),
    'ZONE_UNKNOWN',
  ),
];

/** Attack A13: what asks for more than is allowed is clamped, and somebody hears of it. */
const policy: Detector = (facts) => {
  const most = deviceOf(facts)?.volumeMax ?? 100;
  const isTooLoud = documentsOf(facts.state, 'plan').some((plan) =>
    plan.items.some(({ surface, volume }) => surface === 'sound' && volume > most),
  );
  return when(isTooLoud || facts.reasons.includes('DAILY_LIMIT'), 'POLICY_CLAMPED');
};

/** Attack F03: a cloud that withholds everything looks well but for the age of its head. */
const head: KeptDetector = (facts) => {
  const [held] = documentsOf(facts.state, 'head');
  return when(held !== undefined && nowOf(facts) - held.iat > 3 * DAY_S, 'HEAD_OLD');
};

const time: Detector = ({ reading, isDisputed, isUnset, settledAtMs }) => [
  ...when(reading.state === 'FLOOR', 'NO_TIME'),
  ...when(isDisputed, 'TIME_DISPUTE'),
  ...when(isUnset, 'CLOCK_UNSET'),
  // A wrong time that was taken and then undone lies ahead, and is not told until it comes.
  ...when(settledAtMs !== null && Math.abs(reading.nowMs - settledAtMs) < 7 * DAY_S * 1000, 'TIME_SETTLED'),
];

/** A box whose push channel stands is not cut off, however long ago it last had to ask. */
const link: Detector = ({ link: { brokerConnected, hasBroker, ...each }, reading, unsentRecords }) => {
  const lastMs = Math.max(each.lastContactAtMs ?? 0, each.bootedAtMs);
  const isSilent = !brokerConnected && reading.nowMs - lastMs > each.silentAfterMs;
  return [
    ...when(isSilent, 'LINK_DOWN'),
    ...when(hasBroker && !brokerConnected && !isSilent, 'BROKER_DOWN'),
    ...when(unsentRecords > UNSENT_MOST, 'OUTBOX_LARGE'),
  ];
};

const faultCodes: Readonly<Record<StoreFault, ConditionCode>> = {
  'database-replaced': 'DATABASE_REPLACED',
  'floors-copy-failed': 'FLOORS_COPY_FAILED',
};

const disk: Detector = ({ media, freeBytes, storeFaults, reasons }) => [
  ...when(media.missing > 0, 'MEDIA_MISSING'),
  ...when(media.noSpace, 'MEDIA_NOSPACE'),
  ...when(reasons.includes('MEDIA_WRONG'), 'MEDIA_WRONG'),
  ...when(freeBytes !== null && freeBytes < FREE_LEAST_BYTES, 'DISK_FULL'),
  ...storeFaults.map((fault) => faultCodes[fault]),
];

const player: Detector = (facts) => {
  if (facts.player === null) return [];
  const { state, moving, playback } = facts.player;
  // Told of the last playback until the next one begins.
  if (playback?.failure?.code === 'no-output') return ['NO_SOUND_DEVICE'];
  if (playback?.failure?.code === 'no-input') return ['NO_LINE_IN'];
  if (facts.player.line === 'open' && isSilent(playback)) return ['LINE_IN_SILENT'];
  if (playback?.failure?.code === 'hung') return ['PLAYER_HUNG'];
  return state === 'absent' ? ['PLAYER_DIED'] : when(state === 'playing' && !moving, 'NO_PROVEN_SOUND');
};

/** Somebody may draw breath so long. */
const SILENT_MS = 20_000;

const isSilent = (playback: PlaybackObserved | null): boolean =>
  playback !== null && playback.playedMs > SILENT_MS && (playback.peakDbfs ?? 0) < AUDIBLE_DBFS;

const wires: Detector = ({ amplifier, tuner, screen }) => [
  ...when(amplifier !== null && isFaulty(amplifier), 'RELAY_FAULT'),
  ...when(amplifier?.on === true && !amplifier.wanted, 'AMPLIFIER_STUCK'),
  ...when(tuner !== null && (tuner.failure !== null || tuner.state === 'absent'), 'TUNER_FAULT'),
  ...when(screen !== null && (screen.failure !== null || screen.state === 'absent'), 'SCREEN_FAULT'),
];

const isFaulty = ({ on, wanted, failure }: NonNullable<Facts['amplifier']>): boolean =>
  failure !== null || on === null || (wanted && !on);

const mind: Detector = ({ isUndecided }) => when(isUndecided, 'UNDECIDED');

const shell: Detector = ({ isConsoleRecent }) => when(isConsoleRecent, 'CONSOLE_OPEN');

const detectors = [
  standing,
  trust,
  plans,
  items,
  policy,
  time,
  head,
  link,
  disk,
  player,
  wires,
  door,
  contacts,
  draw,
  sensors,
  radio,
  mind,
  shell,
];

/** All that holds now but the alarms, which look back (alarms.ts). Each at most once. */
export function detect(facts: Facts): ReadonlySet<ConditionCode> {
  return new Set(detectors.flatMap((detector) => detector(facts)));
}

/** Of what is signed alone: for a look at a store whose agent does not run. */
export function detectInStore(kept: Kept): readonly ConditionCode[] {
  return [standing, trust, plans, head].flatMap((detector) => detector(kept));
}
