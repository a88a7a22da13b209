/** Conditions of the cabinet: its door, its mains, its mute button, and what the amplifier draws. */
import { text } from '../messages/text.ts';
import type { Declared } from './declared.ts';

const SECOND_MS = 1000;

export const cabinetConditions = {
  CABINET_DOOR_OPEN: {
    severity: 'danger',
    holdMs: 0,
    text: text('Cửa tủ đang mở.', 'The door of the cabinet is open.'),
    remedy: text(
      'Hỏi xem có kỹ thuật viên tại chỗ không; nếu không, cử người đến kiểm tra ngay.',
      'Ask whether a technician is there; if not, send somebody to look at once.',
    ),
  },
  CABINET_OPENED: {
    severity: 'warning',
    holdMs: 0,
    text: text('Cửa tủ đã được mở trong 24 giờ qua.', 'The cabinet was opened within the last 24 hours.'),
    remedy: text(
      'Đối chiếu với lịch bảo trì; nếu không ai được cử đến, kiểm tra tủ và thẻ nhớ.',
      'Compare with the maintenance log; if nobody was sent, inspect the cabinet and its card.',
    ),
  },
  CONSOLE_OPEN: {
    severity: 'info',
    holdMs: 0,
    text: text(
      'Bảng lệnh trong tủ (cổng nối tiếp) đang mở hoặc đã mở trong 24 giờ qua.',
      'The console in the cabinet (serial port) is open, or was within the last 24 hours.',
    ),
    remedy: text(
      'Đối chiếu với lịch bảo trì. Ở đó chỉ xem và thử được, không phát lệnh được.',
      'Compare with the maintenance log. It can look and test, and never publish.',
    ),
  },
  MAINS_LOST: {
    severity: 'error',
    holdMs: 2 * SECOND_MS,
    text: text('Mất điện lưới, đang chạy bằng ắc quy.', 'The mains are gone: it runs on its battery.'),
    remedy: text(
      'Kiểm tra cầu dao và đường điện trước khi ắc quy cạn.',
      'Check breaker and supply before the battery is empty.',
    ),
  },
  LOCAL_MUTE: {
    severity: 'warning',
    holdMs: 0,
    text: text(
      'Nút tắt tiếng tại tủ đang bật: chỉ còn cảnh báo và phát trực tiếp được nghe.',
      'The mute button in the cabinet is on: only alerts, warnings and live voice are heard.',
    ),
    remedy: text(
      'Nhả nút tắt tiếng trong tủ; sau 4 giờ nút tự hết tác dụng.',
      'Release the mute button in the cabinet; after 4 hours it stops working by itself.',
    ),
  },
  LOCAL_MUTE_SPENT: {
    severity: 'warning',
    holdMs: 0,
    text: text(
      'Nút tắt tiếng bị kẹt hoặc bị quên: đã bật quá 4 giờ, loa phát lại bình thường.',
      'The mute button is stuck or forgotten: on for more than 4 hours, so sound is back.',
    ),
    remedy: text(
      'Nhả nút tắt tiếng; nếu nó đã nhả, kiểm tra dây và inputs.mute.activeLow.',
      'Release the mute button; if it is released, check its wire and inputs.mute.activeLow.',
    ),
  },
  INPUTS_FAULT: {
    severity: 'warning',
    holdMs: 5 * SECOND_MS,
    text: text(
      'Không đọc được công tắc cửa, điện lưới hoặc nút tắt tiếng.',
      'Door, mains or mute button cannot be read.',
    ),
    remedy: text(
      'Kiểm tra dây và chân GPIO trong mục inputs của cấu hình; chi tiết trong nhật ký.',
      'Check wires and the pins under inputs in the configuration; the log says which.',
    ),
  },
  AMPLIFIER_NO_CURRENT: {
    severity: 'error',
    holdMs: 5 * SECOND_MS,
    text: text(
      'Đang phát và rơle đã đóng, nhưng âm ly không có dòng điện: không ai nghe thấy gì.',
      'Something plays and the relay is on, but the amplifier draws no current: nobody hears it.',
    ),
    remedy: text(
      'Kiểm tra cầu chì, dây nguồn và âm ly; nếu âm ly chạy tốt, giảm amplifier.current.quietMilliamps.',
      'Check fuse, supply wires and amplifier; if it works well, lower amplifier.current.quietMilliamps.',
    ),
  },
  AMPLIFIER_CURRENT_STUCK: {
    severity: 'danger',
    holdMs: 10 * SECOND_MS,
    text: text(
      'Rơle đã mở mà âm ly vẫn có dòng điện: tiếp điểm có thể bị dính.',
      'The relay is open and the amplifier still draws current: its contact may be welded.',
    ),
    remedy: text(
      'Ngắt điện âm ly tại tủ, thay rơle.',
      'Cut the power of the amplifier in the cabinet and replace the relay.',
    ),
  },
  CURRENT_SENSOR_FAULT: {
    severity: 'warning',
    holdMs: 5 * SECOND_MS,
    text: text(
      'Cảm biến dòng điện của âm ly không trả lời hoặc báo số vô lý; loa vẫn phát.',
      'The current sensor of the amplifier does not answer or cannot be right; sound goes on.',
    ),
    remedy: text(
      'Kiểm tra dây I2C, địa chỉ và shuntMilliohms trong mục amplifier.current.',
      'Check the I2C wires, the address and shuntMilliohms under amplifier.current.',
    ),
  },
} satisfies Readonly<Record<string, Declared>>;
