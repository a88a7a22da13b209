/** What is said about a technician's tests: what each tries, why it may not take place now, and what came of it. */
import { say, text, type Text } from './text.ts';

export const trialMessages = {
  aboutTest: text('thử một thiết bị trong thời gian ngắn', 'try one device for a short time'),
  aboutWork: text(
    'speaker (loa), sound (card âm thanh, âm ly tắt), relay (rơle âm ly), tuner (bộ thu FM), screen (bảng)',
    'loudspeaker, sound card (amplifier off), amplifier relay, FM receiver, board',
  ),
  testInShort: text('thử một thiết bị vài giây', 'try one device for seconds'),
  tuneInShort: text('dò thử đài FM, không ra loa', 'try an FM station, muted'),
  aboutSeconds: text('bao nhiêu giây (1–60)', 'how many seconds (1–60)'),
  aboutNow: text('cả trong giờ yên tĩnh', 'also in quiet hours'),
  aboutAloud: text('tuner: ra loa, tối đa 15 giây', 'aloud, 15 s at most'),
  aboutTuneTo: text('tuner: MHz, ví dụ 101.9', 'such as 101.9'),
  aboutTune: text(
    'bộ thu FM nghe được gì ở tần số này (không ra loa)',
    'what the FM receiver hears there, muted',
  ),
  aboutFrequency: text('MHz, ví dụ 101.9', 'MHz, such as 101.9'),

  badSeconds: (given: string): Text =>
    text(
      say`"${given}" không phải số giây từ 1 đến 60.`,
      say`"${given}" is no number of seconds from 1 to 60.`,
    ),
  badFrequency: (given: string): Text =>
    text(
      say`"${given}" không phải tần số FM từ 50 đến 108 MHz. Ví dụ: 101.9`,
      say`"${given}" is no FM frequency from 50 to 108 MHz. For instance: 101.9`,
    ),

  busy: text('Đang có một lần thử khác. Đợi nó xong.', 'Another test is under way. Wait until it is over.'),
  order: text(
    'Đang có lệnh (báo động, cảnh báo, dừng phát…): không thử được lúc này. Xem: loa why',
    'An order (alert, warning, halt …) is in force: no test now. See: loa why',
  ),
  quiet: text(
    'Đang là giờ yên tĩnh. Nếu thật cần, thêm --now.',
    'These are quiet hours. If it must be, add --now.',
  ),
  noTime: text(
    'Thiết bị chưa biết giờ nên không biết có phải giờ yên tĩnh không. Nếu thật cần, thêm --now.',
    'The box does not know the time, so it may be quiet hours. If it must be, add --now.',
  ),
  silenced: text(
    'Thiết bị chưa được phép phát (chưa ghi danh, bị thu hồi hoặc cách ly). Xem: loa status',
    'The box may not sound (not enrolled, revoked or in quarantine). See: loa status',
  ),
  relayed: text(
    'Bộ thu FM đang được dùng để phát. Thử lại khi chương trình đó hết.',
    'The FM receiver is in use: a station is on. Try again when it is over.',
  ),
  missing: text(
    'Thiết bị này không có phần đó trong cấu hình. Xem: loa devices',
    'The configuration of this box has no such device. See: loa devices',
  ),
  noFrequency: text(
    'Bộ thu FM chưa ở tần số nào. Cho biết tần số: --mhz 101.9',
    'The FM receiver is on no frequency yet. Name one: --mhz 101.9',
  ),
  unknown: text('Không có lần thử nào như vậy.', 'There is no such test.'),

  works: {
    speaker: text('Loa', 'Loudspeaker'),
    sound: text('Card âm thanh', 'Sound device'),
    relay: text('Rơle âm ly', 'Amplifier relay'),
    tuner: text('Bộ thu FM', 'FM receiver'),
    screen: text('Bảng', 'Screen'),
    tune: text('Bộ thu FM', 'FM receiver'),
  },
  begins: (what: string, seconds: number): Text =>
    text(
      say`${what}: thử trong ${seconds} giây. Ctrl-C để dừng.`,
      say`${what}: a test of ${seconds} s. Ctrl-C ends it.`,
    ),
  passed: text('ĐẠT', 'PASSED'),
  failed: text('KHÔNG ĐẠT', 'FAILED'),
  result: text('Kết quả', 'Result'),
  relayOn: (ms: number): Text => text(say`rơle đóng sau ${ms} ms`, say`relay closed after ${ms} ms`),
  relayNeverOn: text('rơle không đóng', 'the relay did not close'),
  relayOff: (ms: number): Text =>
    text(say`mở lại ${ms} ms sau khi thử xong`, say`open again ${ms} ms after the test`),
  relayStillOn: text('rơle KHÔNG mở lại', 'the relay did NOT open again'),
  relayWanted: text(
    'rơle còn đóng cho chương trình vừa bắt đầu',
    'still closed for a programme that has begun',
  ),
  relayStayedOff: text('âm ly tắt suốt', 'amplifier off throughout'),
  noRelay: text('không có rơle: âm ly luôn bật', 'no relay: the amplifier is always on'),
  clockMoved: (seconds: string): Text =>
    text(say`đồng hồ âm thanh chạy ${seconds} s`, say`audio clock moved ${seconds} s`),
  peak: (dbfs: number): Text => text(say`mức cao nhất ${dbfs} dBFS`, say`peak ${dbfs} dBFS`),
  noPeak: text('không đo được mức', 'level not measured'),
  milliamps: (milliamps: number): Text => text(say`âm ly ${milliamps} mA`, say`amplifier ${milliamps} mA`),
  output: (name: string): Text => text(say`ra ${name}`, say`output ${name}`),
  listen: text(
    'Có nghe thấy ở loa không? Chỉ người đứng đó biết.',
    'Was it heard outside? Only people there can tell.',
  ),
  look: text(
    'Bảng có hiện trang thử không? Chỉ người nhìn biết.',
    'Did the board show it? Only people there can tell.',
  ),
  station: (mhz: string, level: string): Text =>
    text(say`${mhz} MHz, mức ${level}`, say`${mhz} MHz, level ${level}`),
  levelUnknown: text('không rõ', 'unknown'),
  stereo: text('stereo', 'stereo'),
  mono: text('mono', 'mono'),
  noRds: text('không có RDS', 'no RDS'),
  groupsPerSecond: (rate: string): Text => text(say`${rate} nhóm RDS/s`, say`${rate} RDS groups/s`),
  notTuned: (why: string): Text => text(say`không dò được: ${why}`, say`could not tune: ${why}`),
  shown: (seconds: string): Text => text(say`trang thử hiện ${seconds} s`, say`test page shown ${seconds} s`),
  recorded: (seq: number, how: string): Text =>
    text(say`Đã ghi nhật ký số ${seq} (${how})`, say`Recorded as number ${seq} (${how})`),
} as const;
