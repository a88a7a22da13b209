/** All checks over what was seen, in the order in which a person would look. Pure. */
import type { CheckName } from '../../../shared/messages/doctor.ts';
import { doctorMessages as words } from '../../../shared/messages/doctor.ts';
import type { Configured } from '../../local/examined.ts';
import * as box from './box-checks.ts';
import { unknown, type Check, type Finding, type Seen, type Source } from './finding.ts';
import * as machine from './machine-checks.ts';

type Judge = (seen: Seen, configured: Configured) => Finding;

const ofMachine: readonly (readonly [CheckName, Source, (seen: Seen) => Finding])[] = [
  ['agent', 'agent', box.agent],
  ['program', 'machine', box.program],
  ['config', 'machine', box.config],
  ['store', 'store', box.store],
  ['service', 'machine', machine.service],
  ['boots', 'machine', machine.boots],
  ['rtc', 'machine', machine.rtc],
  ['voltage', 'machine', machine.voltage],
  ['heat', 'machine', machine.heat],
  ['throttling', 'machine', machine.throttling],
  ['card', 'machine', machine.card],
  ['errors', 'machine', machine.errors],
  ['memory', 'machine', machine.memory],
  ['mpv', 'machine', machine.mpv],
  ['signal', 'agent', box.signal],
];

/** What makes sense only beside a configuration. */
const ofConfigured: readonly (readonly [CheckName, Source, Judge])[] = [
  ['writable', 'machine', machine.writable],
  ['space', 'machine', machine.space],
  ['mediaSpace', 'machine', machine.mediaSpace],
  ['inodes', 'machine', machine.inodes],
  ['keys', 'machine', machine.keys],
  ['cloud', 'network', machine.cloud],
  ['certificate', 'network', machine.certificate],
  ['broker', 'network', machine.broker],
  ['soundCard', 'machine', machine.soundCard],
  ['lineInput', 'machine', machine.lineInput],
  ['pins', 'machine', machine.pins],
  ['bus', 'machine', machine.bus],
  ['cable', 'machine', machine.cable],
  ['clockSetter', 'machine', machine.clockSetter],
  ['fonts', 'machine', machine.fonts],
];

const subjects = [
  ...(['clock', 'link', 'trust', 'plans', 'enrolment', 'documents', 'media', 'outbox'] as const),
  ...(['player', 'relay', 'tuner', 'screen', 'sensors'] as const),
];

export function judge(seen: Seen): readonly Check[] {
  const configured = configuredIn(seen);
  const checks: readonly Check[] = [
    ...ofMachine.map(([name, source, look]) => ({ name, source, finding: look(seen) })),
    ...ofConfigured.map(([name, source, look]) => ({
      ...{ name, source },
      finding: configured === null ? unknown(words.needsConfig) : look(seen, configured),
    })),
    ...subjects.map((name) => ({ name, ...box.bySubject(seen, name) })),
  ];
  return onceEach([
    ...checks,
    { name: 'others', source: 'agent', finding: box.others(seen, toldIn(checks)) },
  ]);
}

export function configuredIn({ examined }: Pick<Seen, 'examined'>): Configured | null {
  return typeof examined !== 'string' && examined.config.ok ? examined.config.configured : null;
}

const codesOf = ({ finding }: Check): readonly string[] =>
  finding.result === 'problem' ? finding.problems.map(({ code }) => code) : [];

const toldIn = (checks: readonly Check[]): ReadonlySet<string> => new Set(checks.flatMap(codesOf));

/** One word once: what the machine shows and the agent reports as well stands with the first, which has the detail. */
function onceEach(checks: readonly Check[]): readonly Check[] {
  return checks.filter((check, index) => {
    const before = toldIn(checks.slice(0, index));
    return check.finding.result !== 'problem' || !codesOf(check).every((code) => before.has(code));
  });
}
