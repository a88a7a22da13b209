import { describe, expect, it } from 'vitest';
import { itemWith, RECORDING } from '../shared/schedule/a-schedule.fixture.ts';
import type { Outcome, Playback, Player, PlayerObserved } from './devices/player/seam.ts';
import { Performer } from './perform.ts';
import type { Devices } from './perform.ts';
import type { Stretch } from './plan/stretch.ts';
import { SimTuner } from './sim/sim-tuner.ts';

/** Loads what answers at once; a stream that does not answer takes until something else is asked for. */
class SlowPlayer implements Player {
  readonly asked: string[] = [];
  #supersede: (outcome: Outcome) => void = () => undefined;

  open = () => Promise.resolve();
  close = () => Promise.resolve();

  cue({ key, tracks }: Playback): Promise<Outcome> {
    this.#next(`cue ${key}`);
    if (!tracks[0].uri.startsWith('http')) return Promise.resolve({ ok: true });
    return new Promise((resolve) => {
      this.#supersede = resolve;
    });
  }

  release(atUpMs: number): Promise<Outcome> {
    this.asked.push(`release ${atUpMs}`);
    return Promise.resolve({ ok: true });
  }

  replace(playback: Playback): Promise<Outcome> {
    return this.cue(playback);
  }

  stop(): Promise<void> {
    this.#next('stop');
    return Promise.resolve();
  }

  observe(): PlayerObserved {
    return { state: 'idle', playback: null, before: null, moving: false, output: null, line: 'none' };
  }

  #next(what: string): void {
    this.asked.push(what);
    this.#supersede({ ok: false, failure: { code: 'superseded', detail: what } });
  }
}

const stretch = (key: string, uri: string, releaseAtMs = 0): Stretch => ({
  key,
  occurrence: key,
  candidate: {
    ...{ kind: 'item', planId: 'plan:56', area: '56', zone: 'Asia/Ho_Chi_Minh', epoch: 1, ver: 1 },
    ...{ item: itemWith({ id: key }), window: { start: 0, end: 600 }, liveOrder: null },
  },
  content: { kind: 'list', pieces: [{ uri, durationMs: null }], passes: 1 },
  ...{ fromMs: 0, volume: 70, startCause: 'planned', plannedAtMs: 0, releaseAtMs, reason: null },
});
const stream = stretch('stream', 'https://radio.example.vn/live');
const alert = stretch('alert', 'builtin:attention', 5);
const long = stretch('long', `media:${RECORDING.sha256}`);

function performing(devices: Partial<Devices> = {}) {
  const player = new SlowPlayer();
  let hashed: (path: string | null) => void = () => undefined;
  const performer = new Performer({
    devices: {
      player,
      screen: null,
      amplifier: null,
      source: null,
      tuner: null,
      inputs: null,
      current: null,
      ...devices,
    },
    store: {
      begin: () => undefined,
      end: (_key, record) => ({ ...record, seq: 1 }),
      forget: () => undefined,
    },
    progresses: { note: () => undefined },
    shelf: {
      verified: () =>
        new Promise((resolve) => {
          hashed = resolve;
        }),
    },
    builtin: (name) => `/sounds/${name}.ogg`,
    upMs: () => 0,
    upOf: (atMs) => atMs,
    done: () => undefined,
    log: () => undefined,
  });
  return {
    player,
    performer,
    hashed: () => {
      hashed('/media/file');
    },
  };
}

/** Long enough for whatever does not wait for a device. */
const soon = () => new Promise((resolve) => setTimeout(resolve, 20));

describe('what is wanted of the sound', () => {
  it('R21 an alert does not wait for a stream that does not answer, and nothing else is released in its place', async () => {
    const { player, performer } = performing();
    performer.perform([{ kind: 'cue', stretch: stream }]);
    await soon();
    performer.perform([{ kind: 'cue', stretch: alert }]);
    await soon();
    expect(player.asked).toEqual(['cue stream', 'cue alert', 'release 5']);
  });

  it('T09 a stop does not wait for files that are being hashed, for now or for later', async () => {
    const { player, performer, hashed } = performing();
    performer.perform([
      { kind: 'prepare', stretch: long },
      { kind: 'cue', stretch: long },
    ]);
    await soon();
    performer.perform([{ kind: 'stop', fadeMs: 0 }]);
    await soon();
    expect(player.asked).toEqual(['stop']);
    hashed();
    await performer.settled();
    await soon();
    expect(player.asked).toEqual(['stop']);
  });

  it('is dropped where something else was wanted before its turn came', async () => {
    const { player, performer } = performing();
    performer.perform([
      { kind: 'cue', stretch: alert },
      { kind: 'stop', fadeMs: 0 },
    ]);
    await performer.settled();
    expect(player.asked).toEqual(['stop']);
  });

  it('stops the player also where the tuner cannot be muted', async () => {
    const tuner = new SimTuner({ bootId: 'b', upMs: () => 0 }, []);
    await tuner.open();
    await tuner.mute(false);
    tuner.mute = () => Promise.reject(new Error('the bus is stuck'));
    const { player, performer } = performing({ tuner });
    performer.perform([{ kind: 'stop', fadeMs: 0 }]);
    await performer.settled();
    expect(player.asked).toEqual(['stop']);
  });
});
