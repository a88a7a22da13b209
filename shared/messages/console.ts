/** What the console's page of the fleet says. */
import type { LiveOrder } from '../wire/staff.ts';
import type { ChainBreak, Link } from '../wire/fleet.ts';
import { say, shown, text, type Text } from './text.ts';

/** What a box without time plays by that of a station (protocol C6). */
export const clocksByRadio = {
  fm: text('theo giờ đài FM (RDS): chỉ tiếp sóng', 'by an FM station’s time (RDS): relay alone'),
  plan: text('theo giờ đài FM (RDS): tiếp sóng và lịch', 'by an FM station’s time (RDS): relay and plan'),
} as const;

export const consoleMessages = {
  title: text('Loa · Bảng theo dõi', 'Loa · Fleet'),
  province: (code: string): Text => text(say`Tỉnh ${code}`, say`Province ${code}`),
  noArea: text('Chưa ghi danh', 'Not enrolled'),
  cloudClock: text('Giờ của máy chủ', 'Clock of the cloud'),
  inEnglish: text('English', 'English'),
  inVietnamese: text('Tiếng Việt', 'Tiếng Việt'),
  switchLanguage: text('Đổi ngôn ngữ', 'Change language'),

  opening: text('Đang nối với máy chủ…', 'Connecting to the cloud…'),
  live: text('Trực tiếp', 'Live'),
  lost: text('Mất máy chủ', 'Cloud lost'),
  lostLong: (clock: string): Text =>
    text(
      say`Không liên lạc được với máy chủ từ ${clock}. Trang giữ những gì biết lúc đó và tự nối lại; các hộp vẫn phát theo kế hoạch đã ký.`,
      say`The cloud cannot be reached since ${clock}. The page keeps what it knew then and tries again by itself; boxes go on with what was signed.`,
    ),
  strangeAnswer: text(
    'Máy chủ trả lời không hiểu được: trang và máy chủ khác phiên bản. Hãy tải lại trang.',
    'The answer makes no sense: the page and the cloud are of different versions. Reload the page.',
  ),
  refused: (status: number): Text =>
    text(say`Máy chủ từ chối (HTTP ${status}).`, say`The cloud refuses (HTTP ${status}).`),

  boxes: (count: number): Text => text(say`${count} hộp`, say`${count} boxes`),
  countOnline: (count: number): Text => text(say`${count} trực tuyến`, say`${count} online`),
  countSilent: (count: number): Text => text(say`${count} mất liên lạc`, say`${count} silent`),
  countNever: (count: number): Text => text(say`${count} chưa từng nối`, say`${count} never seen`),
  countTrouble: (count: number): Text => text(say`${count} cần chú ý`, say`${count} need attention`),
  allWell: text('Không có gì phải lo', 'All is well'),
  noBoxes: text(
    'Chưa có hộp nào. Hộp hiện ở đây khi người đăng ký ký văn bản thiết bị của nó.',
    'There are no boxes yet. One appears here when registrars sign its device document.',
  ),
  noneOfThese: text('Không có hộp nào như vậy.', 'No such box.'),
  showMore: (count: number): Text => text(say`Hiện thêm ${count} hộp`, say`Show ${count} more boxes`),
  filter: text('Hiện hộp nào', 'Which boxes to show'),
  filterAll: text('Tất cả', 'All'),
  filterOn: text('Đang phát', 'Sounding'),
  filterTrouble: text('Cần chú ý', 'Need attention'),
  search: text('Tìm phường, xã, mã hộp', 'Find a commune or box'),

  speaker: text('Loa', 'Loudspeaker'),
  board: text('Bảng', 'Board'),
  both: text('Loa và bảng', 'Loudspeaker and board'),
  box: text('Hộp', 'Box'),
  revoked: text('Đã thu hồi', 'Revoked'),
  unknownBox: text('Không có văn bản thiết bị', 'No device document'),
  since: (clock: string): Text => text(say`từ ${clock}`, say`since ${clock}`),
  lastHeard: (clock: string): Text => text(say`Báo lần cuối ${clock}`, say`Last heard ${clock}`),
  neverHeard: text('Chưa có tin nào từ hộp này.', 'Nothing was heard from this box yet.'),

  now: text('Đang phát', 'Sounding now'),
  quietNow: text('Đang im lặng', 'Silent now'),
  waiting: text('Đến giờ nhưng chưa ra tiếng', 'Due, but not heard'),
  over: text('Đã phát hết', 'Played to its end'),
  notShown: text('đến giờ nhưng chưa hiện', 'due, but not seen'),
  byThePlan: text('Theo kế hoạch đã ký, lúc này', 'By the signed plan, now'),
  planSilence: text('im lặng', 'silence'),
  notConfirmed: text('chưa kiểm chứng được', 'not confirmed'),
  left: (time: string): Text => text(say`còn ${time}`, say`${time} left`),
  progressOf: (title: string): Text => text(say`Tiến độ của ${title}`, say`Progress of ${title}`),
  amplifierOn: text('Âm ly bật', 'Amplifier on'),
  amplifierOff: text('Âm ly tắt', 'Amplifier off'),
  boardShows: text('Bảng đang hiện', 'On the board'),
  next: text('Sắp tới', 'Next'),
  nothingNext: text('Chưa có gì sắp tới', 'Nothing comes next'),
  inTime: (time: string): Text => text(say`sau ${time}`, say`in ${time}`),

  clock: text('Đồng hồ', 'Clock'),
  clockSynced: (u: number): Text => text(say`đúng giờ ±${u} s`, say`in step ±${u} s`),
  clockHoldover: (u: number): Text => text(say`tự giữ giờ ±${u} s`, say`holds by itself ±${u} s`),
  clockSettled: (from: string, to: string): Text =>
    text(
      say`người tại chỗ đã chỉnh giờ từ ${from} sang ${to}`,
      say`a person at the box set it from ${from} to ${to}`,
    ),
  clockFloor: text('không biết giờ', 'time unknown'),
  clockAwaitsRadio: text('chờ giờ đài FM (RDS) ổn định', 'waits for a steady FM station time (RDS)'),
  documents: text('Văn bản', 'Documents'),
  documentsAll: (count: number): Text => text(say`đủ ${count}`, say`all ${count}`),
  documentsBehind: (count: number): Text => text(say`chậm ${count}`, say`${count} behind`),
  documentBehind: (name: string, held: string, wanted: string): Text =>
    text(say`${name}: có ${held}, cần ${wanted}`, say`${name}: holds ${held}, wants ${wanted}`),
  documentMissing: (name: string, wanted: string): Text =>
    text(say`${name}: chưa có, cần ${wanted}`, say`${name}: none, wants ${wanted}`),
  media: text('Tệp', 'Media'),
  mediaAll: (count: number): Text => text(say`đủ ${count}`, say`all ${count}`),
  mediaMissing: (count: number): Text => text(say`thiếu ${count}`, say`${count} missing`),
  records: text('Bản ghi', 'Records'),
  recordsSent: text('đã gửi hết', 'all sent'),
  recordsUnsent: (count: number): Text => text(say`chưa gửi ${count}`, say`${count} unsent`),
  rejects: text('Từ chối', 'Refused'),
  rejectsNone: text('không', 'none'),
  rejectsMeaning: text(
    'Văn bản bị hộp từ chối: có thể có người đang thử giả mạo.',
    'Documents that the box refused: somebody may be trying to forge.',
  ),
  chain: text('Chuỗi bản ghi', 'Chain of records'),
  chainBroken: (count: number): Text => text(say`đứt ${count} chỗ`, say`${count} breaks`),

  signedBy: (names: string): Text => text(say`Ký bởi ${names}`, say`Signed by ${names}`),
  signedAt: (clock: string): Text => text(say`lúc ${clock}`, say`at ${clock}`),
  validUntil: (clock: string): Text => text(say`hiệu lực đến ${clock}`, say`valid until ${clock}`),
  reached: (count: number, of: number): Text => text(say`${count}/${of} hộp`, say`${count} of ${of} boxes`),
  orderOn: (count: number): Text => text(say`${count} đang phát`, say`${count} on now`),
  orderDone: (count: number): Text => text(say`${count} đã phát`, say`${count} done`),
  ordersOver: (count: number): Text =>
    text(
      say`${count} lệnh đã phát xong, còn hiệu lực`,
      say`${count} orders in force, carried out everywhere`,
    ),
  orderSent: text('đã gửi đi', 'sent out'),

  breaks: text('Chuỗi bản ghi bị đứt', 'A chain of records is broken'),
  breakOf: (place: string, dev: string, seq: number): Text =>
    text(say`${place} · ${dev}, bản ghi số ${seq}`, say`${place} · ${dev}, record ${seq}`),

  journal: text('Nhật ký phát', 'As-run records'),
  journalAll: text('Tất cả', 'All'),
  noRecords: text('Chưa có bản ghi nào.', 'There are no records yet.'),
  planned: text('Hẹn', 'Planned'),
  played: text('Phát', 'Played'),
  onTime: (deviation: string): Text => text(say`đúng giờ (${deviation})`, say`on time (${deviation})`),
  lateBy: (time: string): Text => text(say`chậm ${time}`, say`${time} late`),
  earlyBy: (time: string): Text => text(say`sớm ${time}`, say`${time} early`),
  afterOrder: (time: string): Text => text(say`${time} sau khi ký`, say`${time} after signing`),
  proofSound: (peakDbfs: number): Text =>
    text(say`có tiếng, đỉnh ${peakDbfs} dB`, say`heard, peak ${peakDbfs} dB`),
  proofMoving: text('âm thanh có chạy', 'audio moved'),
  proofShown: text('có ảnh màn hình', 'screen seen'),
  proofFrames: text('khung hình có chạy', 'frames moved'),
  proofNone: text('không có bằng chứng', 'no proof'),

  inform: text(
    'Trang chỉ để xem; mọi thay đổi do người ký bằng loa-sign. Giờ Việt Nam.',
    'This page only shows; every change is signed by people with loa-sign. Vietnam time.',
  ),
} as const;

export const linkStates: Readonly<Record<Link['state'], Text>> = {
  online: text('Trực tuyến', 'Online'),
  silent: text('Mất liên lạc', 'Silent'),
  never: text('Chưa từng nối', 'Never seen'),
};

export const breakKinds: Readonly<Record<ChainBreak['kind'], Text>> = {
  missing: text('thiếu bản ghi', 'a record is missing'),
  changed: text('bản ghi bị sửa', 'a record was changed'),
  forked: text('hai bản ghi cùng một số', 'two records of one number'),
};

const orderKinds: Readonly<Record<string, Text>> = {
  alert: text('Báo động khẩn cấp', 'Alert'),
  template: text('Thông báo mẫu', 'Template'),
  halt: text('Tạm ngừng', 'Halt'),
  stop: text('Dừng', 'Stop'),
  clear: text('Kết thúc báo động', 'All clear'),
  test: text('Phát thử', 'Test'),
  live: text('Phát trực tiếp', 'Live'),
};

/** A kind of a later version is shown as it is. */
export const orderKindInWords = (kind: LiveOrder['kind']): Text =>
  (Object.hasOwn(orderKinds, kind) ? orderKinds[kind] : undefined) ?? text(shown(kind), shown(kind));

const documentTypes: Readonly<Record<string, Text>> = {
  trust: text('Gốc tin cậy', 'Trust'),
  keyring: text('Vòng khóa', 'Keyring'),
  plan: text('Kế hoạch', 'Plan'),
  templates: text('Mẫu thông báo', 'Templates'),
  fmplan: text('Kế hoạch FM', 'FM plan'),
  device: text('Văn bản thiết bị', 'Device document'),
  release: text('Bản phần mềm', 'Release'),
};

/** `plan` as people say it; a type of a later version is shown as it is. */
export const documentTypeInWords = (typ: string): Text =>
  (Object.hasOwn(documentTypes, typ) ? documentTypes[typ] : undefined) ?? text(shown(typ), shown(typ));
