/** Conditions of what a box hears by FM when the network is gone. */
import { text } from '../messages/text.ts';
import type { Declared } from './declared.ts';

const MINUTE_MS = 60_000;

export const radioConditions = {
  FM_STATION_UNHEARD: {
    severity: 'warning',
    // A station may be off for its service, and the box looks for another after a minute.
    holdMs: 60 * MINUTE_MS,
    text: text(
      'Không nhận ra đài FM dự phòng: khi mất mạng sẽ không nghe được lệnh qua sóng.',
      'The FM station for emergencies is not recognised: without the network, orders by radio are not heard.',
    ),
    remedy: text(
      'Kiểm tra ăng-ten; chạy "loa tune TẦN-SỐ" để xem mức sóng và mã đài; hỏi đài tỉnh về RDS.',
      'Check the aerial; "loa tune FREQUENCY" shows level and code of the station; ask the station about RDS.',
    ),
  },
  FM_BEAT_WANTS_CLOCK: {
    severity: 'warning',
    holdMs: 10 * MINUTE_MS,
    text: text(
      'Đồng hồ không đủ chính xác để kiểm tra nhịp xác thực của đài FM: FM dự phòng sẽ không mở.',
      'The clock is not sure enough to check the heartbeat of the FM station: fallback stays shut.',
    ),
    remedy: text(
      'Kết nối mạng một lần để chỉnh giờ; lắp đồng hồ DS3231.',
      'Connect the box once to set its clock; fit a DS3231 clock chip.',
    ),
  },
  FM_BEAT_BAD: {
    severity: 'danger',
    holdMs: 0,
    text: text(
      'Nhịp xác thực của đài FM phần lớn sai hoặc cũ: có thể ai đó đang giả đài. FM dự phòng không mở.',
      'Most heartbeats of the FM station are wrong or old: somebody may be imitating it. Fallback stays shut.',
    ),
    remedy: text(
      'Gọi đài tỉnh: bộ mã hóa RDS có phát đúng nhịp của hôm nay và đúng giờ không; nếu đúng, báo công an về sóng lạ.',
      'Call the station: does its RDS encoder send the beats of today, on time? If it does, report a strange transmitter.',
    ),
  },
  FM_BEAT_SILENT: {
    severity: 'warning',
    // It was listened to for a quarter of an hour before.
    holdMs: 0,
    text: text(
      'Một đài FM dự phòng có mã đúng nhưng không phát nhịp xác thực nào: FM dự phòng không mở.',
      'An FM station for emergencies shows its code and sends no heartbeat at all: fallback stays shut.',
    ),
    remedy: text(
      'Gọi đài: bộ mã hóa RDS có đang nhận "loa-sign fm-beats groups" không; nếu có, báo công an về sóng lạ.',
      'Call the station: is its RDS encoder fed by "loa-sign fm-beats groups"? If it is, report a strange transmitter.',
    ),
  },
  FM_BEAT_NO_ANCHOR: {
    severity: 'warning',
    holdMs: 0,
    text: text(
      'Kế hoạch FM không có mốc nhịp xác thực cho hôm nay: FM dự phòng không mở.',
      'The fmplan has no heartbeat anchor for today: fallback stays shut.',
    ),
    remedy: text(
      'Làm mốc tiếp bằng "loa-sign fm-beats extend", rồi ký và công bố kế hoạch FM mới.',
      'Make the next anchors with "loa-sign fm-beats extend", sign and publish the new fmplan.',
    ),
  },
  FM_BEAT_ENDS_SOON: {
    severity: 'warning',
    holdMs: 0,
    text: text(
      'Mốc nhịp xác thực của một đài FM còn không quá 14 ngày hoặc đã hết: sau đó FM dự phòng không mở.',
      'The heartbeat anchors of an FM station end within 14 days, or have ended: fallback then stays shut.',
    ),
    remedy: text(
      'Chạy "loa-sign fm-beats extend" ngay, ký, công bố; rồi giao mầm nhịp mới cho đài.',
      'Run "loa-sign fm-beats extend" now, sign and publish; then give the station its new seeds.',
    ),
  },
} satisfies Readonly<Record<string, Declared>>;
