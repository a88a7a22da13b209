import { describe, expect, it } from 'vitest';
import { itemWith, RECORDING } from '../../shared/schedule/a-schedule.fixture.ts';
import { World } from './a-world.fixture.ts';

const at = (time: string) => `2026-03-01T${time}+07:00`;

function world(drawsMilliamps: number | null): World {
  const box = new World(at('05:59:00'));
  box.drawsMilliamps = drawsMilliamps;
  const play = [{ ...RECORDING, durMs: 60_000 }];
  box.items = [
    itemWith({ id: 'a', startAt: '06:00:00', lengthS: 60, source: { kind: 'media', play, repeat: 1 } }),
  ];
  return box;
}
const evidence = (box: World) =>
  box.until(at('06:02:00')).records.map(({ evidence: { amplifierMilliamps } }) => amplifierMilliamps);

describe('the current of the amplifier in a record', () => {
  it('is the most that was drawn while it sounded', () => {
    const box = world(300).until(at('06:00:20'));
    box.drawsMilliamps = -850;
    box.until(at('06:00:21'));
    box.drawsMilliamps = 400;
    expect(evidence(box)).toEqual([850]);
  });

  it('is not what is drawn before the sound begins', () => {
    const box = world(2000).until(at('05:59:59'));
    box.drawsMilliamps = 300;
    expect(evidence(box)).toEqual([300]);
  });

  it('is null where nothing measures it, and where the audio clock stands', () => {
    expect(evidence(world(null))).toEqual([null]);
    const box = world(300);
    box.stuck = true;
    expect(evidence(box).filter((each) => each !== null)).toEqual([]);
  });
});
