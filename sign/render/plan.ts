/** A plan as its signer sees it: every item with all that makes it sound or show, then the days to come. */
import type { Plan } from '../../shared/protocol/schema/documents.ts';
import type { Item, MediaSource, Recurrence, Source } from '../../shared/protocol/schema/item.ts';
import type { Media } from '../../shared/protocol/schema/media.ts';
import { dayLines } from './days.ts';
import { danger, duration, faint, plain, size, title, warn } from './line.ts';
import type { Line } from './line.ts';

/** `from`: the instant, in UTC seconds, whose local day is the first that is shown. */
export function planLines(plan: Plan, from: number): readonly Line[] {
  const media = new Map(mediaOf(plan).map((each, index) => [each.sha256, index + 1]));
  return [
    title(`CÁC MỤC · ITEMS (${plan.items.length})`),
    ...plan.items.flatMap((item) => itemLines(item, media)),
    ...mediaLines(mediaOf(plan)),
    ...dayLines(plan, from),
  ];
}

const SURFACE = { sound: 'loa · sound', screen: 'bảng · screen' } as const;

function itemLines(item: Item, media: ReadonlyMap<string, number>): readonly Line[] {
  const tags = item.only === null ? [] : [`chỉ · only: ${item.only.tags.join(', ')}`];
  const words = [item.language, item.author, item.topic].filter((each) => each !== '');
  return [
    plain(`▪ ${item.title}  [${item.id}]  ${words.join(' · ')}`),
    ...(item.night ? [danger('  ĐƯỢC PHÁT CẢ GIỜ NGHỈ BAN ĐÊM · MAY SOUND IN QUIET HOURS')] : []),
    plain(
      `  ${[SURFACE[item.surface], `ưu tiên · priority ${item.priority}`, volumeOf(item), ...tags].filter((each) => each !== '').join(', ')}`,
    ),
    plain(`  Lúc · When: ${item.startAt}, ${duration(item.lengthS)}; ${datesOf(item)}`),
    ...sourceLines(item.source, media),
    faint(
      `  start ${typeof item.start === 'string' ? item.start : `≤ ${item.start.graceS} s`}, late ${item.late}, afterCut ${item.afterCut}`,
    ),
  ];
}

const volumeOf = ({ surface, volume, source }: Item): string =>
  surface === 'sound' || source.kind === 'media' || source.kind === 'stream'
    ? `âm lượng · volume ${volume}`
    : '';

function datesOf({ firstDay, lastDay, recur, except, also }: Item): string {
  const period = recur === null ? firstDay : `${firstDay} … ${lastDay ?? '∞'} ${recurrenceOf(recur)}`;
  const added = also.length === 0 ? '' : `; thêm · also ${also.join(', ')}`;
  return period + added + (except.length === 0 ? '' : `; trừ · except ${except.join(', ')}`);
}

function recurrenceOf(recur: Recurrence): string {
  if (recur.kind === 'rrule') return recur.rule;
  const months =
    recur.months.length === 0 ? 'mọi tháng · every month' : `tháng · months ${recur.months.join(', ')}`;
  const leap = recur.leap ? ', cả tháng nhuận · leap months too' : '';
  return `âm lịch · lunar: ngày · days ${recur.days.join(', ')}, ${months}${leap}`;
}

function sourceLines(source: Source, media: ReadonlyMap<string, number>): readonly Line[] {
  switch (source.kind) {
    case 'media':
      return [plain(`  Nguồn · Source: ${playOf(source, media)}`)];
    case 'stream': {
      const instead = source.orElse === null ? 'im lặng · silence' : playOf(source.orElse, media);
      return [
        warn(
          `  Nguồn · Source: TRỰC TIẾP TỪ MẠNG · STREAM ${source.url} (nội dung không ai ký · nobody signs what it sends)`,
        ),
        plain(`  Nếu không có · Or else: ${instead}`),
      ];
    }
    case 'tuner': {
      const identified = source.pi === null ? 'KHÔNG nhận dạng · UNIDENTIFIED' : `PI ${source.pi}`;
      return [
        warn(`  Nguồn · Source: tiếp sóng FM · FM relay ${source.frequencyKhz / 1000} MHz, ${identified}`),
      ];
    }
    case 'live':
      return [
        warn(
          `  Nguồn · Source: nói trực tiếp · live, ≤ ${duration(source.maxS)}, một trong các khóa · one of the keys:`,
        ),
        ...source.speakers.map((kid) => warn(`    ${kid}`)),
      ];
    case 'page':
      return pageLines(source, media);
    case 'ticker':
      return [plain(`  Chữ chạy · Ticker: “${source.text}”`)];
  }
}

function pageLines(
  page: Extract<Source, { kind: 'page' }>,
  media: ReadonlyMap<string, number>,
): readonly Line[] {
  const image = page.image === null ? '' : `, ảnh · image [${media.get(page.image.sha256) ?? '?'}]`;
  return [
    plain(`  Trang · Page (${page.template}, ${duration(page.durationS)}${image}): “${page.title}”`),
    ...page.body.split('\n').map((line) => plain(`    ${line}`)),
  ];
}

function playOf({ play, repeat }: MediaSource, media: ReadonlyMap<string, number>): string {
  const files = play.map(({ sha256 }) => `[${media.get(sha256) ?? '?'}]`).join(' ');
  if (repeat === 'fill') return `${files}, lặp đến hết giờ · repeated to the end`;
  return repeat === 1 ? files : `${files} × ${repeat}`;
}

/** Each recording and picture once, in the order in which items name them. */
function mediaOf({ items }: Plan): readonly Media[] {
  const all = items.flatMap(({ source }) => {
    if (source.kind === 'media') return source.play;
    if (source.kind === 'stream') return source.orElse?.play ?? [];
    return source.kind === 'page' && source.image !== null ? [source.image] : [];
  });
  return [...new Map(all.map((each) => [each.sha256, each])).values()];
}

function mediaLines(media: readonly Media[]): readonly Line[] {
  if (media.length === 0) return [];
  return [
    title(`TỆP · MEDIA (${media.length})`),
    ...media.map((each, index) => plain(`[${index + 1}] ${mediaText(each)}`)),
  ];
}

export function mediaText({ sha256, mime, durMs, size: sizeBytes }: Media): string {
  const length = durMs === 0 ? '' : `, ${duration(Math.round(durMs / 1000))}`;
  return `sha256 ${sha256}  ${mime}${length}, ${size(sizeBytes)}`;
}
