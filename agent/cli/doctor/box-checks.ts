/** Judges the box: agent, configuration, documents and devices, by the running agent where there is one, else by the store. Pure. */
import type { ConditionCode } from '../../../shared/health/condition.ts';
import { doctorMessages as words } from '../../../shared/messages/doctor.ts';
import type { DeviceNow } from '../../local/devices-answer.ts';
import { TIMED_OUT } from '../machine/installed.ts';
import { bad, unknown, well, type Finding, type Seen, type Source } from './finding.ts';

const WEAK_DBUV = 25;
const UNSENT_MOST = 2000;

export const agent = ({ isRunning, status }: Seen): Finding =>
  isRunning ? well(status?.agentVersion ?? null) : bad('AGENT_DOWN');

export function program({ examined }: Seen): Finding {
  if (examined === TIMED_OUT) return unknown(words.busy);
  return typeof examined === 'string' ? bad('PROGRAM_BROKEN', examined) : well();
}

export function config({ examined }: Seen): Finding {
  if (typeof examined === 'string') return unknown(words.unseen);
  if (examined.config.ok) return well();
  const problems = examined.config.faults.map((detail) => ({ code: 'CONFIG_INVALID', detail }));
  return { result: 'problem', problems };
}

export function store({ examined }: Seen): Finding {
  if (typeof examined === 'string' || examined.kept === null) return unknown(words.needsConfig);
  const { kept } = examined;
  if (kept.ok) return well(kept.dev);
  // Before the first start there is none.
  return kept.why === 'absent' ? unknown(words.none) : bad('STORE_UNREADABLE', `${kept.why}: ${kept.detail}`);
}

/** What is told under which check; the agent's other conditions are `others`. */
const subjects = {
  clock: ['NO_TIME', 'TIME_DISPUTE', 'CLOCK_UNSET'],
  link: ['LINK_DOWN', 'BROKER_DOWN', 'HEAD_OLD'],
  trust: ['TRUST_ENDS_120', 'TRUST_ENDS_30', 'TRUST_ENDS_7', 'TRUST_EXPIRED', 'NEED_NEWER_TRUST'],
  plans: ['NO_PLAN', 'PLAN_ENDS_SOON', 'PLAN_EXPIRED', 'ITEM_UNPLAYABLE', 'ZONE_UNKNOWN', 'POLICY_CLAMPED'],
  enrolment: ['NOT_ENROLLED', 'REVOKED', 'QUARANTINE'],
  documents: ['DOCUMENTS_STALE', 'KEYRING_EXPIRED'],
  media: ['MEDIA_MISSING', 'MEDIA_WRONG', 'MEDIA_NOSPACE'],
  outbox: ['OUTBOX_LARGE'],
  player: [
    'PLAYER_DIED',
    'PLAYER_HUNG',
    'NO_PROVEN_SOUND',
    'NO_SOUND_DEVICE',
    'NO_LINE_IN',
    'LINE_IN_SILENT',
  ],
  relay: ['RELAY_FAULT', 'AMPLIFIER_STUCK'],
  tuner: ['TUNER_FAULT'],
  screen: ['SCREEN_FAULT'],
  sensors: [
    ...(['BLUETOOTH_AWAY', 'SENSOR_SILENT', 'SENSOR_BATTERY_LOW'] as const),
    ...(['SENSOR_NOT_BELIEVED', 'SENSOR_IMPLAUSIBLE'] as const),
  ],
} as const satisfies Readonly<Record<string, readonly ConditionCode[]>>;
export type Subject = keyof typeof subjects;

/** Those that the store tells as well. */
const KEPT: readonly Subject[] = ['trust', 'plans', 'enrolment', 'documents'];

/** Who knows about this subject, and what they say. */
export function bySubject(seen: Seen, subject: Subject): { source: Source; finding: Finding } {
  const codes: readonly string[] = subjects[subject];
  const { status } = seen;
  if (status !== null) {
    const found = status.conditions.filter(({ code }) => codes.includes(code));
    return { source: 'agent', finding: ofCodes(found, detailOf(seen, subject)) };
  }
  const kept = keptIn(seen);
  if (kept !== null && subject === 'outbox')
    return {
      source: 'store',
      finding:
        kept.unsent > UNSENT_MOST ? bad('OUTBOX_LARGE', String(kept.unsent)) : well(String(kept.unsent)),
    };
  if (kept === null || !KEPT.includes(subject))
    return { source: 'agent', finding: unknown(words.needsAgent) };
  const found = kept.codes.filter((code) => codes.includes(code)).map((code) => ({ code }));
  return { source: 'store', finding: ofCodes(found, detailOf(seen, subject)) };
}

function ofCodes(found: readonly { readonly code: string }[], detail: ReturnType<typeof detailOf>): Finding {
  if (found.length === 0) return well(detail);
  return { result: 'problem', problems: found.map(({ code }) => ({ code, detail: null })) };
}

function keptIn({ examined }: Seen) {
  const kept = typeof examined === 'string' ? null : examined.kept;
  return kept?.ok === true ? kept : null;
}

function detailOf(seen: Seen, subject: Subject) {
  const kept = keptIn(seen);
  const { status } = seen;
  if (subject === 'trust' && kept?.trustDays != null) return words.days(kept.trustDays);
  if (subject === 'plans' && kept?.planDays != null) return words.days(kept.planDays);
  if (subject === 'clock') return status?.clock.state ?? null;
  if (subject === 'outbox') return status === null ? null : String(status.unsentRecords);
  if (subject === 'media' && status !== null)
    return `${status.media.wanted - status.media.missing}/${status.media.wanted}`;
  return null;
}

/** Conditions that no other check tells. */
export function others({ status }: Seen, told: ReadonlySet<string>): Finding {
  if (status === null) return unknown(words.needsAgent);
  return ofCodes(
    status.conditions.filter(({ code }) => !told.has(code)),
    null,
  );
}

export function signal({ devices }: Seen): Finding {
  if (devices === null) return unknown(words.needsAgent);
  const tuner = devices.find(({ device }: DeviceNow) => device === 'tuner');
  if (tuner === undefined) return well(words.notWired);
  const level = tuner.details['rssiDbuv'];
  if (tuner.state !== 'tuned' || typeof level !== 'number') return unknown(words.unseen);
  return level < WEAK_DBUV ? bad('TUNER_WEAK', `${level} dBµV`) : well(`${level} dBµV`);
}
