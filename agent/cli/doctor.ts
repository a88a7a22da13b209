/** `loa doctor` and `loa devices`: look at the machine, the configuration, the store and the agent; judge; tell. They work without the agent. */
import type { CheckName } from '../../shared/messages/doctor.ts';
import { doctorMessages as words } from '../../shared/messages/doctor.ts';
import { shownJson } from '../../shared/messages/text.ts';
import { configOf, exits, oneLine, type Desk, type Shared } from './desk.ts';
import { devicesPage, type DevicesSeen } from './devices-page.ts';
import { configuredIn, judge } from './doctor/judge.ts';
import { look, thisMachine, type World } from './doctor/look.ts';
import { doctorJson, doctorPage, hasProblems } from './doctor/report.ts';
import { inLanguage } from './page.ts';

/** What of the doctor's is about devices. */
const ABOUT_DEVICES: readonly CheckName[] = [
  ...(['config', 'player', 'soundCard', 'relay', 'pins'] as const),
  ...(['tuner', 'signal', 'bus', 'screen', 'cable', 'rtc', 'sensors'] as const),
];

export const doctor = (desk: Desk, world: World = thisMachine) =>
  desk
    .command('doctor', words.aboutDoctor, words.doctorInShort)
    .option('--config <file>', oneLine(words.aboutConfig), configOf(desk))
    .option('--all', oneLine(words.aboutAll))
    .action(async (options) => {
      const seen = await patiently(desk, options, () => look(options, world));
      const checks = judge(seen);
      if (hasProblems(checks)) desk.exit = exits.problems;
      if (options.json === true) desk.terminal.out(`${shownJson(doctorJson(checks, seen.isRunning))}\n`);
      else print(desk, doctorPage(checks, seen.isRunning, options.all === true, inLanguage(options.lang)));
    });

export const devices = (desk: Desk, world: World = thisMachine) =>
  desk
    .command('devices', words.aboutDevices, words.devicesInShort)
    .option('--config <file>', oneLine(words.aboutConfig), configOf(desk))
    .action(async (options) => {
      const seen = await patiently(desk, options, () => look(options, world));
      const found: DevicesSeen = {
        hardware: seen.hardware,
        configured: configuredIn(seen),
        observed: seen.devices,
        checks: judge(seen).filter(({ name }) => ABOUT_DEVICES.includes(name)),
      };
      if (hasProblems(found.checks)) desk.exit = exits.problems;
      if (options.json === true) desk.terminal.out(`${shownJson(devicesJson(found))}\n`);
      else print(desk, devicesPage(found, inLanguage(options.lang)));
    });

const devicesJson = ({ hardware, configured, observed, checks }: DevicesSeen) => ({
  ...{ found: hardware, configured, observed },
  problems: checks.flatMap(({ finding }) => (finding.result === 'problem' ? finding.problems : [])),
});

const print = ({ terminal }: Desk, lines: readonly string[]): void => {
  terminal.out(`${lines.join('\n')}\n`);
};

/** A person who waits is told so; a file or a pipe is not. */
function patiently<T>(desk: Desk, { lang, json }: Shared, work: () => Promise<T>): Promise<T> {
  if (process.stderr.isTTY && json !== true) desk.terminal.err(`${words.examining[lang]}\n`);
  return work();
}
