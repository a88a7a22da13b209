import { describe, expect, it } from 'vitest';
import { accept } from '../../shared/protocol/accept.ts';
import { readStored } from '../../shared/protocol/envelope.ts';
import type { Device, Plan } from '../../shared/protocol/schema/documents.ts';
import { initialState, storedOf } from '../../shared/protocol/state.ts';
import type { BoxState, Clock, FmOrder } from '../../shared/protocol/state.ts';
import { bytesOf, vector } from '../store/a-box.fixture.ts';
import { inForce } from './in-force.ts';
import type { WithoutTime } from './in-force.ts';

/** The state after some steps of a vector, and the clock there. */
async function after(id: string, steps?: number): Promise<{ state: BoxState; clock: Clock }> {
  const { box, trust, steps: all } = vector(id);
  const factory = readStored(bytesOf(trust));
  if (typeof factory === 'string' || factory.document.typ !== 'trust') throw new Error('no trust');
  let state = initialState({ ...box, trust: { ...factory, document: factory.document } });
  let clock: Clock = { state: 'FLOOR', now: 0, u: 0 };
  for (const step of all.slice(0, steps)) {
    ({ state } = await accept(bytesOf(step.input), state, step.clock, step.nonce));
    clock = step.clock;
  }
  return { state, clock };
}

/** The same document with other fields, as if it had been signed so. */
function changed(
  state: BoxState,
  id: string,
  fields: Partial<Pick<Device, 'exp' | 'state' | 'area' | 'clockless'>>,
): BoxState {
  const stored = state.docs.get(id);
  if (stored === undefined) throw new Error(`no ${id}`);
  const document = { ...stored.document, ...fields } as Device | Plan;
  return { ...state, docs: new Map(state.docs).set(id, { ...stored, document }) };
}

const DEVICE = 'device:d-mkpifw63jf5rreg3';
const SILENT = { silence: 'no-time', byRadio: null, plans: 0, isListening: true, orders: 0 };

describe('in force', () => {
  it('are the plans of the box and of its ancestors until their exp, exclusive', async () => {
    const { state, clock } = await after('V08-province-and-commune');
    expect(
      inForce(state, clock)
        .plans.map(({ id }) => id)
        .sort(),
    ).toEqual(['plan:56', 'plan:56.22366']);
    const exp = clock.now + 100;
    const ending = changed(state, 'plan:56', { exp });
    const at = (now: number) => inForce(ending, { ...clock, now }).plans.map(({ id }) => id);
    expect(at(exp - 1)).toContain('plan:56');
    expect(at(exp)).not.toContain('plan:56');
  });

  it('a plan that the floor has passed is over, whatever the clock says', async () => {
    const { state, clock } = await after('V08-province-and-commune');
    expect(inForce({ ...state, floor: 2_000_000_000 }, clock).plans).toEqual([]);
  });

  it('a box that was moved follows the plans of its new area alone', async () => {
    const { state, clock } = await after('V08-box-moves');
    expect([...state.docs.keys()]).toEqual(expect.arrayContaining(['plan:56.22366', 'plan:56.22372']));
    expect(inForce(state, clock).plans.map(({ id }) => id)).toEqual(['plan:56.22372']);
  });

  it('a box that was moved follows no order for the place where it was', async () => {
    const { state, clock } = await after('V08-box-moves');
    const movedTo = (area: string) => inForce(changed(state, DEVICE, { area }), clock).orders.length;
    expect([movedTo('56.22366'), movedTo('56.22372'), movedTo('56.22377')]).toEqual([1, 1, 0]);
  });

  it('the device document serves on after its exp, and names what is not in force when revoked', async () => {
    const { state, clock } = await after('T01-bring-up');
    const old = changed(state, DEVICE, { exp: clock.now - 1 });
    expect(inForce(old, clock)).toMatchObject({ silence: null, device: { dev: 'd-mkpifw63jf5rreg3' } });
    const revoked = changed(state, DEVICE, { state: 'revoked' });
    expect(inForce(revoked, clock)).toMatchObject({
      silence: 'revoked',
      plans: [],
      orders: [],
      fmplan: null,
    });
  });

  it('the fmplan is that of the narrowest area', async () => {
    const { state, clock } = await after('V08-province-and-commune');
    expect(inForce(state, clock).fmplan?.id).toBe('fmplan:56.22366');
  });

  it('an order comes with its template: media, volume, title, warning; its own plays win', async () => {
    const { state, clock } = await after('A20-siren-survives-halt', 4);
    const orders = inForce(state, clock).orders.filter(({ kind }) => kind === 'template');
    const siren = storedOf(state, 'templates', 'templates:56')?.document.items.find(({ warning }) => warning);
    const warning = orders.find((order) => order.warning);
    expect(siren).toBeDefined();
    expect(warning?.play).toMatchObject({ media: siren?.media, volume: siren?.volume, title: siren?.title });
    expect(warning?.play.plays).toBe(orderOf(state, warning?.digest).plays);
    expect(orders.some((order) => !order.warning)).toBe(true);
    const bare = { ...state, docs: new Map([...state.docs].filter(([id]) => id !== 'templates:56')) };
    const toned = inForce(bare, clock).orders.filter(({ kind }) => kind === 'template');
    expect(toned.map(({ play }) => play.media)).toEqual(orders.map(() => null));
  });

  it('a test of the siren is no warning: it does not outrank a halt', async () => {
    const { state, clock } = await after('A20-siren-survives-halt', 4);
    const orders = new Map(
      [...state.orders].flatMap(([digest, row]) => {
        if (row.stored?.document.kind !== 'template') return [];
        const document = { ...row.stored.document, kind: 'test' as const, repeatS: null };
        return [[digest, { ...row, stored: { ...row.stored, document } }] as const];
      }),
    );
    const tests = inForce({ ...state, orders }, clock).orders;
    expect(tests.length).toBeGreaterThan(0);
    expect(tests.filter(({ warning }) => warning)).toEqual([]);
  });

  it('an alert with a recording of its own plays that, with its text', async () => {
    const { state, clock } = await after('T01-bring-up');
    const [alert] = inForce(state, clock).orders;
    const signed = orderOf(state, alert?.digest);
    expect(alert).toMatchObject({ kind: 'alert', exp: signed.exp, repeatS: signed.repeatS, slot: null });
    expect(alert?.play).toMatchObject({ media: signed.play, text: signed.text, volume: null });
  });

  it('a live order names the slot that it fills', async () => {
    const { state, clock } = await after('A18-slot', 4 + 2);
    expect(inForce(state, clock).orders.map(({ slot }) => slot)).toContainEqual(
      expect.objectContaining({ area: '56.22366' }),
    );
  });

  it('an order by radio plays the template that it names', async () => {
    const { state, clock } = await after('T01-bring-up');
    const [template] = storedOf(state, 'templates', 'templates:56')?.document.items ?? [];
    const fm: FmOrder = {
      frame: new Uint8Array(76),
      kind: 'template',
      area: '56',
      template: { area: '56', n: template?.n ?? 0 },
      plays: 7,
      iat: clock.now,
      exp: clock.now + 900,
      signer: 'k',
    };
    const orders = new Map([['f'.repeat(43), { exp: fm.exp, ended: false, stored: null, fm }]]);
    const [order] = inForce({ ...state, orders }, clock).orders;
    expect(order).toMatchObject({ digest: 'f'.repeat(43), repeatS: null, slot: null });
    expect(order?.play).toMatchObject({ media: template?.media, plays: 7, text: null });
  });
});

describe('nothing is in force', () => {
  it('D04 in quarantine, and D06 until the trust is there that the box once had', async () => {
    const { state, clock } = await after('T01-bring-up');
    const nothing = { plans: [], orders: [], fmplan: null };
    expect(inForce({ ...state, quarantined: true }, clock)).toMatchObject({
      silence: 'quarantined',
      ...nothing,
    });
    const behind = { ...state, trustFloor: { ver: 9, digest: 'nine' } };
    expect(inForce(behind, clock)).toMatchObject({ silence: 'behind-trust', ...nothing });
  });

  it('C08 without a clock', async () => {
    const { state, clock } = await after('T01-bring-up');
    expect(inForce(state, { ...clock, state: 'FLOOR' })).toMatchObject({
      silence: 'no-time',
      plans: [],
      orders: [],
    });
    expect(inForce(state, clock).orders).toHaveLength(1);
  });

  it('C09 without a clock but the time of a station: as the device document says, and orders never', async () => {
    const { state, clock } = await after('T01-bring-up');
    const floor: Clock = { ...clock, state: 'FLOOR', now: state.floor };
    const told: WithoutTime = { toldS: clock.now, leastS: state.floor };
    const by = (clockless: Device['clockless'], without = told) => {
      const { silence, byRadio, plans, fmplan, orders } = inForce(
        changed(state, DEVICE, { clockless }),
        floor,
        without,
      );
      return { silence, byRadio, plans: plans.length, isListening: fmplan !== null, orders: orders.length };
    };
    expect(by('silent')).toEqual({ ...SILENT, isListening: false });
    expect(by('fm')).toEqual({ ...SILENT, silence: null, byRadio: 'fm' });
    expect(by('plan')).toEqual({ ...SILENT, silence: null, byRadio: 'plan', plans: 1 });
    // Nothing is told yet, or a time at which all that is signed has expired.
    expect(by('plan', { ...told, toldS: null })).toEqual(SILENT);
    expect(by('plan', { ...told, toldS: 4_000_000_000 })).toMatchObject({ plans: 0, isListening: false });
    expect(by('plan', { toldS: state.floor, leastS: 4_000_000_000 })).toMatchObject({ plans: 0 });
    const revoked = changed(state, DEVICE, { clockless: 'plan', state: 'revoked' });
    expect(inForce(revoked, floor, told)).toMatchObject({ silence: 'revoked', byRadio: null, plans: [] });
    // A box that knows the time asks no station.
    const synced = inForce(changed(state, DEVICE, { clockless: 'plan' }), clock, told);
    expect(synced).toMatchObject({ silence: null, byRadio: null });
    expect(synced.orders).toHaveLength(1);
  });

  it('A19 without a device document', async () => {
    const { state, clock } = await after('T01-bring-up', 2);
    expect(inForce(state, clock)).toMatchObject({ silence: 'no-device', device: null });
  });
});

function orderOf(state: BoxState, digest: string | undefined) {
  const order = state.orders.get(digest ?? '')?.stored?.document;
  if (order === undefined) throw new Error('no order');
  return order;
}
