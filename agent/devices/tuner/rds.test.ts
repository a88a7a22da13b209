import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hear } from '../../../shared/protocol/fm/segments.ts';
import type { Heard } from '../../../shared/protocol/fm/segments.ts';
import type { RdsGroup, RdsHeard } from './rds.ts';
import { RecentGroups } from './recent-groups.ts';
import { hearGroup, nothingHeard, rdsOf } from './rds.ts';
import {
  clockWords,
  halfTold,
  houseWords,
  intact,
  programmeWords,
  roundOf,
  textWords,
} from './rds-encoder.fixture.ts';
import type { Sent } from './rds-encoder.fixture.ts';

const station: Sent = {
  pi: 0xc201,
  programme: 'KH FM101',
  text: 'Dai Phat thanh Khanh Hoa',
  pty: 1,
  clock: { utcS: 1_795_428_660 - (1_795_428_660 % 60), offsetMin: 420 },
};
const frame = Uint8Array.from({ length: 20 }, (_, index) => 7 * index);

const listen = (groups: readonly RdsGroup[], from: RdsHeard = nothingHeard): RdsHeard =>
  groups.reduce((heard, group) => hearGroup(heard, group).heard, from);
const names = (sent: Sent): readonly RdsGroup[] => [0, 1, 2, 3].map((n) => intact(programmeWords(sent, n)));
const texts = (sent: Sent, flag = 0): readonly RdsGroup[] =>
  Array.from({ length: 16 }, (_, n) => intact(textWords(sent, n, flag)));
const blockErrors = (group: RdsGroup, at: number, errors: 0 | 1 | 2 | 3 | null): RdsGroup => {
  const [a, b, c, d] = group;
  const hit = { word: group[at]?.word ?? 0, errors };
  return [at === 0 ? hit : a, at === 1 ? hit : b, at === 2 ? hit : c, at === 3 ? hit : d];
};

/** 2100-02-28, 23:59: the last minute of the calendar of IEC 62106. */
const LAST_UTC_S = Date.UTC(2100, 1, 28, 23, 59) / 1000;

const letters = fc.string({
  unit: fc.constantFrom(...Array.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz 0123456789.,-')),
  minLength: 1,
  maxLength: 60,
});
const stations: fc.Arbitrary<Sent> = fc.record({
  pi: fc.integer({ min: 0, max: 0xffff }),
  programme: letters.map((text) => text.slice(0, 8).padEnd(8)),
  text: letters.map((text) => text.trimEnd()),
  pty: fc.integer({ min: 0, max: 31 }),
  clock: fc.record({
    utcS: fc.integer({ min: 0, max: LAST_UTC_S / 60 }).map((minutes) => minutes * 60),
    offsetMin: fc.integer({ min: -28, max: 28 }).map((halves) => halves * 30),
  }),
});

describe('the RDS decoder', () => {
  it('H12 takes nothing from groups 9A but who says them: no segment, no time, no text', () => {
    const before = listen(Array.from({ length: 5 }, () => intact(clockWords(station))));
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0xffff }), fc.integer({ min: 0, max: 0xffff }), (c, d) => {
        const warning = intact([station.pi, (9 << 12) | (1 << 10) | (31 << 5) | (c & 31), c, d]);
        const { heard, segment } = hearGroup(before, warning);
        expect(segment).toBeNull();
        expect(heard).toEqual({ ...before, tp: true, pty: 31 });
      }),
    );
  });

  it('says what any station sends, once each group was heard', () => {
    fc.assert(
      fc.property(stations, (sent) => {
        const heard = listen([...names(sent), ...texts(sent), intact(clockWords(sent))]);
        expect(rdsOf(heard)).toEqual({
          programme: sent.programme,
          text: sent.text,
          pty: sent.pty,
          tp: false,
          ta: false,
        });
        expect(heard.clock).toEqual(sent.clock);
        expect(heard.pis).toEqual(Array.from({ length: 5 }, () => sent.pi.toString(16).padStart(4, '0')));
      }),
    );
  });

  it('never fails and never keeps more than it may, whatever comes', () => {
    const blocks = fc.record({
      word: fc.integer({ min: 0, max: 0xffff }),
      errors: fc.constantFrom(0 as const, 1 as const, 2 as const, 3 as const, null),
    });
    fc.assert(
      fc.property(fc.array(fc.tuple(blocks, blocks, blocks, blocks), { maxLength: 200 }), (groups) => {
        const heard = listen(groups);
        const { programme, text } = rdsOf(heard);
        expect(heard.pis.length).toBeLessThanOrEqual(5);
        expect(programme?.length ?? 8).toBeLessThanOrEqual(8);
        expect(text?.length ?? 0).toBeLessThanOrEqual(64);
        expect(Number.isSafeInteger(heard.clock?.utcS ?? 0)).toBe(true);
      }),
    );
  });

  it('takes nothing from a block beyond repair, nor from one where three bits or more were corrected', () => {
    for (const errors of [2, 3] as const) {
      for (const words of [programmeWords(station, 0), textWords(station, 0), clockWords(station)]) {
        const { heard } = hearGroup(nothingHeard, blockErrors(intact(words), 1, errors));
        expect({ ...heard, pis: [] }).toEqual(nothingHeard);
        expect(heard.pis).toEqual(['c201']);
      }
      expect(
        hearGroup(nothingHeard, blockErrors(intact(programmeWords(station, 0)), 0, errors)).heard.pis,
      ).toEqual([]);
      const lost = hearGroup(nothingHeard, blockErrors(intact(programmeWords(station, 0)), 3, errors)).heard;
      expect(lost.programme).toEqual(nothingHeard.programme);
      for (const at of [1, 2, 3]) {
        const house = intact(houseWords(station, 3, frame));
        expect(hearGroup(nothingHeard, blockErrors(house, at, errors)).segment).toBeNull();
      }
    }
  });

  it('lists the identification of the last five groups, newest first', () => {
    const others = [1, 2, 3, 4, 5, 6, 7].map((pi) => intact(programmeWords({ ...station, pi }, 0)));
    expect(listen(others).pis).toEqual(['0007', '0006', '0005', '0004', '0003']);
  });

  it('finds the identification of a version B group in block 3 where block 1 is lost', () => {
    const group = intact([0xc201, 0x0800, 0xc201, 0x4142]);
    expect(hearGroup(nothingHeard, blockErrors(group, 0, 3)).heard.pis).toEqual(['c201']);
    expect(hearGroup(nothingHeard, blockErrors(intact(programmeWords(station, 0)), 0, 3)).heard.pis).toEqual(
      [],
    );
  });

  it('wants a second witness for a corrected block and for what contradicts', () => {
    const garbled = intact(programmeWords({ ...station, programme: 'XX FM101' }, 0));
    const known = listen(names(station));
    const once = hearGroup(known, garbled).heard;
    expect(rdsOf(once).programme).toBe('KH FM101');
    expect(rdsOf(hearGroup(once, garbled).heard).programme).toBe('XX FM101');
    expect(rdsOf(listen([garbled, ...names(station), garbled], known)).programme).toBe('KH FM101');
    const doubtful = names(station).map((group) => blockErrors(group, 3, 1));
    expect(rdsOf(listen(doubtful)).programme).toBeNull();
    expect(rdsOf(listen([...doubtful, ...doubtful])).programme).toBe('KH FM101');
  });

  it('begins another text when the flag changes, and not for one doubtful flag', () => {
    const known = listen(texts(station));
    const other: Sent = { ...station, text: 'Ban tin 17 gio' };
    const doubtful = blockErrors(intact(textWords(other, 1, 1)), 1, 1);
    expect(rdsOf(hearGroup(known, doubtful).heard).text).toBe(station.text);
    expect(rdsOf(listen([doubtful, doubtful], known)).text).toBeNull();
    expect(rdsOf(listen(texts(other, 1), known)).text).toBe('Ban tin 17 gio');
  });

  it('reads version B text, two characters a group', () => {
    const text = 'Tin khan cap\r';
    const groups = Array.from({ length: 8 }, (_, n) =>
      intact([
        0xc201,
        0x2800 | n,
        0xc201,
        (text.padEnd(16).charCodeAt(2 * n) << 8) | text.padEnd(16).charCodeAt(2 * n + 1),
      ]),
    );
    expect(rdsOf(listen(groups)).text).toBe('Tin khan cap');
  });

  it('reads the letters of the code table G0', () => {
    const words = [0x8081, 0xc6d2, 0x24a9, 0x20ff];
    const groups = words.map((d, n) => intact([0xc201, n, 0, d]));
    expect(rdsOf(listen(groups)).programme).toBe('áàÓÊ¤€  ');
  });

  it('believes a clock without error bits only when a second one follows it', () => {
    const clock = (utcS: number, offsetMin = 420) =>
      halfTold(intact(clockWords({ ...station, clock: { utcS, offsetMin } })));
    const { utcS } = station.clock;
    expect(listen([clock(utcS)]).clock).toBeNull();
    expect(listen([clock(utcS), clock(utcS + 60)]).clock).toEqual({ utcS: utcS + 60, offsetMin: 420 });
    expect(listen([clock(utcS), clock(utcS + 86_400)]).clock).toBeNull();
    expect(listen([clock(utcS), clock(utcS + 60, 0)]).clock).toBeNull();
  });

  it('C09 takes no clock from a group of which any block was corrected', () => {
    const clock = intact(clockWords(station));
    for (const at of [1, 2, 3])
      for (const errors of [1, 2, 3] as const)
        expect(listen([clock, clock].map((each) => blockErrors(each, at, errors))).clock).toBeNull();
  });

  it('reads day, minute and offset as IEC 62106 lays them out', () => {
    // 6 September 1982 is day 45,218 (annex G). Here: 17:25 UTC, and half hours east and west of it.
    const read = (offset: number) =>
      listen([intact([0xc201, 0x4001, ((45_218 & 0x7fff) << 1) | (17 >> 4), (1 << 12) | (25 << 6) | offset])])
        .clock;
    const utcS = Date.UTC(1982, 8, 6, 17, 25) / 1000;
    expect(read(14)).toEqual({ utcS, offsetMin: 420 });
    expect(read(0x20 | 7)).toEqual({ utcS, offsetMin: -210 });
    expect(read(0x20)).toEqual({ utcS, offsetMin: 0 });
  });

  it('reads a clock to the last day of that calendar and no further, nor of before 1970', () => {
    const at = (utcS: number) =>
      listen([intact(clockWords({ ...station, clock: { utcS, offsetMin: 0 } }))]).clock?.utcS ?? null;
    expect(at(LAST_UTC_S)).toBe(LAST_UTC_S);
    expect(at(LAST_UTC_S + 60)).toBeNull();
    expect(at(0)).toBe(0);
    expect(at(-60)).toBeNull();
  });

  it('takes no clock from group 4B, which carries other things', () => {
    const [a, b, c, d] = clockWords(station);
    expect(listen([intact([a, b | 0x0800, c, d])]).clock).toBeNull();
  });

  it('tells the newest clock with the uptime at which it was heard, and none after another tuning', () => {
    const groups = new RecentGroups();
    const hear = (utcS: number, upMs: number) => {
      groups.hear(intact(clockWords({ ...station, clock: { utcS, offsetMin: 420 } })), upMs);
      groups.hear(names(station)[0] ?? null, upMs + 88);
      return groups.rds().clock;
    };
    const { utcS } = station.clock;
    expect(hear(utcS, 1000)).toEqual({ utcS, offsetMin: 420, upMs: 1000 });
    expect(hear(utcS, 7000)).toEqual({ utcS, offsetMin: 420, upMs: 7000 });
    expect(hear(utcS + 60, 61_000)).toEqual({ utcS: utcS + 60, offsetMin: 420, upMs: 61_000 });
    groups.clear();
    expect(groups.rds().clock).toBeNull();
  });

  it('refuses an impossible clock', () => {
    for (const [c, d] of [
      [0, 0],
      [0xe0ff, 0xf000],
      [0xe0fe, 0x0fc0],
      [0xe0fe, 0x001f],
    ] as const) {
      expect(listen([intact([0xc201, 0x4001, c, d])]).clock).toBeNull();
    }
  });

  it('hands on the segments of the house, from which the frame of protocol §7 is joined', () => {
    let heard = nothingHeard;
    let parts: Heard = new Map();
    const frames: Uint8Array[] = [];
    roundOf(station, frame).forEach((words, index) => {
      const next = hearGroup(heard, intact(words));
      heard = next.heard;
      if (next.segment === null) return;
      const joined = hear(parts, next.segment.segment, next.segment.data, index / 11);
      parts = joined.heard;
      if (joined.frame !== null) frames.push(joined.frame.bytes);
    });
    expect(frames).toEqual([frame]);
  });

  it('takes a segment from group 6A and from no other', () => {
    for (let type = 0; type < 32; type++) {
      const { segment } = hearGroup(nothingHeard, intact([0xc201, (type << 11) | 21, 0x0102, 0x0304]));
      const isHouse = type === 12;
      expect(segment).toEqual(isHouse ? { segment: 21, data: Uint8Array.of(1, 2, 3, 4) } : null);
    }
  });
});
