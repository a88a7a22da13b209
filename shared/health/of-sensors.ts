/** Conditions told by the Bluetooth sensors of a cabinet, and of the sensors themselves. They switch nothing. */
import { text } from '../messages/text.ts';
import type { Declared } from './declared.ts';

const SECOND_MS = 1000;

export const sensorConditions = {
  BLUETOOTH_AWAY: {
    severity: 'warning',
    // Longer than a scan takes to begin again after an adapter was pulled.
    holdMs: 60 * SECOND_MS,
    text: text(
      'Không nghe được Bluetooth: cảm biến trong tủ không có số liệu; loa vẫn phát bình thường.',
      'Bluetooth cannot be heard: the sensors of the cabinet say nothing; sound goes on as ever.',
    ),
    remedy: text(
      'Xem "loa devices": cắm lại bộ thu Bluetooth, cài gói bluez, rồi chạy lại scripts/install.',
      'See "loa devices": plug the Bluetooth adapter in again, install bluez, run scripts/install again.',
    ),
  },
  SENSOR_SILENT: {
    severity: 'warning',
    // After Bluetooth was away for long, none has been heard yet.
    holdMs: 600 * SECOND_MS,
    text: text(
      'Một cảm biến Bluetooth đã im lặng quá lâu.',
      'A Bluetooth sensor has been silent for too long.',
    ),
    remedy: text(
      'Xem "loa devices" để biết cảm biến nào; thay pin, đặt gần hộp máy, đối chiếu address trong cấu hình. Cảm biến chỉ báo khi có việc: đặt silentAfterMin là null.',
      'See "loa devices" for which; change its battery, put it closer, compare its address in the configuration. For one that speaks only when something happens set silentAfterMin to null.',
    ),
  },
  SENSOR_BATTERY_LOW: {
    severity: 'warning',
    holdMs: 60 * SECOND_MS,
    text: text(
      'Pin của một cảm biến Bluetooth sắp hết.',
      'The battery of a Bluetooth sensor is nearly empty.',
    ),
    remedy: text(
      'Thay pin ở lần bảo trì tới; xem "loa devices" để biết cảm biến nào.',
      'Change it at the next maintenance; see "loa devices" for which.',
    ),
  },
  SENSOR_NOT_BELIEVED: {
    severity: 'warning',
    holdMs: 0,
    text: text(
      'Có bản tin mang tên một cảm biến nhưng không tin được: sai khóa, không mã hóa, hoặc bị phát lại.',
      'Something speaks under the name of a sensor and is not believed: wrong key, no key, or sent again.',
    ),
    remedy: text(
      'Nếu vừa lắp cảm biến, đối chiếu bindKey trong cấu hình; nếu không, có thể ai đó ở gần đang giả mạo.',
      'If the sensor is new, compare its bindKey in the configuration; if not, somebody near may be forging it.',
    ),
  },
  SENSOR_IMPLAUSIBLE: {
    severity: 'warning',
    holdMs: 10 * SECOND_MS,
    text: text(
      'Một cảm biến Bluetooth báo số vô lý; số đó bị bỏ qua.',
      'A Bluetooth sensor tells what cannot be; it is passed over.',
    ),
    remedy: text(
      'Xem "loa devices" để biết cảm biến nào; thay pin, lau khô, hoặc thay cảm biến.',
      'See "loa devices" for which; change its battery, dry it, or replace it.',
    ),
  },
  CABINET_HOT: {
    severity: 'warning',
    holdMs: 60 * SECOND_MS,
    text: text('Trong tủ nóng từ 50 °C trở lên.', 'It is 50 °C or more in the cabinet.'),
    remedy: text(
      'Thông gió và che nắng cho tủ; máy tính và ắc quy chỉ chịu được đến 50 °C.',
      'Let air through and shade the cabinet; computer and battery are made for 50 °C at most.',
    ),
  },
  CABINET_HUMID: {
    severity: 'warning',
    holdMs: 60 * SECOND_MS,
    text: text(
      'Trong tủ ẩm từ 90 % trở lên: có thể đọng nước.',
      'The air in the cabinet is at 90 % humidity or more: water may settle.',
    ),
    remedy: text(
      'Kiểm tra gioăng cửa, lỗ luồn dây và lỗ thoát nước của tủ; thay túi hút ẩm.',
      'Check the seal of the door, cable glands and drain of the cabinet; replace the drying bag.',
    ),
  },
} satisfies Readonly<Record<string, Declared>>;
