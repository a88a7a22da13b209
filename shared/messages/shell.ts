/** What the restricted shell of the cabinet's console says. */
import { text } from './text.ts';

export const shellMessages = {
  about: text(
    'bảng lệnh cho cổng nối tiếp: chỉ xem và thử',
    'console for the serial port: looks and tests only',
  ),
  inShort: text('bảng lệnh cho cổng nối tiếp', 'console for the serial port'),
  closed: text('Loa – nhấn Enter để mở bảng lệnh.', 'Loa – press Enter to open the console.'),
  opened: text(
    'Bảng lệnh Loa: chỉ xem và thử. Lần mở này được ghi lại. Gõ help để xem các lệnh.',
    'Loa console: looks and tests only. This opening is recorded. Type help for the commands.',
  ),
  unrecorded: text(
    'Agent không trả lời: lần mở này sẽ được ghi khi agent chạy lại.',
    'The agent does not answer: this opening is recorded once it runs again.',
  ),
  unknown: text('Không có lệnh này. Gõ help.', 'There is no such command. Type help.'),
  idle: text('Không ai gõ gì: đóng bảng lệnh.', 'Nobody types: the console closes.'),
  bye: text('Đã đóng.', 'Closed.'),
  stopped: text('Đã dừng thử.', 'The test was ended.'),
  commands: {
    status: text('đang phát gì, có vấn đề gì', 'what is on, what is wrong'),
    why: text('why [HH:MM]: vì sao', 'why [HH:MM]: and why'),
    next: text('những gì sắp phát', 'what comes next'),
    records: text('records [số]: nhật ký phát', 'records [count]: what was heard'),
    devices: text('các thiết bị', 'the devices'),
    doctor: text('kiểm tra và cách khắc phục', 'checks, and what to do'),
    clock: text(
      'clock [accept]: các đồng hồ; nhận giờ của máy chủ khi có tranh chấp',
      'clock [accept]: the clocks; take the time of the cloud in a dispute',
    ),
    test: text(
      'test speaker|sound|relay|screen [giây] [now]; test tuner [giây] [now] [MHz] [aloud]',
      'test speaker|sound|relay|screen [s] [now]; test tuner [s] [now] [MHz] [aloud]',
    ),
    tune: text('tune 101.9 [giây]: đài FM, không ra loa', 'tune 101.9 [s]: an FM station, muted'),
    vi: text('vi / en: đổi ngôn ngữ', 'vi / en: the language'),
    exit: text('đóng', 'close'),
  },
} as const;
