/** Conditions of what sounds and shows: player, amplifier, tuner, board, and the agent's own mind. */
import { text } from '../messages/text.ts';
import type { Declared } from './declared.ts';

const SECOND_MS = 1000;

const callTechnician = text(
  'Kỹ thuật viên kiểm tra tại chỗ: rơle, dây, cầu chì, âm ly.',
  'A technician checks on the spot: relay, wires, fuse, amplifier.',
);

export const deviceConditions = {
  NO_SOUND_DEVICE: {
    severity: 'error',
    holdMs: 5 * SECOND_MS,
    text: text(
      'Không có thiết bị âm thanh: không phát được gì.',
      'There is no sound output: nothing can be heard.',
    ),
    remedy: text(
      'Cắm lại card âm thanh; kiểm tra sound.ao và sound.device trong cấu hình.',
      'Plug the sound card in again; check sound.ao and sound.device in the configuration.',
    ),
  },
  NO_LINE_IN: {
    severity: 'error',
    holdMs: 5 * SECOND_MS,
    text: text(
      'Không mở được ngõ vào âm thanh: không tiếp sóng FM được.',
      'The line input does not open: FM cannot be relayed.',
    ),
    remedy: text(
      'Cắm lại card âm thanh; so tuner.source.capture với "arecord -L".',
      'Plug the sound card in again; compare tuner.source.capture with "arecord -L".',
    ),
  },
  LINE_IN_SILENT: {
    severity: 'warning',
    holdMs: 5 * SECOND_MS,
    text: text(
      'Đang tiếp sóng FM mà ngõ vào âm thanh không có tiếng.',
      'FM is relayed, but no sound comes in at the line input.',
    ),
    remedy: text(
      'Kiểm tra dây từ bộ thu đến ngõ vào, mức thu ("alsamixer -V capture") và chính đài phát.',
      'Check the cable from receiver to input, the capture level ("alsamixer -V capture") and the station itself.',
    ),
  },
  PLAYER_DIED: {
    severity: 'error',
    holdMs: 10 * SECOND_MS,
    text: text('Trình phát (mpv) không chạy được.', 'The player (mpv) does not run.'),
    remedy: text('Xem nhật ký; chạy thử "mpv --version".', 'See the log; try "mpv --version".'),
  },
  PLAYER_HUNG: {
    severity: 'error',
    holdMs: 10 * SECOND_MS,
    text: text(
      'Trình phát (mpv) treo, đang được khởi động lại.',
      'The player (mpv) hangs and is started again.',
    ),
    remedy: text(
      'Nếu lặp lại: kiểm tra card âm thanh và nguồn.',
      'If it comes again: check sound card and power.',
    ),
  },
  NO_PROVEN_SOUND: {
    severity: 'error',
    holdMs: 3 * SECOND_MS,
    text: text(
      'Đang phát mà đồng hồ âm thanh không chạy: không chắc có tiếng.',
      'Something plays but the audio clock stands: nobody may hear it.',
    ),
    remedy: text('Kiểm tra card âm thanh; khởi động lại thiết bị.', 'Check the sound card; restart the box.'),
  },
  RELAY_FAULT: {
    severity: 'error',
    holdMs: 2 * SECOND_MS,
    text: text('Rơle âm ly không đóng mở theo lệnh.', 'The relay of the amplifier does not follow.'),
    remedy: callTechnician,
  },
  AMPLIFIER_STUCK: {
    severity: 'danger',
    holdMs: 5 * SECOND_MS,
    text: text('Âm ly vẫn bật khi phải tắt.', 'The amplifier is on when it should be off.'),
    remedy: text(
      'Ngắt điện âm ly, rồi kiểm tra rơle.',
      'Cut the power of the amplifier, then check the relay.',
    ),
  },
  TUNER_FAULT: {
    severity: 'warning',
    holdMs: 10 * SECOND_MS,
    text: text('Bộ thu FM không trả lời.', 'The FM receiver does not answer.'),
    remedy: text('Kiểm tra dây I2C hoặc cổng nối tiếp.', 'Check the I2C wires or the serial port.'),
  },
  SCREEN_FAULT: {
    severity: 'error',
    holdMs: 10 * SECOND_MS,
    text: text('Bảng không hiện được nội dung.', 'The board cannot show what it should.'),
    remedy: text(
      'Kiểm tra cáp và nguồn màn hình; xem screen.vo trong cấu hình.',
      'Check cable and power of the screen; see screen.vo in the configuration.',
    ),
  },
  UNDECIDED: {
    severity: 'danger',
    holdMs: 0,
    text: text(
      'Chương trình gặp lỗi khi quyết định phát gì.',
      'The agent failed while it decided what to play.',
    ),
    remedy: text(
      'Gửi nhật ký cho nhóm phát triển; cài lại phiên bản trước.',
      'Send the log to the developers; go back to the last version.',
    ),
  },
} satisfies Readonly<Record<string, Declared>>;
