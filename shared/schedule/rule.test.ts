import { describe, expect, test } from 'vitest';
import { dayOf } from './days.ts';
import { parseRule } from './rule.ts';

describe('a recurrence rule', () => {
  test('is read part by part, in any order', () => {
    expect(
      parseRule('BYDAY=-1SU,+2MO,FR;WKST=SU;UNTIL=20261231;FREQ=MONTHLY;INTERVAL=2;BYMONTH=3,10'),
    ).toEqual({
      frequency: 'MONTHLY',
      interval: 2,
      count: null,
      until: dayOf(2026, 12, 31),
      months: [3, 10],
      monthDays: null,
      weekdays: [
        { weekday: 6, nth: -1 },
        { weekday: 0, nth: 2 },
        { weekday: 4, nth: null },
      ],
      positions: null,
      weekStart: 6,
    });
  });

  test('weeks begin on Monday and every period counts where it does not say otherwise', () => {
    expect(parseRule('FREQ=DAILY')).toMatchObject({ weekStart: 0, interval: 1, count: null, until: null });
  });

  test.each([
    ['no frequency', 'BYDAY=MO'],
    ['a frequency below a day', 'FREQ=HOURLY'],
    ['a part twice', 'FREQ=DAILY;FREQ=DAILY'],
    ['a part twice with other values', 'FREQ=WEEKLY;BYDAY=MO;BYDAY=TU'],
    ['UNTIL with COUNT', 'FREQ=DAILY;COUNT=3;UNTIL=20260101'],
    ['a part that is not in the table', 'FREQ=YEARLY;BYWEEKNO=20'],
    ['a time of day', 'FREQ=DAILY;BYHOUR=9'],
    ['a prefix', 'RRULE:FREQ=DAILY'],
    ['a part without value', 'FREQ=DAILY;COUNT'],
    ['an empty value', 'FREQ=WEEKLY;BYDAY='],
    ['an empty list element', 'FREQ=WEEKLY;BYDAY=MO,'],
    ['a semicolon at the end', 'FREQ=DAILY;'],
    ['two equals signs', 'FREQ=DAILY=WEEKLY'],
    ['interval 0', 'FREQ=DAILY;INTERVAL=0'],
    ['count 0', 'FREQ=DAILY;COUNT=0'],
    ['a signed count', 'FREQ=DAILY;COUNT=+3'],
    ['an interval that no number holds', 'FREQ=DAILY;INTERVAL=99999999999999999999'],
    ['month 0', 'FREQ=YEARLY;BYMONTH=0'],
    ['month 13', 'FREQ=YEARLY;BYMONTH=13'],
    ['a negative month', 'FREQ=YEARLY;BYMONTH=-1'],
    ['day 0 of the month', 'FREQ=MONTHLY;BYMONTHDAY=0'],
    ['day 32 of the month', 'FREQ=MONTHLY;BYMONTHDAY=32'],
    ['an unknown weekday', 'FREQ=WEEKLY;BYDAY=T2'],
    ['the 0th weekday', 'FREQ=MONTHLY;BYDAY=0MO'],
    ['the 54th weekday', 'FREQ=YEARLY;BYDAY=54MO'],
    ['position 0', 'FREQ=MONTHLY;BYDAY=MO;BYSETPOS=0'],
    ['position 367', 'FREQ=YEARLY;BYDAY=MO;BYSETPOS=367'],
    ['a position of nothing', 'FREQ=MONTHLY;BYSETPOS=1'],
    ['a numbered weekday in a weekly rule', 'FREQ=WEEKLY;BYDAY=1MO'],
    ['a numbered weekday in a daily rule', 'FREQ=DAILY;BYDAY=1MO'],
    ['days of the month in a weekly rule', 'FREQ=WEEKLY;BYMONTHDAY=1'],
    ['an UNTIL with a time', 'FREQ=DAILY;UNTIL=20260101T000000Z'],
    ['an UNTIL that the calendar does not have', 'FREQ=DAILY;UNTIL=20260230'],
    ['two week starts', 'FREQ=WEEKLY;WKST=MO,TU'],
    ['a numbered week start', 'FREQ=WEEKLY;WKST=1MO'],
  ])('with %s does not parse', (_, text) => {
    expect(parseRule(text)).toBeNull();
  });
});
