import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { itemWith, orderWith, RECORDING } from '../../shared/schedule/a-schedule.fixture.ts';
import type { Item } from '../../shared/protocol/schema/item.ts';
import { World } from './a-world.fixture.ts';

const at = (time: string) => `2026-03-01T${time}+07:00`;
const ms = (time: string) => Date.parse(at(time));
const media = (name: string, seconds: number) => ({
  ...RECORDING,
  sha256: name.padEnd(43, '0'),
  durMs: seconds * 1000,
});
const programme = (id: string, startAt: string, lengthS: number, more: Partial<Item> = {}) =>
  itemWith({
    id,
    startAt,
    lengthS,
    source: { kind: 'media', play: [media(id, lengthS)], repeat: 1 },
    ...more,
  });
const heard = (world: World) =>
  world.sounds.map(({ what, atMs, fromMs, endMs }) => [
    what,
    (atMs - ms('06:00:00')) / 1000,
    fromMs / 1000,
    (endMs - atMs) / 1000,
  ]);
const alert = (more: Parameters<typeof orderWith>[0] = {}) =>
  orderWith({
    digest: 'alert',
    iat: ms('06:00:20') / 1000,
    exp: ms('06:30:00') / 1000,
    begunAtMs: ms('06:00:20'),
    play: { media: media('alert', 10), plays: 1, volume: null, title: null, text: 'Lũ' },
    ...more,
  });

function world(items: Item[], from = '05:59:00'): World {
  const made = new World(at(from));
  made.items = items;
  return made;
}

describe('a programme', () => {
  it('sounds on its second, whole, with the amplifier warm before and off after', () => {
    const box = world([programme('news', '06:00:00', 60)]).until(at('06:02:00'));
    expect(heard(box)).toEqual([['news', 0, 0, 60]]);
    const [on, off] = box.amplifier;
    expect([on?.on, on?.atMs, off?.on]).toEqual([true, ms('05:59:58.500'), false]);
    expect(Math.abs((off?.atMs ?? 0) - ms('06:01:02'))).toBeLessThan(500);
    expect(box.records).toMatchObject([
      { endCause: 'finished', startCause: 'planned', playedMs: 60_000, plannedAtMs: ms('06:00:00') },
    ]);
    expect(box.begun.size).toBe(0);
  });

  it('hands over to the next on the instant and keeps the amplifier on', () => {
    const box = world([programme('a', '06:00:00', 60), programme('b', '06:01:00', 60)]).until(at('06:03:00'));
    expect(heard(box)).toEqual([
      ['a', 0, 0, 60],
      ['b', 60, 0, 60],
    ]);
    expect(box.amplifier).toHaveLength(2);
  });

  it('is cut at the firm end of its window', () => {
    const long = programme('a', '06:00:00', 30, {
      source: { kind: 'media', play: [media('a', 90)], repeat: 1 },
    });
    const box = world([long]).until(at('06:02:00'));
    expect(heard(box)).toEqual([['a', 0, 0, 30]]);
    expect(box.records).toMatchObject([{ endCause: 'window', playedMs: 30_000 }]);
  });

  it('stays the winner in silence when its media have ended before the window', () => {
    const short = programme('a', '06:00:00', 60, {
      source: { kind: 'media', play: [media('a', 10)], repeat: 2 },
    });
    const box = world([short, programme('weak', '06:00:00', 60, { priority: 1 })]).until(at('06:00:59'));
    expect(heard(box)).toEqual([['a', 0, 0, 20]]);
  });
});

describe('a cut', () => {
  const strong = programme('strong', '06:00:20', 10, { priority: 7 });
  const cut = (afterCut: Item['afterCut']) =>
    world([programme('a', '06:00:00', 60, { afterCut }), strong]).until(at('06:01:30'));

  it('goes on from where it was with resume, to the firm end', () => {
    expect(heard(cut('resume'))).toEqual([
      ['a', 0, 0, 20],
      ['strong', 20, 0, 10],
      ['a', 30, 20, 30],
    ]);
  });

  it('begins again with restart', () => {
    expect(heard(cut('restart'))).toEqual([
      ['a', 0, 0, 20],
      ['strong', 20, 0, 10],
      ['a', 30, 0, 30],
    ]);
  });

  it('is over with drop', () => {
    expect(heard(cut('drop'))).toHaveLength(2);
  });

  it('by an alert is a cut like any other, and the alert may be as loud as the device allows', () => {
    const box = world([programme('a', '06:00:00', 60)]).until(at('06:00:20'));
    box.orders = [alert()];
    box.until(at('06:01:30'));
    expect(heard(box)).toEqual([
      ['a', 0, 0, 20],
      ['alert', 20, 0, 10],
      ['a', 30, 20, 30],
    ]);
    expect(box.volumes).toEqual([70, 100, 70]);
  });

  it('ends in a record each time, and no stretch has two', () => {
    const box = cut('resume');
    expect(box.records.map(({ endCause, startCause, fromMs }) => [startCause, endCause, fromMs])).toEqual([
      ['planned', 'cut', 0],
      ['planned', 'finished', 0],
      ['resume', 'window', 20_000],
    ]);
  });
});

describe('a head that sets the clock back', () => {
  it('leaves the record of what has sounded, and the programme goes on at its own time', () => {
    const box = world([programme('a', '06:00:00', 60)], '05:58:50');
    box.aheadMs = 60_000;
    box.until(at('05:59:20'));
    box.aheadMs = 0;
    box.until(at('06:02:00'));
    expect(heard(box)).toEqual([
      ['a', -60, 0, 20],
      ['a', 0, 20, 40],
    ]);
    expect(box.records.map(({ endCause, playedMs }) => [endCause, playedMs])).toEqual([
      ['withdrawn', 20_000],
      ['finished', 40_000],
    ]);
  });

  it('does not take the amplifier from an alert that sounds', () => {
    const box = world([], '06:00:00');
    box.aheadMs = 20_000;
    box.orders = [alert()];
    box.until(at('06:00:05'));
    box.aheadMs = 0;
    box.orders = [alert({ begunAtMs: box.nowMs })];
    box.until(at('06:01:00'));
    expect(heard(box)).toEqual([['alert', 1.5, 0, 10]]);
    expect(box.amplifier.map(({ on }) => on)).toEqual([true, false]);
    expect(box.amplifier[1]?.atMs).toBeGreaterThan(ms('06:00:11.500'));
  });
});

describe('a newer plan', () => {
  const other = (more: Partial<Item> = {}) =>
    programme('a', '06:00:00', 60, {
      source: { kind: 'media', play: [media('b', 60)], repeat: 1 },
      ...more,
    });
  const replaced = (item: Item) => {
    const box = world([programme('a', '06:00:00', 60)]).until(at('06:00:20'));
    box.items = [item];
    return box.until(at('06:01:30'));
  };

  it('that puts another recording into the window is heard from then on, and the old one no longer', () => {
    const box = replaced(other());
    expect(box.records.map(({ endCause, playedMs, sha256 }) => [endCause, playedMs, sha256[0]?.[0]])).toEqual(
      [
        ['withdrawn', 20_000, 'a'],
        ['finished', 40_000, 'b'],
      ],
    );
    const skipping = replaced(other({ late: 'skip' }));
    expect(skipping.records.map(({ endCause }) => endCause)).toEqual(['withdrawn', 'skipped']);
  });

  it('that says the same again interrupts nothing', () => {
    expect(heard(replaced(programme('a', '06:00:00', 60, { title: 'Bản mới' })))).toEqual([['a', 0, 0, 60]]);
  });
});

describe('a box without a loudspeaker', () => {
  it('keeps no record of a sound that never was', () => {
    const box = world([]).until(at('06:00:20'));
    box.hasPlayer = false;
    box.orders = [alert()];
    box.until(at('06:31:00'));
    expect([box.records, box.begun.size, box.amplifier]).toEqual([[], 0, []]);
  });
});

describe('an order whose life ends while it sounds', () => {
  it('is cut there, and its record does not blame another order', () => {
    const box = world([]).until(at('06:00:20'));
    box.orders = [alert({ exp: ms('06:00:26') / 1000 })];
    box.until(at('06:01:00'));
    expect(box.records).toMatchObject([{ endCause: 'window' }]);
  });
});

describe('a box that comes up inside a window', () => {
  const up = (late: Item['late']) =>
    world([programme('a', '06:00:00', 60, { late })], '06:00:30').until(at('06:02:00'));

  it('joins at now − start, the lead of the amplifier counted', () => {
    expect(heard(up('join'))).toEqual([['a', 31.5, 31.5, 28.5]]);
  });
  it('plays whole until the firm end', () => {
    expect(heard(up('whole'))).toEqual([['a', 31.5, 0, 28.5]]);
  });
  it('skips, and says so in a record', () => {
    const box = up('skip');
    expect(heard(box)).toEqual([]);
    expect(box.records).toMatchObject([{ endCause: 'skipped', reason: 'LATE_SKIPPED', playedMs: 0 }]);
  });
  it('joins a repeated list modulo its length', () => {
    const fill = programme('a', '06:00:00', 60, {
      source: { kind: 'media', play: [media('a', 7)], repeat: 'fill' },
    });
    const [first] = world([fill], '06:00:28.5').until(at('06:00:40')).sounds;
    expect(first?.fromMs).toBe(30_000);
  });
  it('goes on after a kill as the item says, and the amplifier was off meanwhile', () => {
    const box = world([programme('a', '06:00:00', 60)])
      .until(at('06:00:20'))
      .kill(5000)
      .until(at('06:02:00'));
    expect(heard(box)).toEqual([
      ['a', 0, 0, 20],
      ['a', 26.5, 26.5, 33.5],
    ]);
    expect(box.records.map(({ endCause, startCause }) => [startCause, endCause])).toEqual([
      ['planned', 'power'],
      ['join', 'finished'],
    ]);
  });
  it('remembers a cut that was before the kill', () => {
    const box = world([programme('a', '06:00:00', 60, { afterCut: 'drop' })]).until(at('06:00:20'));
    box.orders = [alert()];
    box.until(at('06:00:25')).kill(1000).until(at('06:02:00'));
    expect(heard(box).map(([what]) => what)).toEqual(['a', 'alert', 'alert']);
  });
});

describe('start modes', () => {
  const holder = programme('holder', '06:00:00', 60);
  const next = (start: Item['start']) =>
    world([holder, programme('n', '06:00:30', 120, { priority: 7, start })]).until(at('06:04:00'));

  it('exact cuts', () => {
    expect(heard(next('exact'))[1]).toEqual(['n', 30, 0, 120]);
  });
  it('next waits for the holder and then begins at its beginning', () => {
    expect(heard(next('next')).map(([what, start, from]) => [what, start, from])).toEqual([
      ['holder', 0, 0],
      ['n', 60, 0],
    ]);
  });
  it('a grace waits so long and then cuts', () => {
    expect(heard(next({ graceS: 10 })).slice(0, 2)).toEqual([
      ['holder', 0, 0, 40],
      ['n', 40, 0, 110],
    ]);
  });
});

describe('an order', () => {
  it('without its media sounds as the tone, and as itself once they are here (R21)', () => {
    const box = world([], '06:00:00').until(at('06:00:20'));
    box.orders = [alert()];
    box.missing = new Set([media('alert', 10).sha256]);
    box.until(at('06:02:00'));
    expect(box.sounds.map(({ what }) => what)).toEqual(['tone']);
    box.missing.clear();
    box.until(at('06:03:00'));
    expect(box.sounds.map(({ what }) => what)).toEqual(['tone', 'alert']);
    box.until(at('06:10:00'));
    expect(box.sounds).toHaveLength(2);
  });
  it('whose media come while the tone sounds is heard as itself at once (R21)', () => {
    const box = world([], '06:00:00').until(at('06:00:20'));
    box.orders = [alert()];
    box.missing = new Set([media('alert', 10).sha256]);
    box.until(at('06:00:24'));
    box.missing.clear();
    box.until(at('06:02:00'));
    expect(heard(box)).toEqual([
      ['tone', 21.5, 0, 2.5],
      ['alert', 24, 0, 10],
    ]);
  });
  it('whose media come before the amplifier is warm needs no tone, and leaves one record', () => {
    const box = world([], '06:00:00').until(at('06:00:20'));
    box.orders = [alert()];
    box.missing = new Set([media('alert', 10).sha256]);
    box.until(at('06:00:20.500'));
    box.missing.clear();
    box.until(at('06:02:00'));
    expect(box.sounds.map(({ what }) => what)).toEqual(['alert']);
    expect(box.records).toHaveLength(1);
  });
  it('with text alone sounds as the tone (R21)', () => {
    const box = world([], '06:00:20');
    box.orders = [alert({ play: { media: null, plays: 2, volume: null, title: null, text: 'Lũ' } })];
    box.until(at('06:02:00'));
    expect(box.sounds.map(({ what, atMs, endMs }) => [what, endMs - atMs])).toEqual([['tone', 12_000]]);
  });
  it('that was heard to its end is over, though the audio clock did not show its last moments', () => {
    const box = world([], '06:00:20');
    box.unseenMs = 20;
    box.orders = [alert()];
    box.until(at('06:02:00'));
    expect(box.records).toHaveLength(1);
  });
  it('that a kill broke goes on from the start of the broken play', () => {
    const box = world([], '06:00:20');
    box.orders = [
      alert({ play: { media: media('alert', 10), plays: 3, volume: null, title: null, text: null } }),
    ];
    box.until(at('06:00:36')).kill(1000).until(at('06:02:00'));
    expect(heard(box)).toEqual([
      ['alert', 21.5, 0, 14.5],
      ['alert', 38.5, 10, 20],
    ]);
  });
  it('repeats every repeatS until its exp, and programmes sound between', () => {
    const box = world([programme('a', '06:00:00', 1200)]).until(at('06:00:20'));
    box.orders = [alert({ repeatS: 300, exp: ms('06:10:30') / 1000 })];
    box.until(at('06:20:00'));
    expect(
      box.sounds.filter(({ what }) => what === 'alert').map(({ atMs }) => (atMs - ms('06:00:20')) / 1000),
    ).toEqual([0, 300, 600]);
  });
  it('that is a test begins with the preamble that says so (R15)', () => {
    const box = world([], '06:00:20');
    box.orders = [
      alert({ kind: 'test', play: { media: null, plays: 1, volume: null, title: null, text: null } }),
    ];
    box.until(at('06:01:00'));
    expect(box.sounds.map(({ what }) => what)).toEqual(['alert']);
    expect(box.records[0]).toMatchObject({
      subject: { order: 'test' },
      endCause: 'finished',
      playedMs: 10_000,
    });
  });
});

describe('limits that protect people', () => {
  it('A13: no document makes an ordinary programme louder than 90', () => {
    expect(world([programme('a', '06:00:00', 10, { volume: 100 })]).until(at('06:01:00')).volumes).toEqual([
      90,
    ]);
  });
  it('A13: four hours of ordinary sound a day are enough', () => {
    const list = (id: string, startAt: string) =>
      programme(id, startAt, 3 * 3600, {
        source: { kind: 'media', play: [media(id, 3600)], repeat: 'fill' },
      });
    const box = world([list('a', '06:00:00'), list('b', '10:00:00')]).until(at('14:00:00'));
    const sum = box.sounds.reduce((all, { atMs, endMs }) => all + endMs - atMs, 0);
    expect(sum).toBe(240 * 60_000);
  });
  it('quiet hours silence a test for good, and record it', () => {
    const box = new World(at('23:00:00'));
    box.orders = [
      alert({
        kind: 'test',
        iat: ms('23:00:00') / 1000,
        begunAtMs: ms('23:00:00'),
        exp: ms('23:30:00') / 1000,
      }),
    ];
    box.until(at('23:05:00'));
    expect(box.sounds).toEqual([]);
    expect(box.records).toMatchObject([{ endCause: 'skipped', reason: 'QUIET_HOURS' }]);
  });
});

describe('a fault', () => {
  it('of the player is heard through: the programme goes on where it was within seconds', () => {
    const box = world([programme('a', '06:00:00', 60)])
      .until(at('06:00:20'))
      .killPlayer()
      .until(at('06:02:00'));
    const [first, second] = heard(box);
    expect(first).toEqual(['a', 0, 0, 20]);
    expect(second?.[2]).toBe(20);
    expect(second?.[1]).toBeLessThanOrEqual(22);
    expect(box.records.map(({ endCause, reason }) => [endCause, reason])).toEqual([
      ['failed', 'died'],
      ['window', null],
    ]);
  });
  it('of the media is silence, never a substitute, and a skipped record', () => {
    const box = world([programme('a', '06:00:00', 60)]);
    box.missing.add(media('a', 60).sha256);
    box.until(at('06:02:00'));
    expect(box.sounds).toEqual([]);
    expect(box.records).toMatchObject([{ endCause: 'skipped', reason: 'MEDIA_MISSING' }]);
  });
  it('that comes again and again is tried ever more rarely, and a bad file is given up', () => {
    const box = world([programme('a', '06:00:00', 600)]);
    box.failing = 'undecodable';
    box.until(at('06:11:00'));
    expect(box.records).toHaveLength(3);
    const dead = world([programme('a', '06:00:00', 600)]);
    dead.failing = 'no-output';
    dead.until(at('06:11:00'));
    expect(dead.records.length).toBeLessThan(20);
  });
  it('of an order’s media ends in the tone, never in silence', () => {
    const box = world([], '06:00:20');
    box.orders = [alert()];
    box.failing = 'undecodable';
    box.until(at('06:00:30'));
    box.failing = null;
    box.until(at('06:02:00'));
    expect(box.sounds.map(({ what }) => what)).toEqual(['tone']);
  });
  it('that leaves no proof of sound switches the amplifier off', () => {
    const box = world([programme('a', '06:00:00', 600)]);
    box.stuck = true;
    box.until(at('06:00:30'));
    expect(box.amplifier.map(({ on }) => on)).toEqual([true, false]);
    expect(box.amplifier[1]?.atMs).toBeLessThan(ms('06:00:09'));
  });
});

it('Invariant: whatever comes when, each stretch has one record, no two sounds overlap, and none leaves its window', () => {
  const anItem = fc.record({
    priority: fc.integer({ min: 0, max: 9 }),
    startS: fc.integer({ min: 0, max: 240 }),
    lengthS: fc.integer({ min: 5, max: 120 }),
    mediaS: fc.integer({ min: 3, max: 90 }),
    repeat: fc.constantFrom(1, 2, 'fill' as const),
    start: fc.constantFrom('exact' as const, 'next' as const, { graceS: 10 }),
    late: fc.constantFrom('join' as const, 'whole' as const, 'skip' as const),
    afterCut: fc.constantFrom('resume' as const, 'restart' as const, 'drop' as const),
  });
  const fault = fc.record({
    afterS: fc.integer({ min: 1, max: 120 }),
    kind: fc.constantFrom('kill', 'player', 'alert'),
  });
  fc.assert(
    fc.property(
      fc.array(anItem, { minLength: 1, maxLength: 5 }),
      fc.array(fault, { maxLength: 3 }),
      (specs, faults) => {
        const items = specs.map(({ startS, mediaS, repeat, ...rest }, n) =>
          itemWith({
            ...rest,
            id: `i${n}`,
            startAt: new Date(startS * 1000).toISOString().slice(11, 19).replace('00:', '06:'),
            source: { kind: 'media', play: [media(`i${n}`, mediaS)], repeat },
          }),
        );
        const box = world(items);
        for (const { afterS, kind } of faults) {
          box.until(new Date(box.nowMs + afterS * 1000).toISOString());
          if (kind === 'kill') box.kill(2000);
          else if (kind === 'player') box.killPlayer();
          else
            box.orders = [
              alert({ iat: box.nowMs / 1000, begunAtMs: box.nowMs, exp: box.nowMs / 1000 + 900 }),
            ];
        }
        box.until(new Date(Math.max(box.nowMs, ms('06:10:00')) + 1000).toISOString());
        expect(box.begun.size).toBe(0);
        const sorted = [...box.sounds].sort((a, b) => a.atMs - b.atMs);
        for (const [n, sound] of sorted.entries()) {
          expect(sound.endMs).toBeLessThanOrEqual(sorted[n + 1]?.atMs ?? Infinity);
          const item = items.find(({ id }) => id === sound.what);
          if (item === undefined) continue;
          const startMs = ms(item.startAt);
          expect(sound.atMs).toBeGreaterThanOrEqual(startMs);
          expect(sound.endMs).toBeLessThanOrEqual(startMs + item.lengthS * 1000);
        }
      },
    ),
    { numRuns: 60, seed: 56 },
  );
});
