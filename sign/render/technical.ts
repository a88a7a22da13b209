/** Device, FM plan, templates, head and release as their signers see them. */
import { ANCHORS_END_SOON_S, anchoredUntil } from '../../shared/protocol/fm/beat.ts';
import { momentOf } from '../../shared/protocol/fm/beat-frame.ts';
import type {
  Device,
  Fmplan,
  Head,
  Release,
  Station,
  Templates,
} from '../../shared/protocol/schema/documents.ts';
import { fingerprint } from '../fingerprint.ts';
import { danger, faint, knownZone, moment, plain, size, title, warn } from './line.ts';
import type { Line } from './line.ts';
import { templateItemLines } from './order.ts';

export const templatesLines = ({ items }: Templates): readonly Line[] => [
  title(`MẪU THÔNG BÁO · TEMPLATES (${items.length})`),
  ...items.flatMap(templateItemLines),
];

/** protocol C6: whoever allows more than silence trusts what any transmitter nearby can say. */
const CLOCKLESS = {
  silent: plain('Khi không biết giờ · Without time: im lặng · silent'),
  fm: warn(
    'Khi không biết giờ · Without time: TIẾP SÓNG FM theo giờ RDS của đài (giả được), tối đa 30 phút một ngày, âm lượng 60 · FM RELAY by the RDS time of the station (can be forged), at most 30 min a day, volume 60',
  ),
  plan: warn(
    'Khi không biết giờ · Without time: TIẾP SÓNG FM (tối đa 30 phút một ngày) VÀ KẾ HOẠCH theo giờ RDS của đài (giả được): có thể sai giờ; lệnh không phát · FM RELAY (at most 30 min a day) AND THE PLAN by the RDS time of the station (can be forged): perhaps at a wrong hour; no orders',
  ),
} as const;

export function deviceLines({ dev, state, tags, volumeMax, quiet, clockless }: Device): readonly Line[] {
  return [
    state === 'active'
      ? plain(`Hộp loa · Box ${dev}`)
      : danger(`HỘP LOA BỊ THU HỒI, CÂM HOÀN TOÀN · BOX REVOKED, WHOLLY MUTE: ${dev}`),
    plain(`Nhãn · Tags: ${tags.join(', ') || '–'}`),
    plain(`Âm lượng tối đa · Volume at most ${volumeMax}`),
    plain(`Giờ nghỉ · Quiet hours: ${quiet === null ? '22:00–05:00' : quiet.join('–')}`),
    CLOCKLESS[clockless],
  ];
}

const MODES = {
  data: 'chỉ lệnh có chữ ký, không phát tiếng FM · signed commands only, no FM sound',
  beat: 'tiếng FM khi còn nhịp xác thực · FM sound while the heartbeat lives',
  pi: 'CHỈ NHẬN DẠNG BẰNG PI, không xác thực · PI ALONE, no authentication',
} as const;

/** `from`: since when it counts, in UTC seconds. */
export function fmplanLines(fmplan: Fmplan, from: number): readonly Line[] {
  const { mode, stations, windows, dailyMaxMin, volume, orderKeys } = fmplan;
  return [
    (mode === 'pi' ? danger : plain)(`Chế độ · Mode: ${MODES[mode]}`),
    plain(`Tối đa · At most ${dailyMaxMin} phút một ngày · min a day, âm lượng · volume ${volume}`),
    title(`ĐÀI · STATIONS (${stations.length})`),
    ...stations.flatMap((station) => stationLines(station, from)),
    title(`KHUNG GIỜ · WINDOWS (${windows.length})`),
    ...windows.map((each) =>
      plain(
        `${daysText(each.days)} ${each.from}–${each.to}, sau khi mất mạng · after ${each.afterMin} min offline`,
      ),
    ),
    title(`KHÓA RA LỆNH QUA FM · ORDER KEYS (${orderKeys.length})`),
    ...orderKeys.map((kid) => faint(`${fingerprint(kid)}  (${kid})`)),
  ];
}

function stationLines({ frequencyKhz, pi, rssiMin, rssiMax, beat }: Station, from: number): readonly Line[] {
  const station = plain(`${frequencyKhz / 1000} MHz, PI ${pi}, ${rssiMin}–${rssiMax} dBµV`);
  return beat === null ? [station] : [station, ...beatLines(beat, from)];
}

/** Until which day a station can prove itself; an fmplan outlives its anchors. */
function beatLines(beat: NonNullable<Station['beat']>, from: number): readonly Line[] {
  const { t0, chain, anchors } = beat;
  const until = anchoredUntil(beat, from);
  const end = moment(knownZone(), until);
  const chainText = faint(`    chuỗi · chain ${chain}, ${Object.keys(anchors).length} ngày · days`);
  const hasGap = Object.keys(anchors).some((day) => Number(day) >= momentOf(t0, until).day);
  const gap = hasGap ? [warn(`    THIẾU MỐC từ · NO ANCHOR from ${end}`)] : [];
  if (until <= from)
    return [danger('    nhịp · heartbeat: KHÔNG CÓ MỐC hôm nay · NO ANCHOR today'), chainText, ...gap];
  const soon = until - from <= ANCHORS_END_SOON_S;
  const words = soon ? `hết lúc · ENDS at ${end}` : `đến · until ${end}`;
  return [(soon ? warn : plain)(`    nhịp · heartbeat: ${words}`), chainText, ...gap];
}

const WEEKDAYS = ['T2', 'T3', 'T4', 'T5', 'T6', 'T7', 'CN'];
const daysText = (days: number): string => WEEKDAYS.filter((_, bit) => (days >> bit) % 2 === 1).join(' ');

export function headLines({ nonce, latest }: Head): readonly Line[] {
  return [
    warn(
      'Do khóa máy chủ ký hằng ngày, người không cần ký · signed by the online key; people need not sign it',
    ),
    plain(`nonce: ${nonce ?? '–'}`),
    ...Object.entries(latest).map(([id, { epoch, ver }]) => plain(`${id}: epoch ${epoch}, ver ${ver}`)),
  ];
}

export function releaseLines({ semver, minVer, artifacts }: Release): readonly Line[] {
  return [
    danger(`PHẦN MỀM CHO MỌI HỘP LOA · SOFTWARE OF EVERY BOX: ${semver} (minVer ${minVer})`),
    ...artifacts.map(({ arch, sha256, size: sizeBytes }) =>
      plain(`${arch}: sha256 ${sha256}, ${size(sizeBytes)}`),
    ),
  ];
}
