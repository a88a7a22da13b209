import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { configSchema } from '../agent/config.ts';

const program = join(import.meta.dirname, '../systemd/relay-open');

let folder = '';
const at = (...path: readonly string[]) => join(folder, ...path);

/** What the kernel shows of one chip with two named lines, both lines exported; the bench has the real thing. */
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'loa-relay-'));
  mkdirSync(at('gpio/gpiochip512/device/of_node'), { recursive: true });
  writeFileSync(at('gpio/gpiochip512/base'), '512\n');
  writeFileSync(at('gpio/gpiochip512/label'), 'pinctrl-bcm2711\n');
  writeFileSync(at('gpio/gpiochip512/device/of_node/gpio-line-names'), 'ID_SDA\0GPIO1\0GPIO17\0');
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function exported(number: number, value: 0 | 1, activeLow: 0 | 1 = 0): void {
  mkdirSync(at(`gpio/gpio${number}`));
  writeFileSync(at(`gpio/gpio${number}/direction`), 'out\n');
  writeFileSync(at(`gpio/gpio${number}/value`), `${value}\n`);
  writeFileSync(at(`gpio/gpio${number}/active_low`), `${activeLow}\n`);
}

const configured = (amplifier: unknown) => {
  writeFileSync(
    at('agent.json'),
    JSON.stringify({ prov: 'vn56', cloud: { url: 'a"b' }, amplifier, tuner: null }),
  );
};

function open(): { ok: boolean; said: string } {
  const { status, stderr, stdout } = spawnSync(program, [at('agent.json'), at('gpio'), at('state')], {
    encoding: 'utf8',
  });
  return { ok: status === 0, said: stdout + stderr };
}

const directionOf = (number: number) => readFileSync(at(`gpio/gpio${number}/direction`), 'utf8').trim();
const byName = (name: string, activeLow: boolean) => ({
  relay: { pin: { name }, activeLow },
  leadMs: 1500,
});

describe('relay-open', () => {
  it('reads a relay as the agent has it configured', () => {
    expect(configSchema.shape.amplifier.safeParse(byName('GPIO17', true)).error).toBeUndefined();
  });

  it('drives an active-low relay high and any other one low', () => {
    exported(514, 1);
    configured(byName('GPIO17', true));
    expect(open()).toEqual({ ok: true, said: '' });
    expect(directionOf(514)).toBe('high');
    writeFileSync(at('gpio/gpio514/value'), '0\n');
    configured(byName('GPIO17', false));
    expect(open()).toEqual({ ok: true, said: '' });
    expect(directionOf(514)).toBe('low');
  });

  it('finds a line by its chip and its place there', () => {
    exported(513, 0);
    configured({ relay: { pin: { chip: 'pinctrl-bcm2711', line: 1 }, activeLow: false } });
    expect(open().ok).toBe(true);
    expect(directionOf(513)).toBe('low');
  });

  it('is not misled by a line whose values somebody has turned round', () => {
    exported(514, 0, 1);
    configured(byName('GPIO17', true));
    expect(open().ok).toBe(true);
    expect(directionOf(514)).toBe('high');
  });

  it('says so where the line does not follow', () => {
    exported(514, 0);
    configured(byName('GPIO17', true));
    expect(open()).toEqual({ ok: false, said: 'relay-open: gpio514 was set high and is not\n' });
  });

  it('takes the line of the last time where the configuration cannot be read any more', () => {
    exported(514, 1);
    configured(byName('GPIO17', true));
    open();
    writeFileSync(at('gpio/gpio514/direction'), 'out\n');
    writeFileSync(at('agent.json'), '{ "amplifier": { "relay": ');
    expect(open().ok).toBe(true);
    expect(directionOf(514)).toBe('high');
  });

  it('forgets that line when the box has no such relay any more', () => {
    exported(514, 1);
    configured(byName('GPIO17', true));
    open();
    configured({ relay: 'sim', leadMs: 1500 });
    expect(open()).toEqual({ ok: true, said: '' });
    writeFileSync(at('agent.json'), '');
    expect(open().said).toContain('no earlier reading is kept');
  });

  it.each<[string, () => void, string]>([
    ['no line has that name', () => undefined, "no GPIO line is 'name GPIO99 true' here"],
    [
      'the kernel has no sysfs GPIO',
      () => {
        rmSync(at('gpio'), { recursive: true });
      },
      'the kernel has no GPIO',
    ],
    [
      'there is no configuration',
      () => {
        rmSync(at('agent.json'));
      },
      'no earlier reading is kept',
    ],
  ])('says in a sentence that it could not, where %s', (_, arrange, sentence) => {
    configured(byName('GPIO99', true));
    arrange();
    expect(open()).toEqual({ ok: false, said: expect.stringContaining(sentence) as string });
  });

  it('has nothing to open, and that is no failure, where the box has no relay', () => {
    configured(null);
    expect(open()).toEqual({ ok: true, said: '' });
  });
});
