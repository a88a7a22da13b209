import { expect, it } from 'vitest';
import { boxWith, itemWith, planWith, utc } from '../shared/schedule/a-schedule.fixture.ts';
import { resolve } from '../shared/schedule/resolve.ts';
import { comingUp } from './status.ts';

it('what comes next is worked out once for each intent: it is asked for every second, and between two ticks', () => {
  const plan = planWith({ items: [itemWith({ id: 'tin', firstDay: '2026-03-02', startAt: '06:00:00' })] });
  let plans = 0;
  const situation = {
    ...{ box: boxWith({}), orders: [], localTest: null },
    get plans() {
      plans += 1;
      return [plan];
    },
  };
  const now = resolve(situation, utc('2026-03-01T01:00:00Z'));
  const coming = comingUp(situation, now);
  expect(coming[0]?.winner).toBe(`${plan.id}/tin`);
  const before = plans;
  expect(comingUp(situation, now)).toEqual(coming);
  expect(plans).toBe(before);
});
