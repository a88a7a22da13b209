/** Words for as-run records: why something began, why it ended, and what went wrong. */
import type { EndCause, PlayRecord, StartCause } from '../records/record.ts';
import { shown, text, type Text } from './text.ts';

export const startCauses: Readonly<Record<StartCause, Text>> = {
  planned: text('đúng giờ', 'on its instant'),
  join: text('vào giữa chừng', 'joined late'),
  whole: text('từ đầu, muộn', 'whole, late'),
  resume: text('tiếp tục', 'resumed'),
  restart: text('phát lại từ đầu', 'restarted'),
  order: text('theo lệnh', 'by order'),
  test: text('thử', 'test'),
  'or-else': text('nguồn thay thế', 'stand-in source'),
  fallback: text('FM dự phòng', 'FM fallback'),
};

export const endCauses: Readonly<Record<EndCause, Text>> = {
  finished: text('phát hết', 'finished'),
  window: text('hết khung giờ', 'window ended'),
  cut: text('bị ngắt', 'cut'),
  withdrawn: text('bị rút', 'withdrawn'),
  'ended-by-order': text('dừng theo lệnh', 'ended by order'),
  power: text('mất điện', 'power lost'),
  failed: text('hỏng', 'failed'),
  skipped: text('bỏ qua', 'skipped'),
};

export const surfaces: Readonly<Record<PlayRecord['surface'], Text>> = {
  sound: text('Loa', 'Sound'),
  screen: text('Bảng', 'Screen'),
  ticker: text('Dòng chữ', 'Ticker'),
};

/** Reasons in records that people ask about; a code without words is shown as it is. */
const reasons: Readonly<Record<string, Text>> = {
  QUIET_HOURS: text('giờ yên tĩnh', 'quiet hours'),
  LOCAL_MUTE: text('nút tắt tiếng tại tủ', 'muted at the box'),
  LATE_SKIPPED: text('đến muộn, bỏ qua theo kế hoạch', 'too late, skipped as planned'),
  DAILY_LIMIT: text('hết số phút phát trong ngày', 'daily minutes used up'),
  MEDIA_MISSING: text('thiếu tệp', 'media missing'),
  MEDIA_WRONG: text('tệp sai nội dung', 'media wrong'),
  PLAYER_FAILED: text('máy phát lỗi', 'player failed'),
  'no-output': text('không có thiết bị âm thanh', 'no sound output'),
  'no-input': text('mất ngõ vào âm thanh', 'line input is gone'),
  STREAM_FAILED: text('luồng phát lỗi', 'stream failed'),
  TUNER_FAULT: text('bộ thu FM không trả lời', 'tuner does not answer'),
  DEVICE_FAULT: text('thiết bị lỗi', 'device fault'),
  NOT_KEPT: text('không ghi được xuống thẻ', 'could not be kept'),
  NOTHING_TO_PLAY: text('không có gì để phát', 'nothing to play'),
  UNIDENTIFIED: text('không nhận dạng được đài', 'station not identified'),
  WRONG_PI: text('sai mã đài', 'wrong station'),
  FM_WEAK: text('sóng FM yếu', 'FM too weak'),
  FM_STRONG: text('sóng FM mạnh bất thường', 'FM too strong'),
  FM_JUMP: text('sóng FM mạnh lên đột ngột', 'FM suddenly stronger'),
  FM_LEVEL_UNKNOWN: text('chưa biết mức sóng thường ngày', 'usual level not known yet'),
  FM_NO_BEAT: text('mất nhịp xác thực của đài', 'no heartbeat of the station'),
  FM_DAY_USED: text('hết số phút FM trong ngày', 'FM minutes of the day used up'),
  CT_LOST: text('giờ đài (RDS) không còn tin được', 'the time of the station (RDS) does not hold any more'),
  CLOUD_REACHED: text('đã có mạng lại', 'the cloud is back'),
};

/** Of a record whose box did not know the time (protocol C6). */
export const byRadio = text('theo giờ đài FM (RDS)', 'by the time of an FM station (RDS)');

export const reasonInWords = (code: string): Text =>
  (Object.hasOwn(reasons, code) ? reasons[code] : undefined) ?? text(shown(code), shown(code));
