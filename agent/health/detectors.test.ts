import { describe, expect, test } from 'vitest';
import { conditionCodes, type ConditionCode } from '../../shared/health/condition.ts';
import { machineConditions } from '../../shared/health/of-machine.ts';
import { conditions } from '../../shared/health/registry.ts';
import * as province from '../../shared/protocol/a-province.fixture.ts';
import type { Item } from '../../shared/protocol/schema/item.ts';
import type { Fmplan, SignedDocument } from '../../shared/protocol/schema/documents.ts';
import { initialState, type BoxState, type Stored } from '../../shared/protocol/state.ts';
import type { PlayerFailure, PlayerObserved } from '../devices/player/seam.ts';
import type { SensorObserved, SensorsObserved } from '../devices/sensors/seam.ts';
import { detect } from './detectors.ts';
import type { Facts } from './facts.ts';
import { firstHealth, watch } from './watch.ts';

const { NOW, DEV, trust, device, keyring, plan, head } = province;
const DAY = 86_400;
const SECOND_MS = 1000;

const stored = <D extends SignedDocument>(document: D): Stored<D> => ({
  bytes: new Uint8Array(),
  digest: document.id,
  document,
});

function stateWith(...documents: readonly SignedDocument[]): BoxState {
  const all = [device, keyring, head, { ...plan, exp: NOW + 60 * DAY }, ...documents];
  return {
    ...initialState({ prov: 'vn56', dev: DEV, floor: 0, trust: stored({ ...trust, exp: NOW + 300 * DAY }) }),
    docs: new Map(all.map((document) => [document.id, stored(document)])),
  };
}

const quietPlayer: PlayerObserved = {
  state: 'idle',
  playback: null,
  before: null,
  moving: false,
  output: 'pulse/box1',
  line: 'none',
};
/** From its line, for half a minute. */
const relaying = (peakDbfs: number): PlayerObserved => ({
  ...{ ...quietPlayer, state: 'playing', moving: true, line: 'open' },
  playback: {
    ...{ key: 'k', playedMs: 30_000, trackIndex: 0, pass: 0, positionMs: 30_000 },
    ...{ startedUpMs: 1000, peakDbfs, failure: null },
  },
});
const failedPlayer = (code: PlayerFailure['code']): PlayerObserved => ({
  ...quietPlayer,
  playback: {
    key: 'k',
    playedMs: 0,
    trackIndex: 0,
    pass: 0,
    positionMs: 0,
    startedUpMs: null,
    peakDbfs: null,
    failure: { code, detail: '' },
  },
});

const well: Facts = {
  reading: { state: 'SYNCED', nowMs: NOW * 1000, u: 2, upMs: 0 },
  isDisputed: false,
  isUnset: false,
  settledAtMs: null,
  state: stateWith(),
  stale: [],
  passedOver: [],
  link: {
    hasBroker: true,
    brokerConnected: true,
    lastContactAtMs: null,
    lastHeadAtMs: null,
    lastError: null,
    silentAfterMs: 600_000,
    bootedAtMs: NOW * 1000,
  },
  media: { missing: 0, noSpace: false },
  unsentRecords: 0,
  freeBytes: 1e9,
  storeFaults: [],
  reasons: ['QUIET_HOURS'],
  rejects: {},
  player: quietPlayer,
  amplifier: { on: false, wanted: false, failure: null },
  tuner: null,
  beats: null,
  isBeatSilent: false,
  isByRadio: false,
  screen: null,
  current: null,
  inputs: null,
  sensors: null,
  isUndecided: false,
  isConsoleRecent: false,
};

const screen = {
  state: 'idle',
  key: null,
  ticker: null,
  shownMs: 0,
  screenshotSha256: null,
  output: null,
  failure: null,
} as const;
const tuner = {
  state: 'idle',
  frequencyKhz: null,
  rssiDbuv: null,
  stereo: null,
  pis: [],
  muted: true,
  failure: null,
} as const;

const fmplan: Fmplan = {
  ...{ typ: 'fmplan', v: 1, prov: 'vn56', id: 'fmplan:56', epoch: 1, ver: 1, area: '56', mode: 'beat' },
  ...{ iat: NOW - 1, exp: NOW + DAY, windows: [], dailyMaxMin: 60, volume: 60, orderKeys: [] },
  stations: [{ frequencyKhz: 101_900, pi: 'd3c1', rssiMin: 20, rssiMax: 80, beat: null }],
};
/** Whose heartbeat is anchored for so many days from now. */
const anchoredFor = (days: number): Fmplan => ({
  ...fmplan,
  stations: fmplan.stations.map((each) => ({
    ...each,
    beat: {
      ...{ t0: NOW, chain: 'A'.repeat(22) },
      anchors: Object.fromEntries(Array.from({ length: days }, (_, day) => [day, 'A'.repeat(22)])),
    },
  })),
});
const heardPis = ['d3c1', 'd3c1', 'd3c1', 'd3c1'];
const listening = { ...tuner, state: 'tuned', frequencyKhz: 101_900, pis: heardPis } as const;

/** Nothing is wrong with the cabinet: the door is shut, the mains are there, nobody presses the button. */
const shut = {
  door: false,
  mains: true,
  mute: false,
  failure: null,
  doorOpenedUpMs: null,
  isMuteSpent: false,
} as const;

const HOUR_MS = 3_600_000;
const upMs = 2 * 24 * HOUR_MS;
const later = { ...well.reading, upMs } as const;
const inCabinet: SensorObserved = {
  ...{ name: 'tủ', where: 'cabinet', silentAfterMs: HOUR_MS, heardUpMs: upMs - 1000, rssiDbm: -60 },
  ...{ values: { temperature: 41, humidity: 70, battery: 11, 'door-open': 0 }, implausible: [] },
  ...{ refused: null, doorOpenedUpMs: null },
};
const told = (over: Partial<SensorObserved>, state: SensorsObserved['state'] = 'scanning') => ({
  reading: later,
  sensors: { state, failure: null, beganUpMs: 0, sensors: [{ ...inCabinet, ...over }] },
});
const refused = (agoMs: number) => ({ refused: { why: 'wrong-key' as const, upMs: upMs - agoMs } });

const on = { on: true, wanted: true, failure: null } as const;
const moving = { ...quietPlayer, state: 'playing', moving: true } as const;
const draws = (milliamps: number | null, failure: string | null = null) => ({
  ...{ milliamps, failure, quietMilliamps: 120, maxMilliamps: 4000 },
});
const playing = (milliamps: number) => ({ current: draws(milliamps), amplifier: on, player: moving });

const { link, state } = well;
const trustLeft = (days: number): BoxState => ({
  ...state,
  trust: stored({ ...trust, exp: NOW + days * DAY }),
});
const without = (id: string): BoxState => ({
  ...state,
  docs: new Map([...state.docs].filter(([each]) => each !== id)),
});
const away = { ...link, brokerConnected: false };
const item = (over: Partial<Item>): Item =>
  ({ id: 'loud', surface: 'sound', volume: 50, source: { kind: 'live' }, ...over }) as Item;
const pass = (because: 'bad-rule' | 'unknown-zone' | 'not-for-tags') =>
  [{ planId: plan.id, itemId: 'x', because }] as const;

const onStation = { state: stateWith(fmplan), tuner: listening };

const seen: readonly [ConditionCode, Partial<Facts>][] = [
  ['NOT_ENROLLED', { state: without(device.id) }],
  ['REVOKED', { state: stateWith({ ...device, state: 'revoked' }) }],
  ['QUARANTINE', { state: { ...state, quarantined: true } }],
  ['NEED_NEWER_TRUST', { state: { ...state, trustFloor: { ver: 2, digest: 'x' } } }],
  ['TRUST_ENDS_120', { state: trustLeft(120) }],
  ['TRUST_ENDS_30', { state: trustLeft(30) }],
  ['TRUST_ENDS_7', { state: trustLeft(7) }],
  ['TRUST_EXPIRED', { state: trustLeft(0) }],
  ['KEYRING_EXPIRED', { state: stateWith({ ...keyring, exp: NOW }) }],
  ['NO_PLAN', { state: without(plan.id) }],
  ['PLAN_ENDS_SOON', { state: stateWith({ ...plan, exp: NOW + 7 * DAY }) }],
  ['PLAN_EXPIRED', { state: stateWith({ ...plan, exp: NOW }) }],
  ['DOCUMENTS_STALE', { stale: ['trust'] }],
  ['ITEM_UNPLAYABLE', { passedOver: pass('bad-rule') }],
  ['ZONE_UNKNOWN', { passedOver: pass('unknown-zone') }],
  [
    'POLICY_CLAMPED',
    { state: stateWith({ ...plan, exp: NOW + 60 * DAY, items: [item({ volume: device.volumeMax + 1 })] }) },
  ],
  ['POLICY_CLAMPED', { reasons: ['DAILY_LIMIT'] }],
  ['NO_TIME', { reading: { ...well.reading, state: 'FLOOR' } }],
  ['TIME_DISPUTE', { isDisputed: true }],
  ['CLOCK_UNSET', { isUnset: true }],
  ['TIME_SETTLED', { settledAtMs: NOW * 1000 - 7 * DAY * 1000 + 1 }],
  ['LINK_DOWN', { link: { ...away, bootedAtMs: 0, lastContactAtMs: NOW * 1000 - 600_001 } }],
  ['BROKER_DOWN', { link: { ...away, bootedAtMs: 0, lastContactAtMs: NOW * 1000 - 600_000 } }],
  ['HEAD_OLD', { state: stateWith({ ...head, iat: NOW - 3 * DAY - 1 }) }],
  ['OUTBOX_LARGE', { unsentRecords: 2001 }],
  ['MEDIA_MISSING', { media: { missing: 1, noSpace: false } }],
  ['MEDIA_NOSPACE', { media: { missing: 0, noSpace: true } }],
  ['MEDIA_WRONG', { reasons: ['MEDIA_WRONG'] }],
  ['DISK_FULL', { freeBytes: 99_999_999 }],
  ['DATABASE_REPLACED', { storeFaults: ['database-replaced'] }],
  ['FLOORS_COPY_FAILED', { storeFaults: ['floors-copy-failed'] }],
  ['NO_LINE_IN', { player: failedPlayer('no-input') }],
  ['LINE_IN_SILENT', { player: relaying(-90) }],
  ['NO_SOUND_DEVICE', { player: failedPlayer('no-output') }],
  ['PLAYER_HUNG', { player: failedPlayer('hung') }],
  ['PLAYER_DIED', { player: { ...quietPlayer, state: 'absent' } }],
  ['NO_PROVEN_SOUND', { player: { ...quietPlayer, state: 'playing' } }],
  ['RELAY_FAULT', { amplifier: { on: null, wanted: false, failure: null } }],
  ['RELAY_FAULT', { amplifier: { on: false, wanted: true, failure: null } }],
  ['AMPLIFIER_STUCK', { amplifier: { on: true, wanted: false, failure: null } }],
  ['TUNER_FAULT', { tuner: { ...tuner, failure: 'no answer' } }],
  ['SCREEN_FAULT', { screen: { ...screen, state: 'absent' } }],
  ['FM_STATION_UNHEARD', { state: stateWith(fmplan), tuner: { ...listening, pis: ['ffff'] } }],
  [
    'FM_BEAT_WANTS_CLOCK',
    {
      ...onStation,
      reading: { state: 'HOLDOVER', nowMs: NOW * 1000, u: 16, upMs: 0 },
    },
  ],
  ['FM_BEAT_BAD', { ...onStation, beats: { good: 4, bad: 5, unanchored: 0 } }],
  ['FM_BEAT_SILENT', { ...onStation, isBeatSilent: true }],
  ['FM_BEAT_NO_ANCHOR', { ...onStation, beats: { good: 0, bad: 0, unanchored: 5 } }],
  ['FM_BEAT_ENDS_SOON', { state: stateWith(anchoredFor(14)), tuner }],
  ['FM_BEAT_ENDS_SOON', { ...onStation, state: stateWith(anchoredFor(0)) }],
  ['CABINET_DOOR_OPEN', { inputs: { ...shut, door: true, doorOpenedUpMs: 0 } }],
  ['CABINET_OPENED', { inputs: { ...shut, doorOpenedUpMs: 0 } }],
  ['MAINS_LOST', { inputs: { ...shut, mains: false } }],
  ['LOCAL_MUTE', { inputs: { ...shut, mute: true } }],
  ['LOCAL_MUTE_SPENT', { inputs: { ...shut, mute: true, isMuteSpent: true } }],
  ['INPUTS_FAULT', { inputs: { ...shut, failure: 'door: gone' } }],
  ['AMPLIFIER_NO_CURRENT', playing(119)],
  ['AMPLIFIER_CURRENT_STUCK', { current: draws(-120) }],
  ['CURRENT_SENSOR_FAULT', { current: draws(null, 'no answer') }],
  ['CURRENT_SENSOR_FAULT', { ...playing(0), current: draws(NaN) }],
  ['CURRENT_SENSOR_FAULT', { ...playing(0), current: draws(4001) }],
  ['CABINET_DOOR_OPEN', { ...told({ values: { 'door-open': 1 }, doorOpenedUpMs: 0 }), inputs: shut }],
  ['CABINET_DOOR_OPEN', told({ values: { 'opening-open': 1 } })],
  ['CABINET_OPENED', told({ doorOpenedUpMs: upMs - 24 * HOUR_MS + 1 })],
  ['BLUETOOTH_AWAY', told({ heardUpMs: null }, 'away')],
  ['SENSOR_SILENT', told({ heardUpMs: null })],
  ['SENSOR_SILENT', told({ heardUpMs: upMs - HOUR_MS - 1, values: { temperature: 60, 'door-open': 1 } })],
  ['SENSOR_BATTERY_LOW', told({ values: { battery: 10 } })],
  ['SENSOR_BATTERY_LOW', told({ values: { 'battery-low': 1 } })],
  ['SENSOR_NOT_BELIEVED', told(refused(599_999))],
  ['SENSOR_IMPLAUSIBLE', told({ implausible: ['humidity 655.35'] })],
  ['CABINET_HOT', told({ values: { temperature: 20, 'temperature-2': 50 } })],
  ['CABINET_HUMID', told({ values: { humidity: 90 } })],
  ['UNDECIDED', { isUndecided: true }],
  ['CONSOLE_OPEN', { isConsoleRecent: true }],
];

describe('a detector', () => {
  test('finds nothing wrong with a box that is well', () => {
    expect([...detect({ ...well, tuner, screen, inputs: shut, passedOver: pass('not-for-tags') })]).toEqual(
      [],
    );
  });

  test.each(seen)('finds %s, and that alone', (code, facts) => {
    expect([...detect({ ...well, ...facts })]).toEqual([code]);
  });

  test('F03 tells that the cloud has been withholding everything for three days, however well the line is', () => {
    const withheld = { ...well, state: stateWith({ ...head, iat: NOW - 10 * DAY }) };
    expect([...detect(withheld)]).toEqual(['HEAD_OLD']);
    expect([...detect({ ...well, state: stateWith({ ...head, iat: NOW - 3 * DAY }) })]).toEqual([]);
  });

  test('calls no cabinet hot for a sensor outside it, nor a sensor silent that is a button, nor tells of an old refusal or an old lie', () => {
    const button = { silentAfterMs: null, heardUpMs: null } as const;
    for (const over of [
      { where: 'outside', values: { temperature: 60, 'door-open': 1 }, doorOpenedUpMs: upMs } as const,
      button,
      refused(600_000),
      { silentAfterMs: null, heardUpMs: upMs - 24 * HOUR_MS - 1, implausible: ['humidity 655.35'] },
      {},
    ])
      expect([...detect({ ...well, ...told(over) })]).toEqual([]);
  });

  test('tells of a settled time for seven days, and of none that lies further ahead: it was undone', () => {
    for (const days of [-7, 7])
      expect([...detect({ ...well, settledAtMs: (NOW + days * DAY) * 1000 })]).toEqual([]);
    expect([...detect({ ...well, settledAtMs: (NOW + DAY) * 1000 })]).toEqual(['TIME_SETTLED']);
  });

  test('calls no sensor silent that has had less than its time since the agent began', () => {
    const { sensors, reading } = told({ heardUpMs: null });
    const began = { ...sensors, beganUpMs: upMs - HOUR_MS };
    expect([...detect({ ...well, reading, sensors: began })]).toEqual([]);
  });

  test('does not call an amplifier dead that plays softly, rests, or is only warm yet', () => {
    const warm = { ...playing(0), player: quietPlayer };
    for (const facts of [playing(120), { current: draws(119) }, warm])
      expect([...detect({ ...well, ...facts })]).toEqual([]);
  });

  test('H2 H3 calls no station false for a few beats misheard, nor in a mode or under an fmplan that wants none', () => {
    const bad = { good: 0, bad: 50, unanchored: 0 };
    const narrower = { ...fmplan, id: 'fmplan:56.22366', area: '56.22366', mode: 'pi' } as const;
    for (const facts of [
      { ...onStation, beats: { good: 5, bad: 5, unanchored: 0 } },
      { ...onStation, beats: { good: 0, bad: 4, unanchored: 4 } },
      { ...onStation, beats: { good: 5, bad: 0, unanchored: 5 } },
      { ...onStation, state: stateWith({ ...fmplan, mode: 'data' }), beats: bad, isBeatSilent: true },
      { ...onStation, state: stateWith(fmplan, narrower), beats: bad },
      { state: stateWith(fmplan), tuner, beats: bad },
    ])
      expect([...detect({ ...well, ...facts })]).toEqual([]);
  });

  test('H8 tells of no heartbeat that lasts for longer than 14 days, or that nobody here listens to', () => {
    const endsIn = (days: number) => ({ state: stateWith(anchoredFor(days)) });
    const data = stateWith({ ...anchoredFor(1), mode: 'data' });
    for (const facts of [{ ...endsIn(15), tuner }, endsIn(1), { state: data, tuner }])
      expect([...detect({ ...well, ...facts })]).toEqual([]);
  });

  test('a box without the time can judge no beat, and says so', () => {
    const reading = { ...well.reading, state: 'FLOOR' } as const;
    expect([...detect({ ...well, ...onStation, reading })]).toEqual(['NO_TIME', 'FM_BEAT_WANTS_CLOCK']);
  });

  test('is there for every declared condition but those that loa doctor alone can see', () => {
    const alarms = conditionCodes.filter((code) => code.startsWith('REJECT_'));
    const ofDoctor = Object.keys(machineConditions);
    expect(new Set([...seen.map(([code]) => code), ...alarms, ...ofDoctor])).toEqual(new Set(conditionCodes));
  });

  test('does not call a box cut off that has no broker and asked a minute ago', () => {
    const asked = { ...away, hasBroker: false, bootedAtMs: 0, lastContactAtMs: (NOW - 60) * 1000 };
    expect([...detect({ ...well, link: asked })]).toEqual([]);
  });
});

describe('the watch', () => {
  const at = (upMs: number, facts: Partial<Facts> = {}): Facts => ({
    ...well,
    ...facts,
    reading: { ...well.reading, upMs, nowMs: NOW * 1000 + upMs },
  });
  const dead = { player: { ...quietPlayer, state: 'absent' } } as const;
  const { holdMs } = conditions.PLAYER_DIED;

  test('shows a condition once it has lasted, since when it began, and says that it came and went', () => {
    const early = watch(at(0, dead), firstHealth({}));
    expect(early.conditions).toEqual([]);
    const late = watch(at(holdMs, dead), early.memory);
    expect(late.conditions).toEqual([{ code: 'PLAYER_DIED', sinceMs: NOW * 1000 }]);
    expect(late.came).toEqual(['PLAYER_DIED']);
    const same = watch(at(holdMs + 1, dead), late.memory);
    expect([same.came, same.went]).toEqual([[], []]);
    const gone = watch(at(holdMs + 2), same.memory);
    expect([gone.conditions, gone.went]).toEqual([[], ['PLAYER_DIED']]);
  });

  test('begins to count anew when a condition went away before it was shown', () => {
    const early = watch(at(0, dead), firstHealth({}));
    const gone = watch(at(holdMs - 1), early.memory);
    const again = watch(at(holdMs, dead), gone.memory);
    expect(again.conditions).toEqual([]);
  });

  test('a step of the wall clock neither shows nor hides a condition', () => {
    const early = watch(at(0, dead), firstHealth({}));
    const facts = at(10, dead);
    const stepped = { ...facts, reading: { ...facts.reading, nowMs: (NOW + DAY) * 1000 } };
    expect(watch(stepped, early.memory).conditions).toEqual([]);
  });

  test('a new rejection that smells of attack is an alarm for a day, old counts are none', () => {
    const start = firstHealth({ EQUIVOCATION: 3, EXPIRED: 9 });
    const calm = watch(at(0, { rejects: { EQUIVOCATION: 3, EXPIRED: 10 } }), start);
    expect(calm.conditions).toEqual([]);
    const alarmed = watch(at(SECOND_MS, { rejects: { EQUIVOCATION: 4, EXPIRED: 10 } }), calm.memory);
    expect(alarmed.came).toEqual(['REJECT_EQUIVOCATION']);
    const rejects = { EQUIVOCATION: 4 };
    const tomorrow = watch(at(DAY * 1000, { rejects }), alarmed.memory);
    expect(tomorrow.conditions).toHaveLength(1);
    const later = watch(at(DAY * 1000 + SECOND_MS, { rejects }), tomorrow.memory);
    expect(later.conditions).toEqual([]);
  });
});
