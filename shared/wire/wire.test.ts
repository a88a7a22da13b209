import { describe, expect, it } from 'vitest';
import { headQuery, trustParams } from './carrier.ts';
import { areaAndAncestors, followedIds } from './follow.ts';
import { boxSubscriptions, devOfStatusTopic, nudgeTopic, orderTopic, statusTopic } from './topics.ts';

const dev = 'd-abcdefghijklmnop';

describe('what a box follows', () => {
  it('is its own area and every area above it, by segment', () => {
    expect(areaAndAncestors('56.22366.a')).toEqual(['56.22366.a', '56.22366', '56']);
    expect(areaAndAncestors('56')).toEqual(['56']);
  });

  it('comes in the order of protocol U2, broader areas first', () => {
    expect(followedIds(dev, '56.22366')).toEqual([
      `device:${dev}`,
      'keyring:56',
      'keyring:56.22366',
      'templates:56',
      'templates:56.22366',
      'fmplan:56',
      'fmplan:56.22366',
      'plan:56',
      'plan:56.22366',
    ]);
  });

  it('is the device document alone before the area is known', () => {
    expect(followedIds(dev, null)).toEqual([`device:${dev}`]);
  });
});

describe('topics', () => {
  it('write ids and areas as paths', () => {
    expect(nudgeTopic('vn56', 'plan:56.22366')).toBe('loa/v1/vn56/nudge/plan/56/22366');
    expect(orderTopic('vn56', '56.22366')).toBe('loa/v1/vn56/order/56/22366');
  });

  it('are subscribed to by exact name, with no wildcard anywhere', () => {
    const topics = boxSubscriptions('vn56', dev, '56.22366');
    expect(topics).toContain('loa/v1/vn56/order/56');
    expect(topics).toContain('loa/v1/vn56/order/56/22366');
    expect(topics).toContain('loa/v1/vn56/nudge/trust');
    expect(topics.some((topic) => /[+#]/.test(topic))).toBe(false);
    expect(new Set(topics).size).toBe(topics.length);
  });

  it('name the box of a status only where the whole topic is right', () => {
    expect(devOfStatusTopic('vn56', statusTopic('vn56', dev))).toBe(dev);
    for (const topic of [
      `loa/v1/vn57/box/${dev}/up/status`,
      `loa/v1/vn56/box/${dev}/up/status/x`,
      `loa/v1/vn56/box/+/up/status`,
      `loa/v1/vn56/box/${dev}/down/request`,
      '',
    ])
      expect(devOfStatusTopic('vn56', topic)).toBeNull();
  });
});

describe('queries', () => {
  it('of a head name up to 64 ids between commas, and none is none', () => {
    const nonce = 'A'.repeat(22);
    expect(headQuery.parse({ nonce, ids: 'trust,plan:56' }).ids).toEqual(['trust', 'plan:56']);
    expect(headQuery.parse({ ids: '' }).ids).toEqual([]);
    expect(headQuery.safeParse({ ids: Array(65).fill('trust').join(',') }).success).toBe(false);
    expect(headQuery.safeParse({ ids: 'plan:56/../x' }).success).toBe(false);
  });

  it('of a trust take whole version numbers alone', () => {
    expect(trustParams.parse({ n: '7' })).toEqual({ n: 7 });
    for (const n of ['0', '-1', '1.5', 'x', '']) expect(trustParams.safeParse({ n }).success).toBe(false);
  });
});
