import { expect, test } from 'vitest';
import { aPlan, AREA, aStatus, anItem, DIGEST, onNow, SILENCE } from './a-box.fixture.ts';
import { boardNow } from './board.ts';
import type { Item } from '../../../shared/protocol/schema/item.ts';
import type { LayerNow } from '../../../shared/wire/status.ts';

const image = { sha256: 's'.repeat(43), size: 9, mime: 'image/png', durMs: 0 } as const;
const page: Item['source'] = {
  ...{ kind: 'page', template: 'notice', title: 'Giữ sạch bãi biển', body: 'Chủ nhật này', durationS: 12 },
  image,
};
const plans = [
  aPlan([
    anItem({ id: 'bien', title: 'Biển', surface: 'screen', source: page }),
    anItem({ id: 'chu', title: 'Chữ chạy', surface: 'screen', source: { kind: 'ticker', text: 'Nước lớn' } }),
  ]),
];
const shows = (screen: LayerNow, ticker: LayerNow = SILENCE) =>
  boardNow(aStatus({ now: { sound: SILENCE, screen, ticker } }), { plans });

test('a page is drawn with the words and the picture that were signed', () => {
  expect(shows(onNow(`plan:${AREA}/bien`, 'Biển'), onNow(`plan:${AREA}/chu`, 'Chữ chạy'))).toMatchObject({
    ...{ look: 'page', title: 'Giữ sạch bãi biển', body: 'Chủ nhật này', ticker: 'Nước lớn', active: true },
    picture: `/v1/media/${image.sha256}`,
  });
});

test('an order takes the whole board, its ticker too', () => {
  const order = onNow(`order:${DIGEST}`, 'Bão số 12');
  expect(shows(order, order)).toMatchObject({ look: 'alert', title: 'Bão số 12', ticker: null });
});

test('a board with nothing to show is as it should be, not in want of something', () => {
  expect(shows(SILENCE)).toMatchObject({ look: 'nothing', active: true, ticker: null });
});

test('a page that is due and not seen says so', () => {
  expect(shows({ ...onNow(`plan:${AREA}/bien`, 'Biển'), active: false }).active).toBe(false);
});

test('a page of a plan that is not here has the title that the box tells', () => {
  expect(shows(onNow('plan:56/xa', 'Tin xa'))).toMatchObject({ title: 'Tin xa', picture: null });
});
