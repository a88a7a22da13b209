/** A small province for the tests of loa-sign: people with keys in memory, their trust, one commune's keyring and a plan. */
import { isOpened } from '../shared/protocol/envelope.ts';
import type { Opened } from '../shared/protocol/envelope.ts';
import type {
  DocumentOf,
  DocumentType,
  Fmplan,
  Plan,
  Station,
  Trust,
} from '../shared/protocol/schema/documents.ts';
import type { Item } from '../shared/protocol/schema/item.ts';
import { initialState } from '../shared/protocol/state.ts';
import type { BoxState } from '../shared/protocol/state.ts';
import { storeDocument } from '../shared/protocol/versions.ts';
import { draftKeyring, draftTrust } from './ceremony.ts';
import type { GrantPlan } from './ceremony.ts';
import { newKey } from './keys.ts';
import type { Algorithm, SigningKey } from './keys.ts';
import { signDraft } from './signing.ts';
import { valueOf } from './text.ts';

export const DAY_S = 86_400;
/** 24 November 2026, 07:00 in Vietnam. */
export const NOW = 1_795_478_400;
export const COMMUNE = '56.22366';

export const person = async (name: string, alg: Algorithm = 'Ed25519'): Promise<SigningKey> =>
  valueOf(await newKey(name, alg));

export type Cast = {
  readonly an: SigningKey;
  readonly binh: SigningKey;
  readonly chi: SigningKey;
  readonly dung: SigningKey;
};

export const newCast = async (): Promise<Cast> => ({
  an: await person('Nguyễn Văn An'),
  binh: await person('Trần Thị Bình'),
  chi: await person('Lê Chi', 'ES256'),
  dung: await person('Phạm Dũng'),
});

export function grantsFor({ an, binh, chi, dung }: Cast): readonly GrantPlan[] {
  const people = [an.holder, binh.holder, chi.holder];
  return [
    { role: 'root', area: '56', threshold: 2, people },
    { role: 'registrar', area: '56', threshold: 2, people },
    { role: 'templates', area: '56', threshold: 2, people },
    { role: 'emergency', area: '56', threshold: 2, people, kinds: ['alert', 'clear', 'stop', 'live'] },
    { role: 'emergency', area: '56', threshold: 1, people, kinds: ['template', 'halt', 'test'] },
    { role: 'head', area: '56', threshold: 1, people: [dung.holder] },
  ];
}

const life = { prov: 'vn56', ver: 1, iat: NOW - DAY_S, lifeS: 365 * DAY_S };

export const trustOf = (cast: Cast): Trust =>
  valueOf(draftTrust({ ...life, keys: Object.values(cast), grants: grantsFor(cast) }));

export const keyringOf = ({ an, dung }: Cast, area = COMMUNE): DocumentOf<'keyring'> =>
  valueOf(
    draftKeyring({
      ...life,
      area,
      epoch: 1,
      keys: [an, dung],
      grants: [{ role: 'publisher', area, threshold: 2, people: [an.holder, dung.holder] }],
    }),
  );

export async function signed<T extends DocumentType>(
  document: DocumentOf<T>,
  keys: readonly SigningKey[],
): Promise<Opened<DocumentOf<T>>> {
  const opened = valueOf(await signDraft(document, keys));
  if (isOpened(opened, document.typ)) return opened;
  throw new Error('signed another type');
}

/** What a signer's machine knows: the trust, and the documents in this order. */
export async function knowing(cast: Cast, ...documents: readonly Opened[]): Promise<BoxState> {
  const trust = await signed<'trust'>(trustOf(cast), [cast.an, cast.binh]);
  const empty = initialState({ prov: 'vn56', dev: 'd-aaaaaaaaaaaaaaaa', floor: 0, trust });
  return documents.reduce((state, each) => storeDocument(each, state), empty);
}

export const item = (change: Partial<Item> = {}): Item => ({
  id: 'ban-tin',
  title: 'Bản tin sáng',
  surface: 'sound',
  priority: 5,
  language: 'vi',
  author: 'Đài xã',
  topic: 'thoi-su',
  firstDay: '2026-11-24',
  lastDay: null,
  startAt: '17:00:00',
  lengthS: 1800,
  recur: { kind: 'rrule', rule: 'FREQ=DAILY' },
  except: [],
  also: [],
  start: 'exact',
  late: 'join',
  afterCut: 'resume',
  volume: 70,
  night: false,
  only: null,
  source: {
    kind: 'media',
    play: [{ sha256: 'A'.repeat(43), size: 3_000_000, mime: 'audio/ogg', durMs: 750_000 }],
    repeat: 2,
  },
  ...change,
});

export const planOf = (items: readonly Item[], change: Partial<Plan> = {}): Plan => ({
  typ: 'plan',
  v: 1,
  prov: 'vn56',
  id: `plan:${COMMUNE}`,
  epoch: 1,
  ver: 1,
  iat: NOW,
  exp: NOW + 45 * DAY_S,
  area: COMMUNE,
  zone: 'Asia/Ho_Chi_Minh',
  items: [...items],
  ...change,
});

/** One station, 101.9 MHz, with this heartbeat. */
export const beatingFmplan = (mode: Fmplan['mode'], beat: Station['beat']): Fmplan => ({
  ...{ typ: 'fmplan', v: 1, prov: 'vn56', id: 'fmplan:56', epoch: 1, ver: 1, area: '56', mode },
  ...{ iat: NOW, exp: NOW + 45 * DAY_S, windows: [], dailyMaxMin: 30, volume: 60, orderKeys: [] },
  stations: [{ frequencyKhz: 101_900, pi: 'd3c1', rssiMin: 20, rssiMax: 80, beat }],
});

export const clockAt = (now: number) => ({ state: 'SYNCED', now, u: 2 }) as const;
