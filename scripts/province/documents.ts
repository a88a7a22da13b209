/** Drafts of what the demo's people sign: plans, templates, device documents and orders, for one first instant. */
import type { Device, Order, Plan, Templates } from '../../shared/protocol/schema/documents.ts';
import type { Item } from '../../shared/protocol/schema/item.ts';
import type { Media } from '../../shared/protocol/schema/media.ts';
import type { MadeMedia } from './media.ts';
import { PROV } from './people.ts';
import { ADDED, ALERT, SPOKEN, WARNING } from './programmes.ts';
import type { Recordings, Spoken } from './programmes.ts';
import type { Box } from './storyboard.ts';

const DAY_S = 86_400;
const ZONE = 'Asia/Ho_Chi_Minh';

/** Signed a little before, so that no box finds them to be from the future. */
const stamp = (id: string, ver: number, startS: number, lifeS: number) =>
  ({ v: 1, prov: PROV, id, epoch: 1, ver, iat: startS - 120, exp: startS - 120 + lifeS }) as const;

type Timeless = Omit<Item, 'id' | 'title' | 'surface' | 'firstDay' | 'startAt' | 'lengthS' | 'source'>;

const ORDINARY: Timeless = {
  priority: 5,
  language: 'vi',
  author: 'Ban biên tập',
  topic: 'tin-tuc',
  lastDay: null,
  recur: null,
  except: [],
  also: [],
  start: 'exact',
  late: 'join',
  afterCut: 'resume',
  volume: 70,
  night: false,
  only: null,
};

/** Local day and wall time of an instant; Vietnam is at UTC+7 all year. */
function wallTime(at: number): Pick<Item, 'firstDay' | 'startAt'> {
  const local = new Date((at + 7 * 3600) * 1000).toISOString();
  return { firstDay: local.slice(0, 10), startAt: local.slice(11, 19) };
}

/** One telling of the storyboard: the watched demo begins another when one is over. */
export type Round = { readonly startS: number; readonly index: number };

/** The plan of one area: the second version of a round (even numbers) has one programme more. */
export function planOf(
  area: string,
  which: 'first' | 'second',
  { startS, index }: Round,
  recordings: Recordings,
): Plan {
  const ver = 2 * index + (which === 'first' ? 1 : 2);
  const spoken = [...SPOKEN, ...(which === 'first' ? [] : [ADDED])].filter((each) => each.area === area);
  const items = spoken.map((each) => spokenItem(each, startS, recordings));
  const board = area === '56.22366' ? boardItems(startS, recordings) : [];
  const stamped = stamp(`plan:${area}`, ver, startS, 60 * DAY_S);
  return { ...stamped, typ: 'plan', area, zone: ZONE, items: [...items, ...board] };
}

function spokenItem({ id, title, atS, lengthS }: Spoken, startS: number, { spoken }: Recordings): Item {
  const made = spoken.get(id);
  if (made === undefined) throw new Error(`no recording of ${id}`);
  const source: Item['source'] = { kind: 'media', play: [made.media], repeat: 1 };
  return {
    ...ORDINARY,
    ...wallTime(startS + atS),
    id,
    title,
    surface: 'sound',
    lengthS: lengthS + 1,
    source,
  };
}

function boardItems(startS: number, { sea, forest }: Recordings): Item[] {
  const shown = (id: string, title: string, source: Item['source']): Item => ({
    ...ORDINARY,
    ...wallTime(startS - 30),
    ...{ id, title, surface: 'screen', lengthS: 8 * 3600, source },
  });
  const page = (id: string, title: string, body: string, image: MadeMedia | null): Item =>
    shown(id, title, {
      kind: 'page',
      template: 'thong-bao',
      title,
      body,
      image: image?.media ?? null,
      durationS: 12,
    });
  const text = 'Thủy triều Nha Trang: nước lớn 14 giờ 20 · Nhiệt độ 29 °C · Đường dây nóng của phường: 1022';
  return [
    page(
      'bien-sach',
      'Giữ sạch bãi biển',
      'Chủ nhật này, 6 giờ sáng, cùng dọn rác tại quảng trường 2 Tháng 4.',
      sea,
    ),
    page(
      'chay-rung',
      'Cấm đốt nương rẫy',
      'Cấp dự báo cháy rừng: cấp IV, nguy hiểm. Gọi 114 khi thấy khói.',
      forest,
    ),
    page(
      'ho-so',
      'Nộp hồ sơ trực tuyến',
      'Bộ phận một cửa hướng dẫn miễn phí từ 7 giờ 30 đến 16 giờ 30.',
      null,
    ),
    shown('dong-chu', 'Dòng chữ chạy', { kind: 'ticker', text }),
  ];
}

export function templatesOf(startS: number, { siren }: Recordings): Templates {
  const { n, title } = WARNING;
  const items = [{ n, title, warning: true, media: siren.media, plays: 1, volume: 85 }];
  return { ...stamp('templates:56', 1, startS, 300 * DAY_S), typ: 'templates', area: '56', items };
}

/** Quiet hours of two minutes half a day away, so that the demo sounds at any hour. */
export function deviceOf(dev: string, { area, kind }: Box, startS: number): Device {
  const from = wallTime(startS + DAY_S / 2).startAt.slice(0, 5);
  const to = wallTime(startS + DAY_S / 2 + 120).startAt.slice(0, 5);
  return {
    ...stamp(`device:${dev}`, 1, startS, 300 * DAY_S),
    typ: 'device',
    dev,
    area,
    state: 'active',
    tags: [kind === 'board' ? 'bang' : 'loa'],
    volumeMax: 90,
    quiet: [from, to],
    clockless: 'silent',
  };
}

const orderStamp = (id: string, nowS: number) =>
  ({
    ...stamp(id, 1, nowS, 0),
    iat: nowS,
    exp: nowS + 1800,
    typ: 'order',
    ver: 1,
    repeatS: null,
    plays: 1,
  }) as const;

/** One officer sounds the siren that two people have stored before. */
export function warningOrder(id: string, nowS: number): Order {
  const play = { template: { area: '56', n: WARNING.n } };
  return { ...orderStamp(id, nowS), kind: 'template', scope: [...WARNING.scope], play, ends: [], text: null };
}

/** Free words to the whole province: two officers. */
export function alertOrder(id: string, nowS: number, play: Media): Order {
  return { ...orderStamp(id, nowS), kind: 'alert', scope: ['56'], play, ends: [], text: ALERT.text };
}
