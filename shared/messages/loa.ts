/** What the technician's command `loa` and the agent's local socket say. */
import { say, text, type Text } from './text.ts';

/** What a box without time plays by that of a station (protocol C6). */
export const radioUses = {
  fm: text('chỉ tiếp sóng FM', 'FM relay alone'),
  plan: text('tiếp sóng FM và lịch đã ký', 'FM relay and the signed plan'),
} as const;

export const loaMessages = {
  about: text('xem một thiết bị Loa đang làm gì, vì sao', 'what a Loa box is doing, and why'),
  aboutStatus: text('đang phát gì, có vấn đề gì', 'what is on, what is wrong'),
  aboutWhy: text('vì sao phát mục này lúc đó', 'why this is on at that time'),
  aboutTime: text(
    'HH:MM hoặc "YYYY-MM-DD HH:MM" (giờ Việt Nam); mặc định: bây giờ',
    'HH:MM or "YYYY-MM-DD HH:MM" (Vietnam time); by default now',
  ),
  aboutNext: text('những gì sắp phát', 'what comes next'),
  aboutRecords: text('nhật ký phát, mới nhất trước', 'as-run records, newest first'),
  aboutJson: text('in JSON cho máy đọc', 'print JSON for machines'),
  aboutLang: text('ngôn ngữ, hoặc biến LOA_LANG', 'language, or variable LOA_LANG'),
  aboutLimit: text('bao nhiêu bản ghi (1–1000)', 'how many records (1–1000)'),
  aboutSocket: text('socket của agent, hoặc LOA_SOCKET', 'the agent’s socket, or LOA_SOCKET'),
  aboutHelp: text('trợ giúp', 'help'),
  exitCodes: text(
    'Mã thoát: 0 ổn, 1 có vấn đề, 2 gõ sai lệnh, 3 agent không chạy',
    'Exit codes: 0 well, 1 problems, 2 wrong usage, 3 the agent does not run',
  ),

  notRunning: (socket: string): Text =>
    text(
      say`Agent không chạy (không ai nghe ở ${socket}). Xem vì sao nó dừng: "sudo journalctl -u loa-agent -n 50"; khởi động lại: "sudo systemctl restart loa-agent". Khám máy: "loa doctor". Agent nghe ở chỗ khác: --socket.`,
      say`The agent does not run (nobody listens at ${socket}). Why it stopped: "sudo journalctl -u loa-agent -n 50"; start it: "sudo systemctl restart loa-agent". Examine the box: "loa doctor". It listens elsewhere: --socket.`,
    ),
  noRight: (socket: string): Text =>
    text(
      say`Không có quyền mở ${socket}. Dùng sudo, hoặc vào nhóm loa.`,
      say`No right to open ${socket}. Use sudo, or join the group loa.`,
    ),
  noAnswer: text(
    'Agent không trả lời trong 10 giây. Xem nhật ký: "sudo journalctl -u loa-agent -n 50".',
    'The agent gave no answer within 10 seconds. See its log: "sudo journalctl -u loa-agent -n 50".',
  ),
  strangeAnswer: text(
    'Agent trả lời không hiểu được: lệnh loa và agent khác phiên bản.',
    'The answer makes no sense: loa and the agent are of different versions.',
  ),
  badTime: (given: string): Text =>
    text(
      say`Không hiểu giờ "${given}". Ví dụ: 05:30 hoặc "2026-11-23 05:30".`,
      say`"${given}" is no time. For instance: 05:30 or "2026-11-23 05:30".`,
    ),
  badLimit: (given: string): Text =>
    text(say`"${given}" không phải số từ 1 đến 1000.`, say`"${given}" is no number from 1 to 1000.`),
  badUsage: ({ vi, en }: Text): Text => text(`Gõ sai lệnh: ${vi}`, `Wrong usage: ${en}`),
  noCommand: (word: string): Text => text(say`không có lệnh "${word}".`, say`there is no command "${word}".`),
  noOption: (word: string): Text =>
    text(say`không có tùy chọn "${word}".`, say`there is no option "${word}".`),
  meant: (word: string): Text => text(say`Ý là "${word}"?`, say`Did you mean "${word}"?`),
  missing: (what: string): Text => text(say`còn thiếu <${what}>.`, say`<${what}> is missing.`),
  noValue: (option: string): Text =>
    text(say`sau "${option}" phải có giá trị.`, say`"${option}" wants a value.`),
  noChoice: (given: string, choices: string): Text =>
    text(say`"${given}" không có trong: ${choices}.`, say`"${given}" is none of: ${choices}.`),
  tooMany: (command: string): Text =>
    text(say`thừa từ sau lệnh "${command}".`, say`too many words after "${command}".`),
  otherwise: (detail: string): Text => text(say`${detail}`, say`${detail}`),

  badRequest: text('Yêu cầu sai quy cách.', 'The request is malformed.'),
  requestTooLong: text('Yêu cầu quá dài.', 'The request is too long.'),
  fault: text(
    'Agent gặp lỗi khi trả lời; chi tiết trong nhật ký.',
    'The agent failed to answer; its log has the details.',
  ),
  notReady: text(
    'Agent đang khởi động; thử lại sau vài giây.',
    'The agent is starting; try again in a few seconds.',
  ),
  socketTaken: (socket: string): Text =>
    text(
      say`Đã có một agent khác chạy và nghe ở ${socket}.`,
      say`Another agent runs already and listens at ${socket}.`,
    ),

  nothing: text('không có gì', 'nothing'),
  silent: text('im lặng', 'silent'),
  until: (clock: string): Text => text(say`đến ${clock}`, say`until ${clock}`),
  since: (clock: string): Text => text(say`từ ${clock}`, say`since ${clock}`),
  playing: text('đang phát', 'on'),
  waiting: text('chưa ra tiếng / hình', 'not heard or seen'),
  over: text('đã phát hết', 'played to its end'),
  notEnrolled: text('chưa ghi danh', 'not enrolled'),
  next: text('Sắp tới', 'Next'),
  nothingNext: text('Không có gì sắp tới.', 'Nothing comes next.'),
  noConditions: text('Không có vấn đề nào.', 'No conditions.'),
  noRecords: text('Chưa có bản ghi nào.', 'There are no records yet.'),
  noTime: text('không biết giờ', 'time unknown'),
  byRadio: (at: string): Text =>
    text(
      say`đang theo giờ đài FM ${at} (RDS, không xác thực)`,
      say`goes by the time of an FM station, ${at} (RDS, not authenticated)`,
    ),
  radioAwaited: text(
    'chờ giờ đài FM (RDS) ổn định 5 phút',
    'waits until the time of an FM station (RDS) was steady for 5 minutes',
  ),
  noOrders: text('lệnh không phát', 'orders do not play'),
  link: text('Mạng', 'Link'),
  never: text('chưa từng', 'never'),
  connected: text('MQTT nối', 'MQTT up'),
  notConnected: text('MQTT đứt', 'MQTT down'),
  lastContact: (clock: string): Text => text(say`liên lạc ${clock}`, say`contact ${clock}`),
  unsent: (count: number): Text => text(say`chưa gửi ${count} bản ghi`, say`${count} records unsent`),
  media: (here: number, wanted: number): Text =>
    text(say`tệp ${here}/${wanted}`, say`media ${here}/${wanted}`),
  held: text('Văn bản', 'Documents'),
  stale: text('(cũ)', '(old)'),
  rejected: text('Đã từ chối', 'Refused'),
  losesTo: text('thua', 'loses'),
  passedOver: text('Không xét đến', 'Passed over'),
  quietOn: (clock: string): Text => text(say`Giờ yên tĩnh đến ${clock}`, say`Quiet hours until ${clock}`),
  quietSilences: text('nên loa im lặng', 'so the loudspeaker is silent'),
  boxSilent: text('Thiết bị im lặng hoàn toàn', 'The box is altogether silent'),
  whyFromNow: text('(theo các văn bản và lệnh đang giữ bây giờ)', '(by the documents and orders held now)'),
} as const;
