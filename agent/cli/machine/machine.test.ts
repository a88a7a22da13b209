import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runProgram, within, type Roots } from './bounded.ts';
import { isReadOnly, probeDisk, probeKeys } from './disk.ts';
import { probeHardware } from './hardware.ts';
import { bootsIn, examineWith, runningIn, serviceIn } from './installed.ts';
import { probeMachine } from './machine.ts';
import { reach } from './network.ts';

let root = '';
let roots: Roots;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'loa-doctor-'));
  roots = { sys: join(root, 'sys'), proc: join(root, 'proc'), dev: join(root, 'dev') };
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

function files(all: Readonly<Record<string, string>>) {
  for (const [name, text] of Object.entries(all)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
}

describe('the machine', () => {
  test('tells nothing where the kernel shows nothing', async () => {
    expect(Object.values(await probeMachine(roots, () => 0))).toEqual([
      null,
      null,
      null,
      null,
      null,
      null,
      null,
    ]);
    expect(await probeHardware(roots)).toEqual({
      ...{ i2cBuses: [], serialPorts: [], gpioChips: null, soundCards: null },
      ...{ connectors: [], rtcs: [], bluetooth: [] },
    });
  });

  test('tells power, heat, wear, errors, memory and chip time', async () => {
    files({
      'sys/class/hwmon/hwmon0/name': 'cpu_thermal\n',
      'sys/class/hwmon/hwmon1/name': 'rpi_volt\n',
      'sys/class/hwmon/hwmon1/in0_lcrit_alarm': '1\n',
      'sys/class/thermal/thermal_zone0/temp': '81500\n',
      'sys/class/thermal/cooling_device0/type': 'pwm-fan\n',
      'sys/class/thermal/cooling_device0/cur_state': '4\n',
      'sys/class/thermal/cooling_device1/type': 'cpufreq-cpu0\n',
      'sys/class/thermal/cooling_device1/cur_state': '0\n',
      'sys/class/block/mmcblk0/device/life_time': '0x02 0x09\n',
      'sys/class/block/mmcblk0/device/pre_eol_info': '0x01\n',
      'sys/fs/ext4/mmcblk0p2/errors_count': '3\n',
      'sys/fs/ext4/features/lazy': 'supported\n',
      'proc/meminfo': 'MemTotal: 900000 kB\nMemAvailable:   50000 kB\n',
      'sys/class/rtc/rtc0/since_epoch': '12\n',
      'sys/class/rtc/rtc1/since_epoch': '1010\n',
    });
    expect(await probeMachine(roots, () => 1_000_000)).toEqual({
      ...{ underVoltage: true, hottestC: 81.5, throttled: false, cardWear: 9, diskErrors: 3 },
      ...{ memoryFreeBytes: 51_200_000, rtcAheadS: 10 },
    });
  });

  test('a card that says that its end is near is worn whatever its figures', async () => {
    files({ 'sys/class/block/mmcblk0/device/pre_eol_info': '0x02\n' });
    expect((await probeMachine(roots, () => 0)).cardWear).toBe(10);
  });

  test('shows buses, ports, chips, cards, connectors in their order', async () => {
    files({
      ...{
        'dev/i2c-10': '',
        'dev/i2c-1': '',
        'dev/ttyUSB0': '',
        'dev/tty1': '',
        'dev/serial/by-id/usb-FM': '',
      },
      'sys/class/gpio/gpiochip512/label': 'pinctrl-bcm2711\n',
      'sys/class/gpio/gpiochip512/ngpio': '58\n',
      'sys/class/gpio/gpiochip512/device/of_node/gpio-line-names': 'ID_SDA\0GPIO17\0',
      'sys/class/gpio/export': '',
      'proc/asound/cards':
        ' 0 [Headphones     ]: bcm2835_headpho - bcm2835 Headphones\n                      bcm2835 Headphones\n 1 [vc4hdmi0       ]: vc4-hdmi - vc4-hdmi-0\n 2 [Codec          ]: USB-Audio - USB Codec\n',
      'proc/asound/pcm':
        '00-00: bcm2835 Headphones : bcm2835 Headphones : playback 8\n02-00: USB Audio : USB Audio : playback 1 : capture 1\n',
      'sys/class/drm/card1-HDMI-A-1/status': 'connected\n',
      'sys/class/drm/card1-HDMI-A-2/status': 'disconnected\n',
      'sys/class/rtc/rtc0/name': 'x',
      'sys/class/bluetooth/hci0/x': '',
    });
    const found = await probeHardware(roots);
    expect(found.i2cBuses).toEqual([1, 10]);
    expect(found.serialPorts).toEqual([join(roots.dev, 'serial/by-id/usb-FM'), join(roots.dev, 'ttyUSB0')]);
    expect(found.gpioChips?.[0]).toMatchObject({ label: 'pinctrl-bcm2711', lines: 58 });
    expect(found.gpioChips?.[0]?.names).toContain('GPIO17');
    expect(found.soundCards?.map(({ id, captures }) => [id, captures])).toEqual([
      ['Headphones', false],
      ['vc4hdmi0', false],
      ['Codec', true],
    ]);
    expect(found.connectors.map(({ connected }) => connected)).toEqual([true, false]);
    expect([found.rtcs, found.bluetooth]).toEqual([['rtc0'], ['hci0']]);
  });
});

describe('the disk', () => {
  test('is read-only where its nearest mount is', () => {
    const mounts = '/dev/a / ext4 rw,noatime 0 0\n/dev/b /var/lib ext4 ro,noatime 0 0';
    expect(isReadOnly('/var/lib/loa', mounts)).toBe(true);
    expect(isReadOnly('/var/library', mounts)).toBe(false);
    expect(isReadOnly('/x', '')).toBeNull();
  });

  test('tells its room, and nothing of a folder that is not there', async () => {
    expect((await probeDisk(root, '/proc'))?.freeBytes).toBeGreaterThan(0);
    expect(await probeDisk(join(root, 'none'), '/proc')).toBeNull();
  });

  test('a key is exposed where both folder and file let others in', async () => {
    files({ 'key/device.pem': 'x' });
    chmodSync(join(root, 'key/device.pem'), 0o644);
    chmodSync(join(root, 'key'), 0o750);
    expect(await probeKeys(join(root, 'key'))).toEqual([]);
    chmodSync(join(root, 'key'), 0o755);
    expect(await probeKeys(join(root, 'key'))).toEqual(['device.pem']);
    chmodSync(join(root, 'key/device.pem'), 0o600);
    expect(await probeKeys(join(root, 'key'))).toEqual([]);
  });
});

describe('the network', () => {
  test('a port that is open is there, one that is closed is named, a name that is none too', async () => {
    const server = net.createServer((socket) => socket.on('error', () => undefined).end('no TLS\n'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as net.AddressInfo;
    expect(await reach(`http://127.0.0.1:${port}`)).toEqual({ at: 'there', certificateEndsAtMs: null });
    expect(await reach(`https://127.0.0.1:${port}`)).toMatchObject({ at: 'certificate' });
    server.close();
    expect(await reach('http://127.0.0.1:1')).toEqual({ at: 'connection', detail: '127.0.0.1:1' });
    expect(await reach('http://no-such-name.invalid')).toEqual({
      at: 'name',
      detail: 'no-such-name.invalid',
    });
  });
});

describe('what is installed', () => {
  test('systemd is understood, and a service that it does not know is none', () => {
    const shown = 'LoadState=loaded\nUnitFileState=enabled\nNRestarts=2\n';
    expect(serviceIn(shown)).toEqual({ enabled: true, restarts: 2 });
    expect(serviceIn(shown.replace('=loaded', '=not-found'))).toBeNull();
  });

  test('what sets the clock as well is named once', () => {
    const unit = (id: string, is: string) => `Id=${id}.service\nActiveState=${is}\n`;
    const shown = [unit('systemd-timesyncd', 'active'), unit('ntpsec', 'inactive'), unit('ntpsec', 'active')];
    expect(runningIn([...shown, shown[2]].join('\n'))).toEqual(['systemd-timesyncd', 'ntpsec']);
    expect(runningIn('')).toEqual([]);
  });

  test('starts of the last day are counted', () => {
    const nowMs = 1_000_000_000_000;
    const boots = [nowMs - 90_000_000, nowMs - 80_000_000, nowMs].map((ms) => ({ first_entry: ms * 1000 }));
    expect(bootsIn(JSON.stringify(boots), nowMs)).toBe(2);
    expect(bootsIn('-1 abc', nowMs)).toBeNull();
  });

  test("the agent's own program tells the faults of a configuration", async () => {
    files({ 'agent.json': '{ "prov": 1 }' });
    const examined = await examineWith(runProgram, join(root, 'agent.json'));
    expect(examined).toMatchObject({ config: { ok: false }, kept: null });
  });

  test('a program that does not start is told by the first word of its error', async () => {
    const broken = () => Promise.resolve({ exit: 1, out: '', err: 'x\nError: no module\n' });
    expect(await examineWith(broken, 'x')).toBe('Error: no module');
  });
});

test('a program or a read that hangs is given up, and a program that is not there is none', async () => {
  expect(await runProgram('sleep', ['5'], 50)).toBeNull();
  expect(await runProgram('no-such-program', [], 1000)).toBeNull();
  expect(await runProgram('false', [], 1000)).toMatchObject({ exit: 1 });
  expect(await within(20, new Promise(() => undefined))).toBeNull();
});
