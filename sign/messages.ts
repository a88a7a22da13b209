/** What the commands of loa-sign say to their person. */
import { text } from '../shared/messages/text.ts';
import type { Text } from '../shared/messages/text.ts';

export const MESSAGES = {
  newPassphrase: text('Mật khẩu mới cho khóa (không hiện)', 'New passphrase for the key (not shown)'),
  passphraseAgain: text('Gõ lại mật khẩu', 'The same passphrase again'),
  passphrase: (path: string) =>
    text(`Mật khẩu của ${path} (không hiện)`, `Passphrase of ${path} (not shown)`),
  passphrasesDiffer: text('Hai lần gõ khác nhau; không có gì được tạo.', 'The two differ; nothing was made.'),
  gaveUp: text('Đã bỏ dở; không có gì thay đổi.', 'Given up; nothing has changed.'),
  nobodyToAsk: (option: string) =>
    text(
      `Không có ai ở bàn phím để hỏi. Chạy trong terminal, hoặc dùng ${option}.`,
      `Nobody is at the keyboard to be asked. Run it in a terminal, or use ${option}.`,
    ),
  notADocument: (path: string) =>
    text(`${path} không phải văn bản ký được.`, `${path} is no document that could be signed.`),
  noJson: (path: string) => text(`${path} không phải JSON.`, `${path} is not JSON.`),
  keyMade: (path: string, open: string) =>
    text(
      `Khóa bí mật: ${path} (giữ kín, sao một bản cất riêng). Khóa công khai: ${open} (gửi cho lễ tạo tin cậy).`,
      `Secret key: ${path} (keep it, and a copy in another place). Public key: ${open} (bring it to the ceremony).`,
    ),
  readOut: (words: string) =>
    text(
      `Sáu từ của khóa, ghi ra giấy và đọc cho người khác đối chiếu: ${words}`,
      `The six words of the key, for paper and to be read to others: ${words}`,
    ),
  written: (path: string) => text(`Đã ghi ${path}`, `Written: ${path}`),
  filled: (fields: string) => text(`Đã điền: ${fields}`, 'These were filled in.'),
  needsTrust: text(
    'Máy này chưa ghim văn bản tin cậy nào, nên không biết ai được ký gì. Chạy "loa-sign pin TỆP" với bản tin cậy đã ký.',
    'No trust is pinned on this machine, so nobody knows who may sign what. Run "loa-sign pin FILE" with the signed trust.',
  ),
  needsFmplan: text(
    'Chưa ghim kế hoạch FM (fmplan) còn hiệu lực cho nơi này, nên không biết ai được ra lệnh qua sóng. Chạy "loa-sign pin TỆP".',
    'No fmplan in force is pinned for this place, so nobody knows who may order by radio. Run "loa-sign pin FILE".',
  ),
  fmNoTemplate: text(
    'Phát mẫu nào? Cho biết số của nó: --template 3. Xem số và lời: "loa-sign inspect TỆP" với văn bản templates.',
    'Which template? Name its number: --template 3. Numbers and words: "loa-sign inspect FILE" of the templates.',
  ),
  fmOutOfRange: text(
    'Lệnh qua sóng: template, halt hoặc test; phát 1–10 lần; sống 15–225 phút; mẫu số 0–255; nơi nhận là tỉnh hoặc xã.',
    'By radio: template, halt or test; 1–10 plays; 15–225 minutes; template 0–255; to the province or one commune.',
  ),
  trustExists: text(
    'Máy này đã ghim tin cậy; phiên bản sau làm bằng "loa-sign trust next".',
    'A trust is pinned already; its successor is made with "loa-sign trust next".',
  ),
  firstTrust: (words: string) =>
    text(
      `Đây là gốc của mọi sự tin cậy trên máy này. Sáu từ: ${words}. Chỉ tiếp tục nếu trùng với giấy của lễ tạo tin cậy. Gõ "đúng" để ghim`,
      `Everything on this machine will follow from it. Six words: ${words}. Go on only if the paper of the ceremony has the same. Type "dung" to pin it`,
    ),
  pinned: (id: string, ver: number) =>
    text(`Đã ghim ${id}, phiên bản ${ver}.`, `Pinned ${id}, version ${ver}.`),
  about: (path: string, why: Text) => text(`${path}: ${why.vi}`, `${path}: ${why.en}`),
  notSigned: (path: string) =>
    text(`${path}: chưa ai ký, không ghim được.`, `${path}: nobody has signed it, so it cannot be pinned.`),
  placesKept: (count: number) => text(`Đã biết ${count} địa danh.`, `${count} places are known.`),
  refusedBy: (code: string, why: Text) =>
    text(`Không ký: ${why.vi} (${code})`, `Not signed: ${why.en} (${code})`),
  mayNotSign: (holder: string) =>
    text(
      `Không ký: khóa của ${holder} không có quyền ký văn bản này.`,
      `Not signed: the key of ${holder} has no right to sign this document.`,
    ),
  hasSigned: (holder: string) =>
    text(
      `Không ký: ${holder} đã ký rồi; hai khóa của một người chỉ tính một.`,
      `Not signed: ${holder} has signed already; two keys of one person count once.`,
    ),
  place: (code: string, known: boolean) =>
    known
      ? text(
          `Văn bản có hiệu lực rộng. Gõ tên của nơi có mã ${code}`,
          `It reaches far. Type the name of the place with the code ${code}`,
        )
      : text(
          `Văn bản có hiệu lực rộng. Gõ mã của nơi nhận (chưa biết tên; xem "loa-sign places")`,
          `It reaches far. Type the code of the place (its name is not known; see "loa-sign places")`,
        ),
  otherPlace: (typed: string) =>
    text(
      `Không ký: "${typed}" không phải nơi của văn bản này.`,
      `Not signed: "${typed}" is not the place of this document.`,
    ),
  confirm: text('Ký đúng nội dung trên? Gõ "ký" để ký', 'Sign exactly what stands above? Type "ky" to sign'),
  signedAs: (holder: string, path: string) =>
    text(`${holder} đã ký. Đã ghi ${path}`, `Signed by ${holder}. Written: ${path}`),
  notCounted: text(
    'Chữ ký vừa làm không được tính; tệp không được ghi. Tệp khóa có thể hỏng.',
    'The signature just made does not count; nothing was written. The key file may be damaged.',
  ),
  notAnFmplan: (path: string) =>
    text(
      `${path}: không phải bản nháp fmplan có danh sách đài.`,
      `${path}: no draft of an fmplan with a list of stations.`,
    ),
  noStationToBeat: text(
    'Không có đài nào như vậy còn thiếu nhịp xác thực. Thêm ngày cho nhịp đã có: "loa-sign fm-beats extend".',
    'No such station is without a heartbeat. To add days to one that is there: "loa-sign fm-beats extend".',
  ),
  noSuchBeat: text(
    'fmplan đã ghim của nơi này không có đài nào như vậy có nhịp xác thực. Ghim bản đã ký trước ("loa-sign pin TỆP").',
    'The fmplan pinned for this place has no such station with a heartbeat. Pin the signed one first ("loa-sign pin FILE").',
  ),
  beatDays: (most: number) =>
    text(`Số ngày phải từ 1 đến ${most}.`, `The number of days must be between 1 and ${most}.`),
  beatFrom: text(
    'Ngày đầu phải từ hôm nay đến 30 ngày tới.',
    'The first day must be today or within 30 days from now.',
  ),
  whichStation: (stations: string) =>
    text(
      `Có nhiều đài; chọn bằng --station: ${stations}`,
      `There are several; choose with --station: ${stations}`,
    ),
  otherAnchor: (day: number) =>
    text(
      `Mốc của ngày ${day} trong fmplan đã ghim không phải của bí mật trên máy này. Không làm gì thêm; báo cho người giữ nhịp.`,
      `The anchor of day ${day} in the pinned fmplan is not of the secret on this machine. Nothing was made; ask who keeps the heartbeat.`,
    ),
  heartbeatMade: (station: string, path: string) =>
    text(
      `Bí mật nhịp của đài ${station}: ${path} (giữ kín, sao ngay một bản cất riêng: thiếu nó không thêm được mốc). Ai có nó và mật khẩu thì giả được nhịp của đài.`,
      `The secret of the heartbeat of ${station}: ${path} (keep it, and a copy in another place: without it no anchor can be added). Whoever has it and its passphrase can imitate the station.`,
    ),
  noSeedsNow: text(
    'Những ngày này không có mốc trong fmplan đã ghim, nên hộp loa sẽ không nhận nhịp. Chạy "loa-sign fm-beats extend", ký và ghim trước.',
    'The pinned fmplan has no anchors for these days, so no box would take the beats. Run "loa-sign fm-beats extend", sign and pin first.',
  ),
  seedsMade: (path: string, station: string, from: string, until: string) =>
    text(
      `Mầm nhịp của đài ${station}, dùng được từ ${from} đến hết hiệu lực lúc ${until} (giờ Việt Nam): ${path}. Giao tận tay hoặc qua kênh mã hóa; ai có tệp này giả được nhịp của đài trong những ngày đó.`,
      `Seeds of ${station}, good from ${from} and expiring at ${until} (Vietnam's time): ${path}. Hand it over in person or encrypted: whoever has this file can imitate the station for these days.`,
    ),
  fewerSeeds: (days: number) =>
    text(`Chỉ có mốc cho ${days} ngày.`, `There are anchors for ${days} days only.`),
  anchorsEnd: (station: string, until: string) =>
    text(
      `Mốc nhịp của đài ${station} hết lúc ${until}: làm bản kế tiếp bằng "loa-sign fm-beats extend" và ký ngay.`,
      `The anchors of ${station} end at ${until}: make the next with "loa-sign fm-beats extend" and have it signed now.`,
    ),
  seedsOpen: (path: string) =>
    text(
      `${path}: người khác trên máy này đọc được mầm nhịp. Chạy: chmod 600`,
      `${path}: others on this machine can read the seeds. Run: chmod 600`,
    ),
  seedsBegin: (from: string) =>
    text(
      `Mầm nhịp này chỉ dùng được từ ${from} (giờ Việt Nam). Đồng hồ máy này có đúng không?`,
      `These seeds begin at ${from} (Vietnam's time). Is the clock of this machine right?`,
    ),
  seedsOver: (until: string) =>
    text(
      `Mầm nhịp này đã hết lúc ${until} (giờ Việt Nam). Xin tệp mới ở người giữ nhịp của tỉnh.`,
      `These seeds ended at ${until} (Vietnam's time). Ask the province for new ones.`,
    ),
  beatOf: (station: string, at: string, until: string) =>
    text(
      `Đài ${station}, nửa phút ${at}, theo đồng hồ máy này (phải đúng trong vài giây). Mầm nhịp hết lúc ${until}.`,
      `${station}, half minute ${at}, by the clock of this machine (it must be right within seconds). The seeds end at ${until}.`,
    ),
  badTime: text(
    'Giờ viết dạng 2026-11-30T05:30 (giờ Việt Nam) hoặc kèm múi giờ: 2026-11-29T22:30Z.',
    "A time is written as 2026-11-30T05:30 (Vietnam's) or with its zone: 2026-11-29T22:30Z.",
  ),
  ahead: text(
    'Nhịp của giờ chưa đến là bí mật: ai thấy có thể phát trước. Gõ "hiện" để hiện',
    'A beat of a time to come is secret: whoever sees it can imitate the station. Type "hien" to show it',
  ),
  broken: text(
    'Lỗi bất ngờ trong loa-sign; không có chữ ký nào được ghi. Xin báo lỗi kèm dòng sau:',
    'An unexpected fault in loa-sign; no signature was written. Please report it with this line:',
  ),
} as const;
