/** What each answer of `accept` means to the person who publishes, and what to do about it. */
import type { Rejection } from '../../shared/protocol/state.ts';

type Words = { readonly vi: string; readonly en: string };

export const wordsOf: Readonly<Record<Rejection, Words>> = {
  TOO_BIG: {
    vi: 'Văn bản quá lớn cho loại của nó. Hãy chia thành nhiều phần hoặc bớt mục.',
    en: 'The document is too big for its type. Split it or take items out.',
  },
  BAD_JSON: {
    vi: 'Không phải JSON hợp lệ. Hãy xuất lại tệp từ loa-sign.',
    en: 'This is not valid JSON. Export the file from loa-sign again.',
  },
  BAD_ENVELOPE: {
    vi: 'Không đúng dạng phong bì chữ ký. Hãy xuất lại tệp từ loa-sign.',
    en: 'This is not a signature envelope. Export the file from loa-sign again.',
  },
  BAD_B64: {
    vi: 'Phong bì bị hỏng khi chép (base64url sai). Hãy lấy lại tệp gốc.',
    en: 'The envelope was damaged in copying (bad base64url). Take the original file again.',
  },
  BAD_ENCODING: {
    vi: 'Nội dung không phải UTF-8.',
    en: 'The content is not UTF-8.',
  },
  NOT_CANONICAL: {
    vi: 'Nội dung đã ký không ở dạng chuẩn. Hãy ký lại bằng loa-sign.',
    en: 'The signed bytes are not in canonical form. Sign again with loa-sign.',
  },
  BAD_HEADER: {
    vi: 'Phần đầu của chữ ký không hợp lệ. Hãy ký lại bằng loa-sign.',
    en: 'The header of a signature is not valid. Sign again with loa-sign.',
  },
  DUP_SIGNER: {
    vi: 'Một khóa đã ký hai lần. Cần chữ ký của người khác.',
    en: 'One key signed twice. The signature of another person is needed.',
  },
  UNSUPPORTED_TYPE: {
    vi: 'Phiên bản này không biết loại văn bản đó. Hãy cập nhật máy chủ.',
    en: 'This version does not know that type of document. Update the server.',
  },
  BAD_SCHEMA: {
    vi: 'Một trường của văn bản không hợp lệ.',
    en: 'A field of the document is not valid.',
  },
  BAD_TIMES: {
    vi: 'Thời hạn không hợp lệ: exp phải sau iat.',
    en: 'The times are not valid: exp must come after iat.',
  },
  TYPE_MISMATCH: {
    vi: 'Chữ ký được làm cho loại văn bản khác.',
    en: 'A signature was made for another type of document.',
  },
  WRONG_PROVINCE: {
    vi: 'Văn bản của tỉnh khác.',
    en: 'This document belongs to another province.',
  },
  NOT_FOR_ME: {
    vi: 'Văn bản không nhắm tới khu vực nào của tỉnh này.',
    en: 'The document is not addressed to any area here.',
  },
  BAD_ID: {
    vi: 'Trường id không khớp với loại và khu vực (ví dụ plan:56.22366).',
    en: 'The id does not follow from type and area (for example plan:56.22366).',
  },
  DUPLICATE: {
    vi: 'Đúng văn bản này đã được ban hành. Không cần làm gì.',
    en: 'This very document is published already. Nothing is to be done.',
  },
  REPLAY: {
    vi: 'Lệnh này đã được gửi. Muốn phát lại, hãy ký một lệnh mới.',
    en: 'This order was sent already. To sound again, sign a new order.',
  },
  ROLLBACK: {
    vi: 'Số phiên bản cũ hơn bản đã ban hành. Hãy tăng ver và ký lại.',
    en: 'The version is older than what was published. Raise ver and sign again.',
  },
  GAP: {
    vi: 'Thiếu bản tin cậy ở giữa. Hãy tải lên lần lượt từng bản.',
    en: 'A trust in between is missing. Upload them one after another.',
  },
  THRESHOLD: {
    vi: 'Chưa đủ người ký có thẩm quyền.',
    en: 'Not enough authorised people have signed.',
  },
  EQUIVOCATION: {
    vi: 'Đã có một văn bản khác với cùng id, epoch và ver: hai sự thật. Hãy tăng ver; nếu không rõ vì sao, báo người quản trị khóa.',
    en: 'Another document with the same id, epoch and ver exists: two truths. Raise ver; if you do not know why, tell the keepers of the keys.',
  },
  BAD_KID: {
    vi: 'Một khóa không khớp với mã của nó.',
    en: 'A key does not match its own identifier.',
  },
  WEAK_KEY: {
    vi: 'Một khóa yếu, ai cũng giả được chữ ký. Hãy tạo khóa khác.',
    en: 'A key is weak: anyone can forge under it. Make another key.',
  },
  BAD_GRANT: {
    vi: 'Một phân quyền không hợp lệ: thiếu khóa, quá ít người, hoặc một người được làm việc của hai người.',
    en: 'A grant is not valid: a key is missing, too few people, or one person may do what wants two.',
  },
  TTL_TOO_LONG: {
    vi: 'Thời hạn dài hơn mức được phép. Hãy rút ngắn exp và ký lại.',
    en: 'The document lives longer than its signers may grant. Shorten exp and sign again.',
  },
  FROM_FUTURE: {
    vi: 'Văn bản ghi thời điểm ở tương lai. Kiểm tra đồng hồ máy ký.',
    en: 'The document is dated in the future. Check the clock of the signing machine.',
  },
  TRUST_EXPIRED: {
    vi: 'Bản tin cậy đã hết hạn. Cần lễ ký bản kế tiếp.',
    en: 'The trust has expired. The next one must be signed in a ceremony.',
  },
  ESCALATION: {
    vi: 'Vòng khóa của khu vực cấp quyền vượt quá quyền của mình.',
    en: 'The keyring grants more than an area may grant.',
  },
  NO_GRANT: {
    vi: 'Không ai được cấp quyền ký văn bản loại này cho khu vực này. Ban hành trust hoặc vòng khóa (keyring) trước.',
    en: 'Nobody is granted to sign this for this area. Publish the trust or the keyring first.',
  },
  KEYRING_EXPIRED: {
    vi: 'Vòng khóa của khu vực đã hết hạn. Hãy ban hành vòng khóa mới trước.',
    en: 'The keyring of the area has expired. Publish a new keyring first.',
  },
  OLD_EPOCH: {
    vi: 'Văn bản ghi epoch cũ. Hãy ký lại với epoch hiện hành.',
    en: 'The document carries an old epoch. Sign again with the epoch in force.',
  },
  NEED_NEWER_TRUST: {
    vi: 'Văn bản cần bản tin cậy mới hơn. Hãy tải bản đó lên trước.',
    en: 'The document needs a newer trust. Upload that first.',
  },
  EXPIRED: {
    vi: 'Văn bản đã hết hạn. Hãy ký bản mới.',
    en: 'The document has expired. Sign a new one.',
  },
  NO_TIME: {
    vi: 'Máy chủ không biết giờ chính xác. Hãy chỉnh đồng hồ máy chủ.',
    en: 'The server does not know the time. Set its clock.',
  },
  BAD_NONCE: {
    vi: 'Văn bản head không được tải lên: máy chủ tự ký.',
    en: 'A head is not uploaded: the server signs it itself.',
  },
  TIME_JUMP: {
    vi: 'Văn bản head nhảy quá xa về thời gian.',
    en: 'The head jumps too far in time.',
  },
  TIME_DISPUTE: {
    vi: 'Văn bản head không khớp với đồng hồ.',
    en: 'The head disagrees with the clock.',
  },
  SUPERSEDED: {
    vi: 'Lệnh đã bị một lệnh sau đó vô hiệu. Hãy ký lệnh mới.',
    en: 'A later order has overtaken this one. Sign a new order.',
  },
  RATE: {
    vi: 'Một người đã ra quá nhiều lệnh trong một giờ. Cần người thứ hai cùng ký.',
    en: 'One person gave too many orders within an hour. A second person must sign too.',
  },
};
