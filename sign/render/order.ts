/** An order as its signer sees it: what every loudspeaker in its scope will do, at once. */
import type { Media } from '../../shared/protocol/schema/media.ts';
import type { Order, Template } from '../../shared/protocol/schema/documents.ts';
import { storedOf } from '../../shared/protocol/state.ts';
import type { BoxState } from '../../shared/protocol/state.ts';
import { ORDER_LIFE_S } from '../draft.ts';
import { templatePlayOf } from '../order.ts';
import { danger, duration, plain, warn } from './line.ts';
import type { Line } from './line.ts';
import { mediaText } from './plan.ts';

const KINDS: Readonly<Record<Order['kind'], string>> = {
  alert: 'BÁO ĐỘNG · ALERT: át mọi thứ, cả ban đêm · over everything, at night too',
  clear: 'HỦY BÁO ĐỘNG · CLEAR',
  stop: 'DỪNG TẤT CẢ trừ báo động · STOP: everything but alerts is silent, warnings too',
  halt: 'TẠM DỪNG · HALT: everything but alerts and warnings is silent',
  live: 'NÓI TRỰC TIẾP · LIVE: tiếng không ai duyệt trước · words that nobody approved before',
  template: 'MẪU THÔNG BÁO · TEMPLATE',
  test: 'THỬ LOA · TEST',
};

const LOUD: readonly Order['kind'][] = ['alert', 'clear', 'stop', 'live'];

export function orderLines(order: Order, state: BoxState | null): readonly Line[] {
  const lifeS = order.exp - order.iat;
  return [
    (LOUD.includes(order.kind) ? danger : plain)(KINDS[order.kind]),
    ...playLines(order, state),
    ...(order.text === null ? [] : [plain(`Chữ trên bảng · Text on boards: “${order.text}”`)]),
    ...endsLines(order),
    ...(lifeS > ORDER_LIFE_S
      ? [warn(`Sống ${duration(lifeS)}, lâu hơn 30 phút thường lệ · lives longer than the usual 30 minutes`)]
      : []),
  ];
}

function playLines(order: Order, state: BoxState | null): readonly Line[] {
  if (order.kind === 'clear' || order.kind === 'stop' || order.kind === 'halt') return [];
  const again = order.repeatS === null ? '' : `, lặp lại mỗi · again every ${duration(order.repeatS)}`;
  const times = plain(`Phát · Plays: ${order.plays} lần · times${again}`);
  if (order.kind === 'live') return liveLines(order);
  const template = templatePlayOf(order);
  if (template !== null) return [...templateLines(template, state), times];
  if (order.play === null) return [plain('Tiếng · Sound: âm báo có sẵn · the built-in tone'), times];
  return 'sha256' in order.play ? [soundLine(order.play), times] : [];
}

const soundLine = (media: Media): Line => plain(`Tiếng · Sound: ${mediaText(media)}`);

function liveLines({ play }: Extract<Order, { kind: 'live' }>): readonly Line[] {
  const { key, slot } = play.live;
  const where =
    slot === null ? 'bất cứ lúc nào · at any time' : `trong mục · in item ${slot.area}/${slot.item}`;
  return [plain(`Khóa âm thanh · Key of the sound: ${key}`), plain(`Khi nào · When: ${where}`)];
}

/** What the stored template says, where this machine knows it. */
export function templateLines(
  { area, n }: { area: string; n: number },
  state: BoxState | null,
): readonly Line[] {
  const stored = state === null ? undefined : storedOf(state, 'templates', `templates:${area}`);
  const template = stored?.document.items.find((each) => each.n === n);
  return template === undefined
    ? [
        warn(
          `Mẫu · Template ${area}:${n} (chưa ghim, không biết nội dung · not pinned here, its content is unknown)`,
        ),
      ]
    : [plain(`Mẫu · Template ${area}:`), ...templateItemLines(template)];
}

/** One stored announcement. */
export function templateItemLines({ n, title, warning, media, plays, volume }: Template): readonly Line[] {
  const text = `▪ ${n}  ${title}  (${plays} lần · times, âm lượng · volume ${volume})`;
  return [
    warning ? danger(`${text}  CẢNH BÁO NGUY HIỂM · WARNING OF DANGER`) : plain(text),
    plain(`    ${mediaText(media)}`),
  ];
}

function endsLines({ kind, ends }: Order): readonly Line[] {
  if (kind === 'clear' && ends.length === 0) {
    return [danger('Kết thúc MỌI lệnh trước nó · Ends EVERY order before it')];
  }
  return ends.map((digest) => warn(`Kết thúc lệnh · Ends the order ${digest}`));
}
