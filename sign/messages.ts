/** What the commands of loa-sign say to their person. */
import type { Text } from './text.ts';

const pair = (vi: string, en: string): Text => ({ vi, en });

export const MESSAGES = {
  newPassphrase: pair('Mật khẩu mới cho khóa (không hiện)', 'New passphrase for the key (not shown)'),
  passphraseAgain: pair('Gõ lại mật khẩu', 'The same passphrase again'),
  passphrase: (path: string) =>
    pair(`Mật khẩu của ${path} (không hiện)`, `Passphrase of ${path} (not shown)`),
  passphrasesDiffer: pair('Hai lần gõ khác nhau; không có gì được tạo.', 'The two differ; nothing was made.'),
  gaveUp: pair('Đã bỏ dở; không có gì thay đổi.', 'Given up; nothing has changed.'),
  nobodyToAsk: (option: string) =>
    pair(
      `Không có ai ở bàn phím để hỏi. Chạy trong terminal, hoặc dùng ${option}.`,
      `Nobody is at the keyboard to be asked. Run it in a terminal, or use ${option}.`,
    ),
  notADocument: (path: string) =>
    pair(`${path} không phải văn bản ký được.`, `${path} is no document that could be signed.`),
  noJson: (path: string) => pair(`${path} không phải JSON.`, `${path} is not JSON.`),
  keyMade: (path: string, open: string) =>
    pair(
      `Khóa bí mật: ${path} (giữ kín, sao một bản cất riêng). Khóa công khai: ${open} (gửi cho lễ tạo tin cậy).`,
      `Secret key: ${path} (keep it, and a copy in another place). Public key: ${open} (bring it to the ceremony).`,
    ),
  readOut: (words: string) =>
    pair(
      `Sáu từ của khóa, ghi ra giấy và đọc cho người khác đối chiếu: ${words}`,
      `The six words of the key, for paper and to be read to others: ${words}`,
    ),
  written: (path: string) => pair(`Đã ghi ${path}`, `Written: ${path}`),
  filled: (fields: string) => pair(`Đã điền: ${fields}`, 'These were filled in.'),
  needsTrust: pair(
    'Máy này chưa ghim văn bản tin cậy nào, nên không biết ai được ký gì. Chạy "loa-sign pin TỆP" với bản tin cậy đã ký.',
    'No trust is pinned on this machine, so nobody knows who may sign what. Run "loa-sign pin FILE" with the signed trust.',
  ),
  trustExists: pair(
    'Máy này đã ghim tin cậy; phiên bản sau làm bằng "loa-sign trust next".',
    'A trust is pinned already; its successor is made with "loa-sign trust next".',
  ),
  firstTrust: (words: string) =>
    pair(
      `Đây là gốc của mọi sự tin cậy trên máy này. Sáu từ: ${words}\nChỉ tiếp tục nếu trùng với giấy của lễ tạo tin cậy. Gõ "đúng" để ghim`,
      `Everything on this machine will follow from it. Six words: ${words}\nGo on only if the paper of the ceremony has the same. Type "dung" to pin it`,
    ),
  pinned: (id: string, ver: number) =>
    pair(`Đã ghim ${id}, phiên bản ${ver}.`, `Pinned ${id}, version ${ver}.`),
  about: (path: string, why: Text) => pair(`${path}: ${why.vi}`, `${path}: ${why.en}`),
  notSigned: (path: string) =>
    pair(`${path}: chưa ai ký, không ghim được.`, `${path}: nobody has signed it, so it cannot be pinned.`),
  placesKept: (count: number) => pair(`Đã biết ${count} địa danh.`, `${count} places are known.`),
  refusedBy: (code: string, why: Text) =>
    pair(`Không ký: ${why.vi} (${code})`, `Not signed: ${why.en} (${code})`),
  mayNotSign: (holder: string) =>
    pair(
      `Không ký: khóa của ${holder} không có quyền ký văn bản này.`,
      `Not signed: the key of ${holder} has no right to sign this document.`,
    ),
  hasSigned: (holder: string) =>
    pair(
      `Không ký: ${holder} đã ký rồi; hai khóa của một người chỉ tính một.`,
      `Not signed: ${holder} has signed already; two keys of one person count once.`,
    ),
  place: (code: string, known: boolean) =>
    known
      ? pair(
          `Văn bản có hiệu lực rộng. Gõ tên của nơi có mã ${code}`,
          `It reaches far. Type the name of the place with the code ${code}`,
        )
      : pair(
          `Văn bản có hiệu lực rộng. Gõ mã của nơi nhận (chưa biết tên; xem "loa-sign places")`,
          `It reaches far. Type the code of the place (its name is not known; see "loa-sign places")`,
        ),
  otherPlace: (typed: string) =>
    pair(
      `Không ký: "${typed}" không phải nơi của văn bản này.`,
      `Not signed: "${typed}" is not the place of this document.`,
    ),
  confirm: pair('Ký đúng nội dung trên? Gõ "ký" để ký', 'Sign exactly what stands above? Type "ky" to sign'),
  signedAs: (holder: string, path: string) =>
    pair(`${holder} đã ký. Đã ghi ${path}`, `Signed by ${holder}. Written: ${path}`),
  notCounted: pair(
    'Chữ ký vừa làm không được tính; tệp không được ghi. Tệp khóa có thể hỏng.',
    'The signature just made does not count; nothing was written. The key file may be damaged.',
  ),
  badPlanFile: (path: string, faults: string) =>
    pair(`${path}: tệp lễ sai quy cách: ${faults}`, `${path}: the ceremony file breaks its rules: ${faults}`),
  broken: pair(
    'Lỗi bất ngờ trong loa-sign; không có chữ ký nào được ghi. Xin báo lỗi kèm dòng sau:',
    'An unexpected fault in loa-sign; no signature was written. Please report it with this line:',
  ),
} as const;
