/** A playback as mpv works through it: order, ends, and what is no end. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Playback, Track } from '../player/seam.ts';
import { placeAfter, Rendition } from './rendition.ts';

const track = (uri: string, durationMs: number | null = 1_000): Track => ({ uri, sha256: null, durationMs });
const playback = (tracks: Playback['tracks'], more: Partial<Playback> = {}): Playback => ({
  ...{ key: 'a', tracks, startIndex: 0, offsetMs: 0, passes: 1, volume: 50 },
  ...more,
});
const missing = { code: 'file-missing', detail: 'gone' } as const;

/** Takes the next entry as mpv would, under this id. */
const hand = (rendition: Rendition, id: number): string | null => {
  const entry = rendition.take();
  if (entry !== null) rendition.taken(id, entry);
  return entry?.track.uri ?? null;
};

describe('the order of a playback', () => {
  it('begins at its place, goes to the end of the list, and on from its head', () => {
    const list = playback([track('/a'), track('/b'), track('/c')], {
      startIndex: 1,
      offsetMs: 300,
      passes: 2,
    });
    const rendition = new Rendition(list, 'playing');
    const taken: [string, number, number][] = [];
    for (let id = 1; ; id += 1) {
      const entry = rendition.take();
      if (entry === null) break;
      taken.push([entry.track.uri, entry.place.pass, entry.fromMs]);
      rendition.taken(id, entry);
      rendition.started(id, id * 1_000);
      rendition.finished(id, id * 1_000 + 900);
    }
    expect(taken).toEqual([
      ['/b', 0, 300],
      ['/c', 0, 0],
      ['/a', 1, 0],
      ['/b', 1, 0],
      ['/c', 1, 0],
    ]);
  });

  it('has as many places as tracks times passes', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 5 }),
        fc.nat(4),
        (count, passes, start) => {
          const tracks = Array.from({ length: count }, (_, at) => track(`/${at}`));
          const startIndex = start % count;
          const [first = track('/'), ...rest] = tracks;
          const list = playback([first, ...rest], { startIndex, passes });
          let places = 0;
          for (
            let at: ReturnType<typeof placeAfter> = { index: startIndex, pass: 0 };
            at !== null;
            at = placeAfter(list, at)
          )
            places += 1;
          expect(places).toBe(count * passes - startIndex);
        },
      ),
    );
  });

  it('lies a few entries ahead in mpv and no more', () => {
    const rendition = new Rendition(playback([track('/a')], { passes: 'fill' }), 'playing');
    expect([hand(rendition, 1), hand(rendition, 2), hand(rendition, 3), hand(rendition, 4)]).toEqual([
      '/a',
      '/a',
      '/a',
      null,
    ]);
    rendition.started(1, 0);
    rendition.finished(1, 1_000);
    expect(hand(rendition, 4)).toBe('/a');
  });
});

describe('the end of a playback', () => {
  it('is not an idle mpv that has yet to begin', () => {
    const rendition = new Rendition(playback([track('/a')]), 'playing');
    rendition.idle(0);
    const entry = rendition.take();
    rendition.idle(0);
    expect(rendition.phase).toBe('playing');
    if (entry !== null) rendition.taken(1, entry);
    rendition.idle(0);
    expect(rendition.phase).toBe('playing');
  });

  it('is heard out: a track that stopped short of what was signed is truncated', () => {
    const rendition = new Rendition(playback([track('/a', 10_000)]), 'playing');
    hand(rendition, 1);
    rendition.started(1, 0);
    for (let upMs = 250; upMs <= 4_000; upMs += 250) rendition.heard.read(upMs, upMs);
    rendition.finished(1, 4_100);
    rendition.idle(4_300);
    expect(rendition.observe()).toMatchObject({ failure: { code: 'truncated' } });
    expect(rendition.phase).toBe('failed');
  });

  it('forgives what an encoder and a buffer leave out', () => {
    const rendition = new Rendition(playback([track('/a', 10_000)]), 'playing');
    hand(rendition, 1);
    rendition.started(1, 0);
    for (let upMs = 250; upMs <= 9_250; upMs += 250) rendition.heard.read(upMs, upMs);
    rendition.finished(1, 9_400);
    rendition.idle(9_900);
    expect([rendition.phase, rendition.failure]).toEqual(['ended', null]);
  });

  it('comes when a whole pass was broken, and not before', () => {
    const rendition = new Rendition(playback([track('/a'), track('/b')], { passes: 'fill' }), 'playing');
    for (const id of [1, 2, 3]) hand(rendition, id);
    rendition.broken(1, missing, 0);
    expect(hand(rendition, 4)).toBe('/b');
    rendition.broken(2, missing, 0);
    expect(hand(rendition, 5)).toBeNull();
  });

  it('comes when a list of empty files would spin', () => {
    const rendition = new Rendition(playback([track('/a', 10)], { passes: 'fill' }), 'playing');
    let id = 0;
    while (id < 100 && hand(rendition, id + 1) !== null) {
      id += 1;
      rendition.started(id, id);
      rendition.finished(id, id);
    }
    expect(id).toBeLessThan(10);
  });

  it('keeps the first thing that went wrong', () => {
    const rendition = new Rendition(playback([track('/a'), track('/b')]), 'playing');
    hand(rendition, 1);
    hand(rendition, 2);
    rendition.broken(1, missing, 0);
    rendition.broken(2, { code: 'undecodable', detail: 'x' }, 0);
    expect(rendition.failure).toEqual(missing);
  });
});
