/** Conditions of the machine under the agent, which `loa doctor` and `loa devices` alone can see: power, card, wires, network path, installation. */
import { text } from '../messages/text.ts';
import type { Declared, Severity } from './declared.ts';

const because = (
  severity: Severity,
  vi: string,
  en: string,
  remedyVi: string,
  remedyEn: string,
): Declared => ({
  severity,
  holdMs: 0,
  text: text(vi, en),
  remedy: text(remedyVi, remedyEn),
});

const machine = {
  UNDER_VOLTAGE: because(
    'error',
    'Nguồn điện của thiết bị bị sụt áp: làm hỏng thẻ nhớ, tự khởi động lại.',
    'The supply voltage is too low: it ruins cards and restarts the box.',
    'Thay bộ nguồn (5,1 V, 3 A trở lên) và dây nguồn ngắn, to hơn.',
    'Change the power supply (5.1 V, 3 A or more) and use a shorter, thicker cable.',
  ),
  HOT: because(
    'warning',
    'Bộ xử lý nóng từ 80 °C trở lên.',
    'The processor is at 80 °C or more.',
    'Mở thông gió, tránh nắng chiếu vào tủ, gắn tản nhiệt hoặc quạt.',
    'Let air through, keep the sun off the cabinet, fit a heat sink or a fan.',
  ),
  THROTTLED: because(
    'warning',
    'Bộ xử lý đang bị giảm tốc vì nóng.',
    'The processor is slowed down because of heat.',
    'Làm mát tủ; nếu vẫn còn, kiểm tra nguồn điện.',
    'Cool the cabinet; if it stays, check the power supply.',
  ),
  CARD_WORN: because(
    'error',
    'Thẻ nhớ báo đã dùng gần hết tuổi thọ.',
    'The card says that it is near the end of its life.',
    'Chép dự phòng khóa thiết bị rồi thay thẻ loại bền (industrial, high endurance).',
    'Save the device key, then fit an industrial or high-endurance card.',
  ),
  DISK_ERRORS: because(
    'error',
    'Hệ thống tệp đã ghi nhận lỗi.',
    'The file system has counted errors.',
    'Khởi động lại để kiểm tra đĩa (fsck); nếu lặp lại thì thay thẻ.',
    'Restart the box so that fsck runs; change the card if it comes again.',
  ),
  DISK_READ_ONLY: because(
    'error',
    'Phân vùng chứa dữ liệu chỉ đọc được: không ghi được gì.',
    'The partition of the store is read-only: nothing can be kept.',
    'Thường do thẻ hỏng: khởi động lại, chạy fsck, rồi thay thẻ.',
    'Mostly a failing card: restart, run fsck, then change the card.',
  ),
  MEDIA_DISK_FULL: because(
    'warning',
    'Phân vùng chứa tệp phát còn ít chỗ hơn mức dự trữ.',
    'The partition of the media has less room than its reserve.',
    'Xóa thứ không thuộc Loa trên thẻ, hoặc lắp thẻ lớn hơn.',
    'Remove what is not of Loa from the card, or fit a larger one.',
  ),
  INODES_LOW: because(
    'warning',
    'Hệ thống tệp sắp hết chỗ cho tệp mới (inode).',
    'The file system is running out of inodes for new files.',
    'Tìm thư mục có quá nhiều tệp nhỏ (du --inodes) và dọn đi.',
    'Find the folder with too many small files (du --inodes) and clear it.',
  ),
  MEMORY_LOW: because(
    'warning',
    'Bộ nhớ còn trống dưới 64 MB.',
    'Less than 64 MB of memory are free.',
    'Xem chương trình nào ăn bộ nhớ (top); tắt thứ không cần.',
    'See which program takes it (top); stop what is not needed.',
  ),
  RTC_MISSING: because(
    'info',
    'Không có đồng hồ chip (RTC): mất điện là mất giờ cho đến khi có mạng.',
    'There is no clock chip (RTC): after a power cut there is no time until the network is back.',
    'Lắp DS3231 và thêm dtoverlay=i2c-rtc,ds3231 vào config.txt.',
    'Fit a DS3231 and add dtoverlay=i2c-rtc,ds3231 to config.txt.',
  ),
  RTC_DISAGREES: because(
    'warning',
    'Đồng hồ chip lệch đồng hồ hệ thống hơn 5 phút.',
    'The clock chip and the system clock differ by more than 5 minutes.',
    'Thay pin CR2032, rồi chờ thiết bị lấy giờ từ mạng: agent tự đặt lại cả hai đồng hồ (xem "loa clock").',
    'Change the CR2032 cell, then let the box get the time from the network: the agent sets both clocks (see "loa clock").',
  ),
  CLOCK_MEDDLED: because(
    'warning',
    'Một chương trình khác cũng đặt đồng hồ hệ thống; chỉ agent được làm việc đó.',
    'Another program sets the system clock too; that is for the agent alone.',
    'Tắt nó: "sudo systemctl disable --now" rồi tên nêu ở đây, hoặc chạy lại scripts/install.',
    'Switch it off: "sudo systemctl disable --now" and the name told here, or run scripts/install again.',
  ),
} satisfies Readonly<Record<string, Declared>>;

const wires = {
  BUS_MISSING: because(
    'error',
    'Cấu hình dùng một bus I2C mà máy không có.',
    'The configuration names an I2C bus that this machine does not have.',
    'Bật I2C: thêm dtparam=i2c_arm=on vào config.txt rồi khởi động lại; kiểm tra i2cBus.',
    'Switch I2C on: add dtparam=i2c_arm=on to config.txt and restart; check i2cBus.',
  ),
  SERIAL_PORT_MISSING: because(
    'error',
    'Cấu hình dùng một cổng nối tiếp mà máy không có.',
    'The configuration names a serial port that is not there.',
    'Cắm lại mô-đun; dùng tên ổn định trong /dev/serial/by-id (xem "loa devices").',
    'Plug the module in again; use a name of /dev/serial/by-id (see "loa devices").',
  ),
  GPIO_MISSING: because(
    'error',
    'Cấu hình dùng một chân GPIO mà máy không có.',
    'The configuration names a GPIO line that this machine does not have.',
    'Sửa pin theo tên chip và số chân mà "loa devices" liệt kê.',
    'Correct pin by the chips and lines that "loa devices" lists.',
  ),
  SCREEN_UNPLUGGED: because(
    'error',
    'Không có màn hình nào được nối vào máy.',
    'No screen is connected to this machine.',
    'Cắm cáp HDMI và bật nguồn bảng; thử cổng HDMI kia.',
    'Plug the HDMI cable in and switch the board on; try the other HDMI port.',
  ),
  TUNER_WEAK: because(
    'warning',
    'Tín hiệu FM yếu, dưới 25 dBµV.',
    'The FM signal is weak, below 25 dBµV.',
    'Kéo thẳng hoặc nâng ăng-ten, tránh xa nguồn và âm ly; kiểm tra tần số.',
    'Straighten or raise the aerial, keep it from supply and amplifier; check the frequency.',
  ),
} satisfies Readonly<Record<string, Declared>>;

const path = {
  DNS_FAILS: because(
    'warning',
    'Không tìm được địa chỉ của máy chủ (DNS).',
    'The name of the cloud is not found (DNS).',
    'Kiểm tra mạng và cloud.url; thử DNS khác trên bộ phát.',
    'Check the network and cloud.url; try another DNS on the modem.',
  ),
  CLOUD_UNREACHED: because(
    'warning',
    'Không nối được đến cổng của máy chủ.',
    'No connection to the port of the cloud.',
    'Kiểm tra SIM còn dữ liệu, tường lửa, và máy chủ có chạy không.',
    'Check the data plan of the SIM, the firewall, and whether the cloud runs.',
  ),
  TLS_FAILS: because(
    'error',
    'Máy chủ trả lời nhưng chứng chỉ TLS không được chấp nhận.',
    'The cloud answers, but its TLS certificate is not accepted.',
    'Xem giờ của máy có đúng không; nếu đúng, báo tỉnh: chứng chỉ sai hoặc có kẻ đứng giữa.',
    'See whether the time of the box is right; if so, tell the province: wrong certificate, or somebody between.',
  ),
  CERTIFICATE_ENDS: because(
    'warning',
    'Chứng chỉ của máy chủ hết hạn trong 14 ngày.',
    'The certificate of the cloud ends within 14 days.',
    'Báo người trông máy chủ gia hạn chứng chỉ.',
    'Ask who looks after the cloud to renew its certificate.',
  ),
  BROKER_UNREACHED: because(
    'warning',
    'Không nối được đến cổng MQTT trong cấu hình.',
    'No connection to the MQTT port of the configuration.',
    'Kiểm tra cloud.brokerUrl và tường lửa (thường là cổng 8883).',
    'Check cloud.brokerUrl and the firewall (mostly port 8883).',
  ),
} satisfies Readonly<Record<string, Declared>>;

const installation = {
  AGENT_DOWN: because(
    'error',
    'Chương trình Loa trên thiết bị không chạy.',
    'The agent of this box does not run.',
    'Chạy "sudo systemctl restart loa-agent"; xem "sudo journalctl -u loa-agent -n 50".',
    'Run "sudo systemctl restart loa-agent"; see "sudo journalctl -u loa-agent -n 50".',
  ),
  CONFIG_INVALID: because(
    'error',
    'Tệp cấu hình có lỗi: chương trình không khởi động được.',
    'The configuration is faulty: the agent cannot start with it.',
    'Sửa những dòng nêu trên, rồi chạy "sudo systemctl restart loa-agent".',
    'Correct what is named above, then run "sudo systemctl restart loa-agent".',
  ),
  PROGRAM_BROKEN: because(
    'error',
    'Phần mềm Loa trên thẻ không chạy được.',
    'The software of Loa on this card does not run.',
    'Cài lại bằng scripts/install; nếu còn lỗi, thay thẻ.',
    'Install it again with scripts/install; change the card if that fails.',
  ),
  STORE_UNREADABLE: because(
    'error',
    'Không đọc được cơ sở dữ liệu của thiết bị.',
    'The database of this box cannot be read.',
    'Chạy bằng quyền root hoặc nhóm loa; nếu vẫn lỗi, kiểm tra thẻ nhớ.',
    'Run as root or in the group loa; if it stays, check the card.',
  ),
  SERVICE_DISABLED: because(
    'warning',
    'Dịch vụ loa-agent không tự chạy khi bật máy.',
    'The service loa-agent does not start with the machine.',
    'Chạy "sudo systemctl enable --now loa-agent".',
    'Run "sudo systemctl enable --now loa-agent".',
  ),
  SERVICE_RESTARTS: because(
    'warning',
    'Dịch vụ loa-agent đã phải khởi động lại nhiều lần từ khi bật máy.',
    'The service loa-agent was started again several times since the machine came up.',
    'Xem "sudo journalctl -u loa-agent" quanh lúc khởi động lại và gửi cho nhóm phát triển.',
    'See "sudo journalctl -u loa-agent" around the restarts and send it to the developers.',
  ),
  BOOTS_OFTEN: because(
    'warning',
    'Máy đã khởi động 5 lần trở lên trong 24 giờ.',
    'The machine came up 5 times or more within 24 hours.',
    'Kiểm tra nguồn điện, ổ cắm và bộ nguồn.',
    'Check the mains, the socket and the power supply.',
  ),
  KEY_EXPOSED: because(
    'danger',
    'Người khác trên máy đọc được khóa của thiết bị.',
    'Others on this machine can read the key of the box.',
    'Chạy "sudo chmod 700" cho keyFolder và "sudo chmod 600" cho tệp trong đó; báo tỉnh nếu có người lạ vào máy.',
    'Run "sudo chmod 700" on keyFolder and "sudo chmod 600" on its files; tell the province if strangers had access.',
  ),
  MPV_MISSING: because(
    'error',
    'Không chạy được mpv: không có tiếng và hình.',
    'mpv does not run: no sound and no pictures.',
    'Cài mpv: "sudo apt install mpv", rồi thử "mpv --version".',
    'Install it: "sudo apt install mpv", then try "mpv --version".',
  ),
  FONTS_MISSING: because(
    'error',
    'Không có phông chữ tiếng Việt cho bảng.',
    'There is no font with Vietnamese letters for the board.',
    'Cài phông: "sudo apt install fonts-noto-core".',
    'Install one: "sudo apt install fonts-noto-core".',
  ),
} satisfies Readonly<Record<string, Declared>>;

export const machineConditions = { ...machine, ...wires, ...path, ...installation };
