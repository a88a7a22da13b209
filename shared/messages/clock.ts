/** What `loa clock` says: the time of the box and what it rests on, and a dispute that a person settles on the spot. */
import { say, text, type Text } from './text.ts';

export const clockMessages = {
  about: text(
    'giờ của thiết bị, dựa vào đâu, có tranh chấp không',
    'the time of the box and what it rests on',
  ),
  inShort: text('giờ của thiết bị, dựa vào đâu', 'the time, what it rests on'),
  aboutAccept: text(
    'người đứng tại thiết bị xác nhận máy chủ đúng giờ',
    'somebody at the box confirms that the cloud is right',
  ),
  aboutYes: text('không hỏi lại', 'do not ask again'),
  aboutConfig: text(
    'tệp cấu hình của agent, dùng khi agent không chạy',
    'configuration of the agent, for when it does not run',
  ),

  box: text('Giờ thiết bị', 'Box time'),
  states: {
    SYNCED: text('đã lấy giờ từ máy chủ trong 24 giờ qua', 'set by the cloud within 24 hours'),
    HOLDOVER: text('tự giữ giờ từ lần lấy giờ trước', 'kept by itself since the last sync'),
    FLOOR: text(
      'KHÔNG BIẾT GIỜ: chỉ biết không sớm hơn mốc sàn',
      'TIME UNKNOWN: only that it is not before the floor',
    ),
  },
  lastSync: text('Lấy giờ lần cuối', 'Last sync'),
  never: text('chưa từng', 'never'),
  ago: (age: string): Text => text(say`${age} trước`, say`${age} ago`),
  drift: text('Độ trôi', 'Drift'),
  driftMeasured: (ppm: number): Text =>
    text(say`nhiều nhất ${ppm} ppm (đã đo)`, say`at most ${ppm} ppm (measured)`),
  driftUnknown: text('chưa đo, tính là 100 ppm', 'not measured yet, taken as 100 ppm'),
  floor: text('Mốc sàn', 'Floor'),
  floorMeaning: text('bây giờ không thể sớm hơn', 'now cannot be earlier'),
  radio: text('Giờ đài FM', 'FM station'),
  radioSilent: text(
    'không dùng: văn bản thiết bị chọn im lặng khi không biết giờ',
    'not used: by its device document the box is silent without time',
  ),
  radioUnheard: text(
    'chưa nghe thấy giờ RDS của đài nào',
    'no station was heard to tell the time by RDS yet',
  ),
  radioUnsteady: (by: string): Text =>
    text(say`mới ổn định ${by}, cần 5 phút`, say`steady for ${by} so far, 5 minutes are wanted`),
  radioUnused: text(
    'ổn định, chưa dùng: lệnh dừng đã nhận có thể còn hiệu lực',
    'steady, not used: a halt or stop that was taken may still hold',
  ),
  radioUsed: {
    fm: text(
      'dùng để tiếp sóng FM, không xác thực; không chỉnh đồng hồ',
      'used for FM relay, not authenticated; sets no clock',
    ),
    plan: text(
      'dùng cho FM và lịch đã ký, không xác thực; không chỉnh đồng hồ',
      'used for FM and the signed plan, not authenticated; sets no clock',
    ),
  },
  system: text('Đồng hồ máy', 'System clock'),
  chip: text('Đồng hồ chip', 'Clock chip'),
  chipNone: text('không có', 'none'),
  chipWitness: text('được đặt khi đã đồng bộ', 'set while synced'),
  chipNoWitness: text('chưa được agent đặt, không làm chứng', 'not set by the agent, so no witness'),
  unset: text('Không đặt được', 'Cannot be set'),
  same: text('khớp với thiết bị', 'as the box'),
  ahead: (by: string): Text => text(say`nhanh hơn thiết bị ${by}`, say`${by} ahead of the box`),
  behind: (by: string): Text => text(say`chậm hơn thiết bị ${by}`, say`${by} behind the box`),
  cloud: text('Máy chủ', 'Cloud'),
  undisputed: text('không nói giờ khác', 'tells no other time'),
  notRunning: text(
    'Agent không chạy: đọc từ thẻ nhớ và nhân hệ điều hành.',
    'The agent does not run: read from the card and the kernel.',
  ),
  unreadable: (why: string): Text => text(say`không đọc được (${why})`, say`cannot be read (${why})`),
  disputed: text('TRANH CHẤP GIỜ', 'THE TIME IS DISPUTED'),
  heard: (age: string): Text => text(say`nghe ${age} trước`, say`heard ${age} ago`),
  compare: text(
    'So với một đồng hồ bạn tin (điện thoại, đài). Máy chủ đúng: "loa clock accept". Thiết bị đúng: báo tỉnh, máy chủ có thể bị chiếm.',
    'Compare with a clock that you trust (phone, radio). If the cloud is right: "loa clock accept". If the box is right: call the province, the cloud may be taken over.',
  ),
  blocked: {
    'below-floor': text(
      'Máy chủ nói giờ sớm hơn mốc sàn: không chỉnh tại chỗ được. Nếu máy chủ đúng, tỉnh phải ký trust mới có floorReset (3 khóa gốc).',
      'The cloud tells a time before the floor: that cannot be settled here. If the cloud is right, the province must sign a trust with floorReset (three root keys).',
    ),
    'beyond-trust': text(
      'Máy chủ nói giờ quá hạn trust hơn 90 ngày: không chỉnh tại chỗ được. Tỉnh phải gửi trust mới; nếu giờ đó sai thì báo tỉnh ngay.',
      'The cloud tells a time more than 90 days beyond the trust: that cannot be settled here. The province must send a newer trust; if that time is wrong, call it at once.',
    ),
  },
  settledBefore: text('Đã có người chỉnh', 'Settled by a person'),
  fromTo: (from: string, to: string): Text => text(say`từ ${from} sang ${to}`, say`from ${from} to ${to}`),

  refusals: {
    'no-dispute': text(
      'Không có tranh chấp: máy chủ không nói giờ khác với thiết bị.',
      'Nothing is disputed: the cloud tells no other time than the box.',
    ),
    changed: text(
      'Máy chủ vừa nói một giờ khác nữa. Xem lại: loa clock',
      'The cloud has told yet another time meanwhile. Look again: loa clock',
    ),
  },
  question: text(
    'Bạn đã so với một đồng hồ khác, và máy chủ đúng? Gõ yes (Enter để thôi): ',
    'Have you compared with another clock, and the cloud is right? Type yes (Enter for no): ',
  ),
  notAsked: text(
    'Không có ai để hỏi ở đây: thêm --yes nếu đã so giờ.',
    'There is nobody here to ask: add --yes once you have compared.',
  ),
  left: text('Không thay đổi gì.', 'Nothing was changed.'),
  asking: text(
    'Đang hỏi giờ máy chủ (nhiều nhất 90 giây)…',
    'Asking the cloud for the time (90 seconds at most)…',
  ),
  stillAsking: (seconds: number, trouble: string): Text =>
    text(say`… ${seconds} giây. Mạng: ${trouble}`, say`… ${seconds} s. Link: ${trouble}`),
  noTrouble: text('chưa có trả lời', 'no answer yet'),
  done: text('ĐÃ CHỈNH GIỜ', 'THE TIME IS SETTLED'),
  recorded: text(
    'Việc này đã được ghi lại, tỉnh sẽ thấy.',
    'This was recorded, and the province will see it.',
  ),
  otherTime: text(
    'KHÔNG CHỈNH: lần này máy chủ lại nói một giờ khác với giờ bạn đã xác nhận. Báo tỉnh: máy chủ có thể bị chiếm.',
    'NOT SETTLED: this time the cloud told another time than the one you confirmed. Call the province: it may be taken over.',
  ),
  agreed: text(
    'Không cần chỉnh: máy chủ lại nói giờ như thiết bị.',
    'No need: the cloud tells the time of the box again.',
  ),
  expired: text(
    'Quá 10 phút mà máy chủ không trả lời kịp: xác nhận đã hết hiệu lực.',
    'No timely answer of the cloud within 10 minutes: the confirmation is over.',
  ),
  waiting: (minutes: number): Text =>
    text(
      say`Chưa có trả lời của máy chủ. Xác nhận còn hiệu lực ${minutes} phút; xem kết quả: loa clock`,
      say`No answer of the cloud yet. The confirmation stands for ${minutes} more minutes; see what comes of it: loa clock`,
    ),

  days: (count: number): Text => text(say`${count} ngày`, say`${count} d`),
  hours: (count: number): Text => text(say`${count} giờ`, say`${count} h`),
  minutes: (count: number): Text => text(say`${count} phút`, say`${count} min`),
  seconds: (count: number): Text => text(say`${count} giây`, say`${count} s`),
} as const;
