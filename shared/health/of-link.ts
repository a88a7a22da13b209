/** Conditions of time, network, media and disk: what keeps a box from knowing, fetching or telling. */
import { text } from '../messages/text.ts';
import type { Declared } from './declared.ts';

const MINUTE_MS = 60_000;

const checkDisk = text(
  'Thay thẻ nhớ sớm: thẻ đầy hoặc sắp hỏng. Kiểm tra nguồn điện.',
  'Change the card soon: it is full or failing. Check the power supply.',
);

export const linkConditions = {
  NO_TIME: {
    severity: 'error',
    holdMs: MINUTE_MS,
    text: text(
      'Thiết bị không biết giờ: không nhận lệnh, không phát theo lịch (trừ khi được phép theo giờ đài FM: xem "loa clock").',
      'This box does not know the time: no order plays, and no schedule unless it may go by an FM station ("loa clock").',
    ),
    remedy: text(
      'Nối mạng để lấy giờ; lắp đồng hồ DS3231 cho nơi hay mất điện.',
      'Connect it to get the time; fit a DS3231 where power often fails.',
    ),
  },
  TIME_DISPUTE: {
    severity: 'danger',
    holdMs: 0,
    text: text(
      'Máy chủ báo giờ khác với đồng hồ của thiết bị.',
      'The cloud tells another time than the clock of this box.',
    ),
    remedy: text(
      'Đến tại chỗ, xem "loa clock". Thiết bị sai: "loa clock accept". Thiết bị đúng: báo tỉnh, máy chủ có thể bị chiếm.',
      'Go there and see "loa clock". If the box is wrong: "loa clock accept". If it is right: call the province, the cloud may be taken over.',
    ),
  },
  TIME_SETTLED: {
    severity: 'warning',
    holdMs: 0,
    text: text(
      'Trong 7 ngày qua có người tại chỗ đã chỉnh giờ thiết bị theo máy chủ.',
      'Within 7 days somebody at the box made it take the time of the cloud.',
    ),
    remedy: text(
      'Đối chiếu với lịch bảo trì; "loa clock" cho biết từ giờ nào sang giờ nào.',
      'Compare with the maintenance log; "loa clock" tells from what to what.',
    ),
  },
  CLOCK_UNSET: {
    severity: 'warning',
    holdMs: MINUTE_MS,
    text: text(
      'Không đặt được đồng hồ máy hoặc đồng hồ chip: giờ của Loa vẫn đúng, nhưng mất điện là có thể mất giờ.',
      'The clock of the machine or its chip cannot be set: the time of Loa is right, but a power cut may lose it.',
    ),
    remedy: text(
      'Xem "loa clock" nói vì sao; kiểm tra dây và pin của DS3231, rồi "systemctl status loa-clock.socket".',
      'See what "loa clock" says; check wires and cell of the DS3231, then "systemctl status loa-clock.socket".',
    ),
  },
  LINK_DOWN: {
    severity: 'warning',
    holdMs: MINUTE_MS,
    text: text(
      'Không liên lạc được với máy chủ; lịch đã có vẫn phát.',
      'The cloud cannot be reached; what is scheduled goes on.',
    ),
    remedy: text(
      'Kiểm tra mạng, SIM và nguồn của bộ phát 4G.',
      'Check the network, the SIM and the power of the modem.',
    ),
  },
  BROKER_DOWN: {
    severity: 'info',
    holdMs: 5 * MINUTE_MS,
    text: text(
      'Kênh đẩy (MQTT) đứt; thiết bị tự hỏi máy chủ vài phút một lần.',
      'The push channel (MQTT) is down; the box asks the cloud every few minutes.',
    ),
    remedy: text(
      'Nếu kéo dài: kiểm tra cổng MQTT của máy chủ và tường lửa.',
      'If it lasts: check the MQTT port of the cloud and the firewall.',
    ),
  },
  HEAD_OLD: {
    severity: 'warning',
    holdMs: MINUTE_MS,
    text: text(
      'Hơn 3 ngày chưa nhận được bản head mới: không biết có gì mới hay không.',
      'No fresh head for more than 3 days: nobody knows whether something newer is withheld.',
    ),
    remedy: text(
      'Nếu mạng vẫn tốt: hỏi tỉnh, máy chủ có thể bị chiếm hoặc khóa head hết hạn.',
      'If the network is well: ask the province, the cloud may be taken over or its head key out of date.',
    ),
  },
  OUTBOX_LARGE: {
    severity: 'warning',
    holdMs: MINUTE_MS,
    text: text(
      'Hơn 2.000 bản ghi chưa gửi được lên máy chủ.',
      'More than 2,000 records could not be sent to the cloud yet.',
    ),
    remedy: text(
      'Kiểm tra mạng; xem máy chủ có từ chối bản ghi không.',
      'Check the network, and whether the cloud refuses records.',
    ),
  },
  MEDIA_MISSING: {
    severity: 'warning',
    holdMs: 10 * MINUTE_MS,
    text: text('Còn tệp âm thanh, hình ảnh chưa tải về.', 'Some recordings or pictures are not here yet.'),
    remedy: text(
      'Kiểm tra mạng, hoặc mang tệp đến bằng USB.',
      'Check the network, or bring the files on a stick.',
    ),
  },
  MEDIA_WRONG: {
    severity: 'error',
    holdMs: 0,
    text: text(
      'Trong 24 giờ qua có tệp trên thẻ không đúng nội dung đã ký; đã xóa và tải lại.',
      'Within 24 hours a file on the card was not what was signed; it was dropped and fetched again.',
    ),
    remedy: checkDisk,
  },
  MEDIA_NOSPACE: {
    severity: 'error',
    holdMs: 0,
    text: text(
      'Không đủ chỗ cho tệp của các kế hoạch đang có.',
      'There is no room for the media of the plans in force.',
    ),
    remedy: text(
      'Tăng mediaQuotaBytes, lắp thẻ lớn hơn, hoặc bớt tệp trong kế hoạch.',
      'Raise mediaQuotaBytes, fit a larger card, or plan fewer files.',
    ),
  },
  DISK_FULL: {
    severity: 'error',
    holdMs: 0,
    text: text('Thẻ nhớ còn dưới 100 MB trống.', 'Less than 100 MB are free on the card.'),
    remedy: checkDisk,
  },
  DATABASE_REPLACED: {
    severity: 'error',
    holdMs: 0,
    text: text(
      'Cơ sở dữ liệu bị hỏng và đã được làm mới; các mốc chống phát lại vẫn giữ.',
      'The database was broken and a new one was begun; the floors against replay were kept.',
    ),
    remedy: checkDisk,
  },
  FLOORS_COPY_FAILED: {
    severity: 'error',
    holdMs: 0,
    text: text(
      'Không ghi được bản sao thứ hai của các mốc an toàn.',
      'The second copy of the floors cannot be written.',
    ),
    remedy: text(
      'Kiểm tra thư mục copyFolder: còn chỗ không, có quyền ghi không.',
      'Check copyFolder: whether there is room, and whether the agent may write.',
    ),
  },
} satisfies Readonly<Record<string, Declared>>;
