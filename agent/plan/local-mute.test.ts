import { describe, expect, it } from 'vitest';
import { itemWith, orderWith, RECORDING } from '../../shared/schedule/a-schedule.fixture.ts';
import { World } from './a-world.fixture.ts';
import { isMutable, muteAfter, UNMUTED } from './local-mute.ts';

const at = (time: string) => `2026-03-01T${time}+07:00`;
const ms = (time: string) => Date.parse(at(time));
const HOUR_MS = 3_600_000;
const media = (name: string, seconds: number) => ({
  ...RECORDING,
  sha256: name.padEnd(43, '0'),
  durMs: seconds * 1000,
});

function world(lengthS: number, from = '05:59:00'): World {
  const made = new World(at(from));
  const play = [media('a', lengthS)];
  made.items = [
    itemWith({ id: 'a', startAt: '06:00:00', lengthS, source: { kind: 'media', play, repeat: 1 } }),
  ];
  return made;
}
const press = (box: World, pressed: boolean | null): World => {
  box.mutePressed = pressed;
  return box;
};
const order = (kind: 'alert' | 'template' | 'test', warning = false) =>
  orderWith({
    ...{ kind, warning, digest: kind, iat: ms('06:00:20') / 1000, exp: ms('06:30:00') / 1000 },
    begunAtMs: ms('06:00:20'),
    play: { media: media(kind, 10), plays: 1, volume: null, title: null, text: 'Lũ' },
  });
const names = (box: World) => box.sounds.map(({ what }) => what);

describe('the mute button', () => {
  it('silences a programme at once, records why, and lets it go on where it would be by now', () => {
    const box = press(world(60).until(at('06:00:20')), true).until(at('06:00:40'));
    press(box, false).until(at('06:02:00'));
    expect(box.sounds.map(({ fromMs, endMs, atMs }) => [fromMs, endMs - atMs])).toHaveLength(2);
    expect(box.sounds[0]?.endMs).toBe(ms('06:00:20'));
    expect(box.sounds[1]?.atMs).toBeGreaterThanOrEqual(ms('06:00:40'));
    expect(box.records.map(({ endCause, reason }) => [endCause, reason])).toEqual([
      ['cut', 'LOCAL_MUTE'],
      [expect.any(String), null],
    ]);
  });

  it('leaves a record of a programme that was never heard', () => {
    const box = press(world(60), true).until(at('06:02:00'));
    expect(box.sounds).toEqual([]);
    expect(box.records).toMatchObject([{ endCause: 'skipped', reason: 'LOCAL_MUTE', playedMs: 0 }]);
    expect(box.amplifier.filter(({ on }) => on)).toEqual([]);
  });

  it.each(['template', 'test'] as const)('silences a %s for good: it is not made up afterwards', (kind) => {
    const box = press(new World(at('06:00:00')), true);
    box.orders = [order(kind)];
    press(box.until(at('06:05:00')), false).until(at('06:10:00'));
    expect(box.sounds).toEqual([]);
    expect(box.records).toMatchObject([{ endCause: 'skipped', reason: 'LOCAL_MUTE' }]);
  });

  it('is outranked by an alert and by a warning', () => {
    const box = press(new World(at('06:00:00')), true);
    box.orders = [order('alert'), order('template', true)];
    box.until(at('06:05:00'));
    expect(names(box)).toEqual(['alert', 'template']);
  });

  it('lets live voice through', () => {
    const live = { kind: 'order', order: orderWith({ kind: 'live' }), repetition: 0, dueAt: 0 } as const;
    expect(isMutable(live)).toBe(false);
  });

  it('stuck for four hours silences nothing any more', () => {
    const box = press(world(60, '01:59:00'), true).until(at('06:02:00'));
    expect(names(box)).toEqual(['a']);
  });

  it('that cannot be read silences nothing', () => {
    expect(names(press(world(60), null).until(at('06:02:00')))).toEqual(['a']);
  });
});

describe('the four hours', () => {
  it('begin anew only when the button was seen released', () => {
    const pressed = muteAfter(true, 0, UNMUTED);
    const away = muteAfter(null, HOUR_MS, pressed);
    expect([pressed.silences, away.silences]).toEqual([true, false]);
    const back = muteAfter(true, 2 * HOUR_MS, away);
    expect(muteAfter(true, 4 * HOUR_MS - 1, back).silences).toBe(true);
    const spent = muteAfter(true, 4 * HOUR_MS, back);
    expect(spent).toEqual({ sinceUpMs: 0, silences: false });
    const again = muteAfter(true, 5 * HOUR_MS, muteAfter(false, 4 * HOUR_MS + 1, spent));
    expect(again).toEqual({ sinceUpMs: 5 * HOUR_MS, silences: true });
  });
});
