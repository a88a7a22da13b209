/** What a technician reads of a box that does not know the time and goes by that of a station (protocol C6). */
import { describe, expect, test } from 'vitest';
import { aRecord } from '../../shared/records/a-record.fixture.ts';
import type { ClockNow } from '../local/clock-protocol.ts';
import { NOW_MS, aStatus } from '../local/status.fixture.ts';
import { clockPage } from './clock-page.ts';
import { inLanguage } from './page.ts';
import { recordsPage } from './records-page.ts';
import { statusPage } from './status-page.ts';
import { whyPage } from './why-page.ts';

const say = inLanguage('vi');
const flat = (lines: readonly string[]) => lines.join(' ').replaceAll(/ +/g, ' ');

describe('a box without time', () => {
  test('C09 status says by whose time it goes, that nobody vouches for it, and what goes by it', () => {
    const radio = { use: 'plan', bootAtMs: NOW_MS - 1000 } as const;
    const page = flat(statusPage(aStatus({ atMs: 0, clock: { state: 'FLOOR', u: 0, radio } }), say));
    expect(page).toContain('FLOOR không biết giờ');
    expect(page).toContain(
      'đang theo giờ đài FM 2026-11-23 15:12:07 (RDS, không xác thực): tiếp sóng FM và lịch đã ký; lệnh không phát',
    );
    // Windows are told against that time, not against the floor.
    expect(page).toContain('đến 15:30:00');
    const awaited = aStatus({ clock: { state: 'FLOOR', u: 0, radio: { use: 'fm', bootAtMs: null } } });
    expect(flat(statusPage(awaited, say))).toContain('chờ giờ đài FM (RDS) ổn định 5 phút');
    expect(flat(statusPage(aStatus({ clock: { state: 'FLOOR', u: 0 } }), say))).not.toContain('RDS');
  });

  test('why says it before all reasons', () => {
    const why = {
      ...{ atMs: NOW_MS, layers: [], passedOver: [], silence: null },
      quiet: { on: false, silences: false, untilAtMs: NOW_MS },
    };
    expect(flat(whyPage({ ...why, byRadio: 'fm' }, say))).toContain(
      'không biết giờ: đang theo giờ đài FM 15:12:07 (RDS, không xác thực): chỉ tiếp sóng FM; lệnh không phát',
    );
    expect(flat(whyPage({ ...why, byRadio: null }, say))).not.toContain('RDS');
  });

  test('clock tells the station, how long it was steady, and what it is used for', () => {
    const told = { frequencyKhz: 101_900, pi: 'd3c1', nowMs: NOW_MS, steadyForMs: 120_000, isSteady: false };
    const page = (radio: ClockNow['radio']) => {
      const box: ClockNow = {
        ...{ state: 'FLOOR', nowMs: 0, u: 0, sync: null, floorMs: 0, dispute: null, settlement: null },
        ...{ settled: null, linkError: null, setFailure: null, radio },
      };
      return flat(clockPage({ isRunning: true, box, systemAtMs: NOW_MS, chipAtMs: null }, say));
    };
    expect(page({ use: 'fm', told, isUsed: false })).toContain(
      'Giờ đài FM 2026-11-23 15:12:07 (101.9 MHz, PI d3c1): mới ổn định 2 phút, cần 5 phút',
    );
    const steady = { ...told, isSteady: true };
    expect(page({ use: 'plan', told: steady, isUsed: true })).toContain('dùng cho FM và lịch đã ký');
    expect(page({ use: 'plan', told: steady, isUsed: false })).toContain('lệnh dừng');
    expect(page({ use: 'fm', told: null, isUsed: false })).toContain('chưa nghe thấy');
    expect(page({ use: 'silent', told: null, isUsed: false })).toContain('không dùng');
    expect(page(null)).not.toContain('Giờ đài FM');
  });

  test('records say which of them were made by that time', () => {
    const marked = { ...aRecord(1), clock: { state: 'FLOOR', u: 2, radio: { upMs: 7 } } } as const;
    expect(flat(recordsPage([marked], say))).toContain('đúng giờ → phát hết · theo giờ đài FM (RDS)');
    expect(flat(recordsPage([aRecord(1)], say))).not.toContain('RDS');
  });
});
