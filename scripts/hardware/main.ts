/**
 * The drivers on a real kernel's interfaces, one stage after the other: `./scripts/test --hardware`. The bench is a folder
 * of its own (LOA_BENCH, default ../shared/bench); where it is not there or cannot run, that is said and nothing fails.
 */
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runStage, stopAsked } from '../gates/stage.ts';
import type { Stage, StageResult } from '../gates/stage.ts';

const root = path.resolve(import.meta.dirname, '../..');
const bench = path.resolve(root, process.env['LOA_BENCH'] ?? '../shared/bench');
process.env['LOA_BENCH'] = bench;
process.env['LOA_BENCH_RUN'] ??= path.join(tmpdir(), 'loa-bench-hardware');

const PASSED = /Tests\s.*?([1-9]\d* passed.*?)\s*$/m;

/** A machine of its own, with this tree as its file system. */
const onBench = (name: string, tests: string, before = ''): Stage => ({
  name,
  command: [
    path.join(bench, 'uml-run'),
    // As CI: without a picture that is drawn over, and asked twice more before a failure is believed.
    ...['--timeout', '280', '--env', 'CI=true', '--env', 'NO_COLOR=1', '--env', `LOA_BENCH=${bench}`],
    `cd ${root} && ${before}vitest run ${tests}`,
  ],
  limitS: 300,
  note: PASSED,
});

const stages: readonly Stage[] = [
  onBench('I2C: RDA5807M, TEA5767', 'scripts/hardware/i2c-tuner.test.ts'),
  onBench(
    'I2C: Si4703',
    'scripts/hardware/i2c-tuner.test.ts',
    'rmmod i2c-fm-sim && modprobe i2c-fm-sim nr=1 seq=1 && ',
  ),
  onBench('I2C: INA219', 'agent/devices/current/ina219.kernel'),
  onBench(
    'GPIO: relay, inputs',
    'agent/devices/relay/gpio-relay.kernel agent/devices/inputs/gpio-inputs.kernel',
  ),
  onBench('Bluetooth: sensors', 'scripts/hardware/ble.test.ts'),
  onBench('RTC: chip and system', 'scripts/hardware/rtc.test.ts', 'modprobe rtc-test && '),
  onBench('ALSA: card pulled', 'scripts/hardware/sound.test.ts'),
  onBench(
    'ALSA: line input',
    'scripts/hardware/line.test.ts',
    'rmmod snd-aloop && modprobe snd-aloop enable=1,1 id=Loopback,Line && ',
  ),
  {
    name: 'serial: AT module',
    command: ['vitest', 'run', 'scripts/hardware/serial-tuner.test.ts'],
    limitS: 120,
    note: PASSED,
  },
  { name: 'a box under systemd', command: ['scripts/bench-units'], limitS: 1000 },
];

function report({ ok, name, elapsedMs, note, output }: StageResult): void {
  console.log(`${ok ? '✓' : '✗'} ${name.padEnd(24)}${(elapsedMs / 1000).toFixed(1).padStart(7)} s  ${note}`);
  if (!ok) console.log(output.trimEnd());
}

/** A stage that skipped all of its tests has shown nothing. */
const proven = (stage: Stage, result: StageResult): StageResult => ({
  ...result,
  ok: result.ok && (stage.note === undefined || result.note !== ''),
});

async function whyNot(over: AbortSignal): Promise<string | null> {
  if (!existsSync(path.join(bench, 'uml-run'))) return `no bench in ${bench}: set LOA_BENCH`;
  const probe: Stage = { name: 'bench', command: [path.join(bench, 'uml-run'), 'true'], limitS: 120 };
  const { ok, output } = await runStage(probe, root, { over });
  return ok ? null : `the bench does not start here: ${output.trim().split('\n').at(-1) ?? ''}`;
}

/** What a stage of minutes has found so far. */
function hear(line: string): void {
  if (/^[✓✗] /.test(line)) console.log(`    ${line}`);
}

async function run(over: AbortSignal): Promise<number> {
  const reason = await whyNot(over);
  if (reason !== null) {
    console.log(`– hardware tests skipped: ${reason}`);
    return over.aborted ? 1 : 0;
  }
  let failed = 0;
  for (const [index, stage] of stages.entries()) {
    if (over.aborted) break;
    console.log(`· ${index + 1} of ${stages.length}: ${stage.name}, at most ${stage.limitS} s`);
    const result = proven(stage, await runStage(stage, root, { over, hear }));
    report(result);
    if (!result.ok) failed += 1;
  }
  const passed = failed === 0 && !over.aborted;
  console.log(
    passed
      ? 'All hardware stages passed.'
      : `${over.aborted ? 'Stopped; ' : ''}${failed} hardware stages failed.`,
  );
  return passed ? 0 : 1;
}

process.exitCode = await run(stopAsked());
