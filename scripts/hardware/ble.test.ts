/**
 * Sensors by Bluetooth on a kernel's HCI: the real scan with noble, over a controller that the bench emulates
 * (../shared/bench). Skipped where there is no such controller. On the bench:
 *   bench/uml-run --timeout 280 'vitest run scripts/hardware/ble.test.ts'
 */
import { execFileSync, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createCipheriv } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { machinePace } from '../../agent/devices/bus/pace.ts';
import { BleSensors } from '../../agent/devices/sensors/ble-sensors.ts';
import { scanProgram, spawnScan } from '../../agent/devices/sensors/scan-process.ts';
import type { SensorObserved, SensorWiring } from '../../agent/devices/sensors/seam.ts';

const emulator = join(process.env['LOA_BENCH'] ?? '/nowhere', 'ble-bthome-emulator');
const hasController = existsSync(emulator) && existsSync('/dev/vhci');
const key = '231d39c1d7cc1ab1aee224cd096db932';
const wiring = { where: 'cabinet', silentAfterMs: null } as const;
const sensors: readonly SensorWiring[] = [
  { ...wiring, name: 'nhiệt', address: 'a4:c1:38:00:00:01', bindKey: null },
  { ...wiring, name: 'cửa', address: 'a4:c1:38:00:00:02', bindKey: key },
];

function sealed(payload: string, counter: number): string {
  const count = Buffer.alloc(4);
  count.writeUInt32LE(counter);
  const nonce = Buffer.from(`a4c138000002d2fc41${count.toString('hex')}`, 'hex');
  const cipher = createCipheriv('aes-128-ccm', Buffer.from(key, 'hex'), nonce, { authTagLength: 4 });
  const body = cipher.update(payload, 'hex', 'hex');
  cipher.final();
  return `41${body}${count.toString('hex')}${cipher.getAuthTag().toString('hex')}`;
}

describe('sensors by Bluetooth on an emulated controller', () => {
  let folder: string;
  let child: ChildProcess;
  let scanner: BleSensors;

  const ask = async (line: string): Promise<string> => {
    const socket = net.connect(join(folder, 'ctl'), () => socket.write(`${line}\n`));
    const [answer] = (await once(socket, 'data')) as [Buffer];
    socket.end();
    return answer.toString();
  };
  const add = (address: string, bthome: string) =>
    ask(`add ${JSON.stringify({ addr: address, bthome, every_ms: 200, rssi: -63 })}`);
  /** As the unit does before each scan. */
  const powerUp = () => {
    for (const each of readdirSync('/sys/class/bluetooth')) execFileSync('hciconfig', [each, 'up']);
  };
  const told = (index: number): SensorObserved | undefined => scanner.observe().sensors[index];
  const until = (isSo: () => boolean): Promise<void> =>
    vi.waitFor(
      () => {
        expect(isSo(), JSON.stringify(scanner.observe())).toBe(true);
      },
      { timeout: 100_000, interval: 200 },
    );
  const isScanning = () => scanner.observe().state === 'scanning';

  beforeEach(async ({ skip }) => {
    if (!hasController) skip('no emulated Bluetooth controller: run it on the bench');
    folder = mkdtempSync(join(tmpdir(), 'ble-'));
    child = spawn(emulator, ['--ctl', join(folder, 'ctl')], { stdio: ['ignore', 'pipe', 'inherit'] });
    if (child.stdout !== null) await once(child.stdout, 'data');
    powerUp();
    scanner = new BleSensors({
      sensors,
      pace: machinePace,
      start: (addresses, events) => {
        powerUp();
        return spawnScan(scanProgram)(addresses, events);
      },
    });
    await scanner.open();
  });
  afterEach(async () => {
    if (!hasController) return;
    await scanner.close();
    child.kill();
    await once(child, 'exit');
    rmSync(folder, { recursive: true });
  });

  it('are heard, plain and encrypted; what is forged or sent again is refused; and we only listen', async () => {
    await add('a4:c1:38:00:00:01', '4000010161 02ca09 03bf13');
    await add('a4:c1:38:00:00:02', sealed('1a00', 500));
    await add('a4:c1:38:00:00:03', '4002ca09');
    await until(() => told(1)?.heardUpMs != null && told(0)?.heardUpMs != null);
    expect(told(0)).toMatchObject({
      rssiDbm: -63,
      values: { battery: 97, temperature: 25.06, humidity: 50.55 },
    });
    expect(told(1)?.values).toEqual({ 'door-open': 0 });
    await add('a4:c1:38:00:00:02', '401a01');
    await until(() => told(1)?.refused?.why === 'not-encrypted');
    await ask('clear');
    await add('a4:c1:38:00:00:02', sealed('1a01', 501));
    await until(() => told(1)?.values['door-open'] === 1);
    await add('a4:c1:38:00:00:02', sealed('1a00', 500));
    await until(() => told(1)?.refused?.why === 'replayed');
    expect(told(1)?.values).toEqual({ 'door-open': 1 });
    const { log } = JSON.parse(await ask('state')) as { log: readonly string[] };
    expect(log.filter((line) => line.startsWith('200b')).map((line) => line.slice(5, 7))).not.toContain('01');
  }, 120_000);

  it('are heard beside a stranger who sends rubbish, and no line of it reaches the journal', async () => {
    await scanner.close();
    await ask('add {"addr":"a4:c1:38:00:00:09","ad":"010a","every_ms":50}');
    await add('a4:c1:38:00:00:01', '4002ca09');
    const scan = spawn(process.execPath, [scanProgram, 'a4:c1:38:00:00:01']);
    const said = { out: '', err: '' };
    scan.stdout.on('data', (text: Buffer) => (said.out += text.toString()));
    scan.stderr.on('data', (text: Buffer) => (said.err += text.toString()));
    await vi.waitFor(
      () => {
        expect(said.out.match(/4002ca09/g)?.length).toBeGreaterThanOrEqual(2);
      },
      { timeout: 100_000, interval: 200 },
    );
    scan.stdin.end();
    await once(scan, 'exit');
    expect(said.err).toBe('');
  }, 120_000);

  it('whose adapter is pulled are told as away, and are heard again when it is back', async () => {
    await until(isScanning);
    await ask('unplug');
    await until(() => scanner.observe().state === 'away');
    await ask('plug');
    await until(isScanning);
    await add('a4:c1:38:00:00:01', '4002ca09');
    await until(() => told(0)?.values['temperature'] === 25.06);
  }, 300_000);

  it('over a controller that no longer answers are told as away, and are heard again when it does', async () => {
    await until(isScanning);
    await ask('dead 1');
    await until(() => scanner.observe().state === 'away');
    expect(scanner.observe().failure).toMatch(/does not answer|switched off|poweredOff|begin/);
    await ask('dead 0');
    await until(isScanning);
  }, 400_000);

  it('whose scan is killed or stopped dead are told as away, and scanned for again', async () => {
    const pidOf = (): number =>
      Number(execFileSync('pgrep', ['-P', String(process.pid), '-f', 'noble-scan'], { encoding: 'utf8' }));
    await until(isScanning);
    process.kill(pidOf(), 'SIGKILL');
    await until(() => scanner.observe().state === 'away');
    await until(isScanning);
    process.kill(pidOf(), 'SIGSTOP');
    await until(() => scanner.observe().failure === 'the scan hangs');
    await until(isScanning);
  }, 300_000);
});
