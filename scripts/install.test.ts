import { spawnSync } from 'node:child_process';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkConfig } from '../agent/config.ts';

const root = join(import.meta.dirname, '..');
const NODE = 'opt/loa/node-24.21.0/bin';

let folder = '';
let box = '';
let bundle = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'loa-install-'));
  box = join(folder, 'box');
  bundle = join(folder, 'bundle');
  // Node is there already, as on a box that is installed for the second time: nothing is fetched in a test.
  mkdirSync(join(box, NODE), { recursive: true });
  writeFileSync(join(box, NODE, 'node'), '#!/bin/sh\n', { mode: 0o755 });
  mkdirSync(join(bundle, 'sounds'), { recursive: true });
  for (const name of ['agent.mjs', 'loa.mjs', 'loa-agent', 'sounds/attention.ogg'])
    writeFileSync(join(bundle, name), `${name}\n`, { mode: 0o755 });
  writeFileSync(join(folder, 'trust.json'), '{"payload":"e30","signatures":[]}');
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** The script as a person calls it: whether it went well, and what it said. */
function install(...args: readonly string[]): { ok: boolean; said: string } {
  return ran(join(root, 'scripts/install'), '--root', box, ...args);
}

function ran(program: string, ...args: readonly string[]): { ok: boolean; said: string } {
  const { status, stdout, stderr, error } = spawnSync(program, args, { encoding: 'utf8' });
  if (error !== undefined) throw error;
  return { ok: status === 0, said: stdout + stderr };
}

const installed = (...args: readonly string[]) => {
  const { ok, said } = install('--bundle', bundle, ...args);
  expect(said).not.toContain('✗');
  expect(ok).toBe(true);
  return said;
};

const inBox = (path: string): string => readFileSync(join(box, path), 'utf8');
const has = (program: string): boolean => spawnSync(program, ['--version']).status === 0;
const firstArgs = () => [
  '--trust',
  join(folder, 'trust.json'),
  '--prov',
  'vn56',
  '--cloud',
  'https://loa.example.vn',
];

/** Every file below the box with its content and the time of its last change. */
function everything(): readonly string[] {
  return readdirSync(box, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => `${path} ${statSync(path).mtimeMs} ${readFileSync(path, 'utf8')}`)
    .sort();
}

describe('the installation of a box', () => {
  it.skipIf(!has('systemctl'))(
    'puts the console on a serial line only where somebody asks for it, and gives the login back',
    () => {
      const link = 'etc/systemd/system/getty.target.wants/loa-console@ttyS0.service';
      const login = () =>
        lstatSync(join(box, 'etc/systemd/system/serial-getty@ttyS0.service'), { throwIfNoEntry: false });
      const console = () => lstatSync(join(box, link), { throwIfNoEntry: false });
      installed();
      expect([console(), login()]).toEqual([undefined, undefined]);
      expect(installed('--console', 'ttyS0')).toContain('ttyS0');
      expect([console()?.isSymbolicLink(), login()?.isSymbolicLink()]).toEqual([true, true]);
      expect(installed('--console', 'ttyS0')).not.toContain('ttyS0');
      installed('--console', 'off');
      expect([console(), login()]).toEqual([undefined, undefined]);
      installed('--console', 'ttyS0');
      expect(install('--uninstall').ok).toBe(true);
      expect([console(), login()]).toEqual([undefined, undefined]);
      expect(install('--bundle', bundle, '--console', 'ttyS0; reboot')).toMatchObject({ ok: false });
    },
  );

  it.skipIf(!has('systemctl'))('leaves a box with all that its units call, and its units enabled', () => {
    installed(...firstArgs());
    const unit = inBox('etc/systemd/system/loa-agent.service');
    const called = [...unit.matchAll(/^(?:ExecStart|ExecStopPost)=\+?(\/\S+)/gm)].map(
      ([, path = '']) => path,
    );
    expect(called).toEqual(['/opt/loa/current/loa-agent', '/usr/local/lib/loa/relay-open']);
    for (const path of [
      ...called,
      '/opt/loa/node/bin/node',
      '/opt/loa/current/loa.mjs',
      '/usr/local/bin/loa',
    ])
      expect(statSync(join(box, path)).mode & 0o111, path).toBe(0o111);
    const enabled = readdirSync(join(box, 'etc/systemd/system'), { recursive: true });
    expect(enabled).toContain('multi-user.target.wants/loa-agent.service');
    expect(enabled).toContain('sysinit.target.wants/loa-relay-open.service');
    for (const kind of ['sound', 'screen']) {
      expect(enabled).toContain(`sockets.target.wants/loa-player-${kind}.socket`);
      expect(inBox(`etc/systemd/system/loa-player-${kind}@.service`)).toContain(
        `\nExecStart=/usr/local/lib/loa/player /run/loa-player/${kind}\n`,
      );
    }
    expect(statSync(join(box, 'usr/local/lib/loa/player')).mode & 0o111).toBe(0o111);
  });

  it.skipIf(!has('systemctl'))(
    'has Bluetooth where the configuration names sensors, and nowhere else',
    () => {
      const config = join(box, 'etc/loa/agent.json');
      const isWired = () =>
        lstatSync(join(box, 'etc/systemd/system/sockets.target.wants/loa-ble.socket'), {
          throwIfNoEntry: false,
        }) !== undefined;
      installed(...firstArgs());
      expect(isWired()).toBe(false);
      const without = inBox('etc/loa/agent.json');
      const sensors = '"sensors": [{ "name": "tủ", "address": "A4:C1:38:00:00:01" }]';
      writeFileSync(config, without.replace('"screen": null', `"screen": null, ${sensors}`));
      expect(checkConfig(JSON.parse(readFileSync(config, 'utf8')), '/etc/loa').ok).toBe(true);
      expect(installed()).not.toContain('bleSocket');
      expect(isWired()).toBe(true);
      expect(installed()).toContain('nothing had to be changed');
      writeFileSync(config, without);
      installed();
      expect(isWired()).toBe(false);
      writeFileSync(config, `{ ${sensors} }`);
      expect(installed()).toContain('"bleSocket": "/run/loa-ble.sock"');
    },
  );

  it.skipIf(!has('systemctl'))('C7: leaves nobody but the agent to set the clock, and gives it back', () => {
    const unit = join(box, 'usr/lib/systemd/system/systemd-timesyncd.service');
    mkdirSync(dirname(unit), { recursive: true });
    writeFileSync(unit, '[Service]\nExecStart=/bin/true\n[Install]\nWantedBy=sysinit.target\n');
    const link = join(box, 'etc/systemd/system/sysinit.target.wants/systemd-timesyncd.service');
    const isEnabled = () => lstatSync(link, { throwIfNoEntry: false }) !== undefined;
    expect(ran('systemctl', `--root=${box}`, 'enable', 'systemd-timesyncd.service').ok).toBe(true);
    expect(isEnabled()).toBe(true);
    expect(installed(...firstArgs())).toContain('Switching systemd-timesyncd off');
    expect(isEnabled()).toBe(false);
    expect(installed(...firstArgs())).toContain('nothing had to be changed');
    expect(install('--uninstall').ok).toBe(true);
    expect(isEnabled()).toBe(true);
    expect(existsSync(join(box, 'etc/loa/clock-setters'))).toBe(false);
  });

  it('says what an older configuration lacks before the agent can set the clocks', () => {
    installed(...firstArgs());
    expect(installed()).not.toContain('clockSocket');
    writeFileSync(join(box, 'etc/loa/agent.json'), '{"mine":1}');
    expect(installed()).toContain('"clockSocket": "/run/loa-clock.sock"');
  });

  it('puts every file of systemd/ where it belongs', () => {
    installed();
    const given = readdirSync(join(root, 'systemd'), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name !== 'agent.example.json')
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'));
    const there = everything().join('\n');
    for (const text of given) expect(there).toContain(text);
  });

  it('changes nothing when it is run again', () => {
    installed(...firstArgs());
    const before = everything();
    expect(installed()).toContain('nothing had to be changed');
    expect(everything()).toEqual(before);
  });

  it('writes a first configuration that the agent accepts', () => {
    installed(...firstArgs());
    const read = checkConfig(JSON.parse(inBox('etc/loa/agent.json')), '/etc/loa');
    expect(read).toMatchObject({
      ok: true,
      config: { prov: 'vn56', localSocket: '/run/loa/loa.sock', playerFolder: '/run/loa-player' },
    });
  });

  it('says what is still lacking where it was told neither whom to trust nor whose box it is', () => {
    const said = installed();
    expect(said).toContain('whom it trusts');
    expect(said).toContain('its province and its cloud');
  });

  it('takes province and cloud on a second run where the first was told neither', () => {
    installed();
    expect(installed(...firstArgs())).toContain('Filling in province and cloud');
    expect(inBox('etc/loa/agent.json')).toContain('"prov": "vn56"');
    expect(installed(...firstArgs())).toContain('stays as it is');
  });

  it('never writes over a configuration', () => {
    installed(...firstArgs());
    writeFileSync(join(box, 'etc/loa/agent.json'), '{"mine":1}');
    expect(installed(...firstArgs())).toContain('stays as it is');
    expect(inBox('etc/loa/agent.json')).toBe('{"mine":1}');
  });

  it('never puts other people in the place of those whom the box trusts', () => {
    installed(...firstArgs());
    writeFileSync(join(folder, 'trust.json'), '{"payload":"e31","signatures":[]}');
    const { ok, said } = install('--bundle', bundle, ...firstArgs());
    expect(ok).toBe(false);
    expect(said).toContain('already trusts somebody');
    expect(inBox('etc/loa/trust.json')).toContain('e30');
  });

  it('keeps the version before the one in service, and none older', () => {
    for (const content of ['one', 'two', 'three']) {
      writeFileSync(join(bundle, 'agent.mjs'), content);
      installed();
    }
    expect(inBox('opt/loa/current/agent.mjs')).toBe('three');
    const versions = readdirSync(join(box, 'opt/loa')).filter((name) => /^\d/.test(name));
    expect(versions.map((name) => inBox(`opt/loa/${name}/agent.mjs`)).sort()).toEqual(['three', 'two']);
  });

  it('installs no Node but the one that was published', () => {
    rmSync(join(box, 'opt'), { recursive: true });
    writeFileSync(join(folder, 'node.tgz'), 'something else');
    const { ok, said } = install('--bundle', bundle, '--node', join(folder, 'node.tgz'));
    expect(ok).toBe(false);
    expect(said).toContain('checksum differs');
    expect(readdirSync(join(box, 'opt/loa'))).toEqual([]);
  });

  it.each([
    ['an unknown argument', ['--force'], 'Unknown argument: --force'],
    ['a missing value', ['--trust'], '--trust wants a value'],
    ['a trust file that is none', ['--trust', join(root, 'package.json')], 'no signed document'],
    ['a wrong province', ['--prov', '56'], 'such as vn56'],
    ['a cloud with a path', ['--cloud', 'https://loa.example.vn/api'], 'without a path'],
    ['a machine of another kind', ['--arch', 'armhf'], 'arm64 and amd64'],
  ])('refuses %s in a sentence, before anything is changed', (_, args, sentence) => {
    const { ok, said } = install('--bundle', bundle, ...args);
    expect(ok).toBe(false);
    expect(said).toContain(sentence);
    expect(existsSync(join(box, 'etc'))).toBe(false);
  });

  it('says how a bundle is made where there is none', () => {
    const { ok, said } = install('--bundle', join(folder, 'nothing'));
    expect([ok, said]).toEqual([false, expect.stringContaining('npm run bundle') as string]);
  });

  it.skipIf(!has('systemctl'))('takes away all but what belongs to the box itself', () => {
    installed(...firstArgs());
    const { ok } = install('--uninstall');
    expect(ok).toBe(true);
    const left = everything().map((line) => line.slice(box.length + 1).split(' ')[0]);
    expect(left).toEqual(['etc/loa/agent.json', 'etc/loa/trust.json']);
    expect(install('--uninstall').ok).toBe(true);
  });
});

describe('the scripts of a box', () => {
  const shells = ['relay-open', 'player', 'ble', 'loa'].map((name) => `systemd/${name}`);
  it.each(['scripts/install', 'scripts/bench-units', ...shells])('%s parses', (path) => {
    const shell = readFileSync(join(root, path), 'utf8').startsWith('#!/bin/sh') ? 'sh' : 'bash';
    expect(ran(shell, '-n', join(root, path))).toEqual({ ok: true, said: '' });
  });
  it('systemd/clock-set parses', () => {
    expect(ran('perl', '-c', join(root, 'systemd/clock-set')).ok).toBe(true);
  });
});

// Where there is no systemd-analyze (a machine without systemd), nobody can judge units.
describe.skipIf(!has('systemd-analyze'))('the units', () => {
  const players = ['loa-player-sound', 'loa-player-screen'];
  const sockets = [...players, 'loa-ble', 'loa-clock'].map((name) => `${name}.socket`);
  const services = [
    'loa-agent.service',
    'loa-relay-open.service',
    ...[...players, 'loa-ble', 'loa-clock'].map((name) => `${name}@.service`),
  ];

  it.each(services)('%s is exposed 2.5 at most', (unit) => {
    const { ok, said } = ran(
      'systemd-analyze',
      ...['security', '--no-pager', '--offline=true', '--threshold=25', join(root, 'systemd', unit)],
    );
    expect(ok, said).toBe(true);
  });

  it('have no fault that systemd can see', () => {
    installed(...firstArgs());
    const units = [...services, ...sockets].map((unit) => {
      const text = readFileSync(join(root, 'systemd', unit), 'utf8');
      // The programs lie in the box, not on this machine.
      writeFileSync(join(folder, unit), text.replaceAll(/^(Exec\w+=\+?)\//gm, `$1${box}/`));
      return join(folder, unit);
    });
    const { said } = ran('systemd-analyze', 'verify', '--man=no', ...units);
    expect(said.split('\n').filter((line) => line.includes('loa-'))).toEqual([]);
  });
});
