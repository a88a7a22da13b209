import { afterEach, describe, expect, it } from 'vitest';
import type { Templates } from '../../shared/protocol/schema/documents.ts';
import type { Media } from '../../shared/protocol/schema/media.ts';
import {
  AREA,
  NOW_S,
  TestBox,
  aDevice,
  aMedia,
  aPlan,
  anAlert,
  anItem,
  envelopeOf,
  someSound,
} from './box.fixture.ts';
import { wantedMedia } from './wanted.ts';

const boxes: TestBox[] = [];
afterEach(() => {
  for (const box of boxes.splice(0)) box.remove();
});
const aBox = (): TestBox => {
  const box = new TestBox();
  boxes.push(box);
  return box;
};
const sounds = (count: number): Media[] => Array.from({ length: count }, () => aMedia(someSound(100)));
const wanted = (box: TestBox, now = NOW_S): string[] =>
  wantedMedia(box.state(), now).map(({ sha256 }) => sha256);
const [a, b, c, d] = sounds(4) as [Media, Media, Media, Media];

const templatesOf = (media: Media, more: Partial<Templates> = {}): Templates => ({
  typ: 'templates',
  v: 1,
  prov: 'vn56',
  id: 'templates:56',
  epoch: 1,
  ver: 1,
  iat: NOW_S - 10,
  exp: NOW_S + 10,
  area: '56',
  items: [{ n: 1, title: 'Lũ', warning: true, media, plays: 1, volume: 100 }],
  ...more,
});

describe('the media that a box wants', () => {
  it('are those of orders, then templates, then plans, each once', async () => {
    const box = aBox().hold(aPlan(AREA, [anItem('x', [c, a]), anItem('y', [a])]), templatesOf(b));
    box.hold({ ...aDevice(box.dev) });
    await box.admit(envelopeOf(anAlert({ play: d })), 'mqtt');
    expect(wanted(box)).toEqual([d, b, c, a].map(({ sha256 }) => sha256));
  });

  it('are those of every source that names some', () => {
    const box = aBox();
    const page = { template: 'p', title: '', body: '', durationS: 10 } as const;
    const items = [
      anItem('stream', [], {
        source: { kind: 'stream', url: 'http://x/y', orElse: { kind: 'media', play: [a], repeat: 'fill' } },
      }),
      anItem('bare', [], { source: { kind: 'stream', url: 'http://x/y', orElse: null } }),
      anItem('page', [], { source: { kind: 'page', image: b, ...page } }),
      anItem('text', [], { source: { kind: 'ticker', text: 'x' } }),
    ];
    box.hold(aDevice(box.dev), aPlan(AREA, items));
    expect(wanted(box)).toEqual([a.sha256, b.sha256]);
  });

  it('leave out what is for boxes with other tags, of other areas, or over', () => {
    const box = aBox();
    box.hold(
      aDevice(box.dev, { tags: ['cho'] }),
      aPlan(AREA, [
        anItem('mine', [a], { only: { tags: ['bien', 'cho'] } }),
        anItem('theirs', [b], { only: { tags: ['bien'] } }),
      ]),
      aPlan('56.1', [anItem('elsewhere', [c])]),
      aPlan('56', [anItem('past', [d])], { exp: NOW_S }),
    );
    expect(wanted(box)).toEqual([a.sha256]);
  });

  it('are still those of templates past their exp, which go on serving orders', () => {
    const box = aBox();
    box.hold(aDevice(box.dev), templatesOf(a));
    expect(wanted(box, NOW_S + 1_000)).toEqual([a.sha256]);
  });

  it('are none before there is a device document', () => {
    expect(wanted(aBox().hold(aPlan(AREA, [anItem('x', [a])])))).toEqual([]);
  });

  it('are no longer those of an order that is over', async () => {
    const box = aBox();
    box.hold(aDevice(box.dev));
    await box.admit(envelopeOf(anAlert({ play: a, exp: NOW_S + 100 })), 'mqtt');
    expect(wanted(box, NOW_S + 99)).toEqual([a.sha256]);
    expect(wanted(box, NOW_S + 100)).toEqual([]);
    const rows = [...box.state().orders].map(([digest, row]) => [digest, { ...row, ended: true }] as const);
    expect(wantedMedia({ ...box.state(), orders: new Map(rows) }, NOW_S)).toEqual([]);
  });
});
