/** The verifier's answers (protocol.md §4) in the words of someone who is about to sign. */
import type { Code } from '../shared/protocol/state.ts';
import { text } from '../shared/messages/text.ts';
import type { Text } from '../shared/messages/text.ts';

export const CODES: Readonly<Record<Code, Text>> = {
  ACCEPTED: text('Hợp lệ.', 'Valid.'),
  TOO_BIG: text('Văn bản quá lớn đối với loại của nó.', 'The document is too large for its type.'),
  BAD_JSON: text('Không phải JSON, hoặc lồng quá sâu.', 'Not JSON, or nested too deep.'),
  BAD_ENVELOPE: text('Không phải phong bì LOA-JWS/1.', 'Not an envelope of LOA-JWS/1.'),
  BAD_B64: text('Mã base64url không đúng dạng chuẩn.', 'base64url that is not in its canonical spelling.'),
  BAD_ENCODING: text('Không phải UTF-8.', 'Not UTF-8.'),
  NOT_CANONICAL: text(
    'JSON không ở dạng chuẩn tắc (RFC 8785). Chạy "loa-sign draft TỆP" để chuẩn hóa trước khi ký.',
    'Not in canonical form (RFC 8785). Run "loa-sign draft FILE" before anyone signs.',
  ),
  BAD_HEADER: text('Đầu chữ ký không hợp lệ.', 'A header of a signature is not valid.'),
  DUP_SIGNER: text('Một khóa ký hai lần.', 'One key signs twice.'),
  UNSUPPORTED_TYPE: text(
    'Loại văn bản mà phiên bản này không biết.',
    'A type that this version does not know.',
  ),
  BAD_SCHEMA: text('Nội dung sai quy cách.', 'The content breaks the rules of its type.'),
  BAD_TIMES: text('Thời hạn bị đảo ngược hoặc vô lý.', 'Its times are reversed or impossible.'),
  TYPE_MISMATCH: text('Chữ ký dành cho loại văn bản khác.', 'A signature is for another type of document.'),
  WRONG_PROVINCE: text('Văn bản của tỉnh khác.', 'A document of another province.'),
  NOT_FOR_ME: text('Văn bản không dành cho nơi này.', 'The document is not for this place.'),
  BAD_ID: text('Mã định danh không khớp với nội dung.', 'The id does not follow from the content.'),
  DUPLICATE: text('Văn bản này đã được ghim, không có gì để ký.', 'This very document is pinned already.'),
  REPLAY: text('Lệnh này đã được dùng.', 'This order has been used before.'),
  ROLLBACK: text('Đã có phiên bản mới hơn; hãy tăng ver.', 'A newer version is known; raise ver.'),
  GAP: text(
    'Thiếu phiên bản tin cậy ở giữa; hãy ghim lần lượt từng phiên bản.',
    'A trust version in between is missing; pin them one by one.',
  ),
  THRESHOLD: text('Chưa đủ chữ ký hợp lệ.', 'Not enough valid signatures.'),
  EQUIVOCATION: text(
    'BÁO ĐỘNG: đã có nội dung khác cùng phiên bản này. Ai đó đã ký hai nội dung. Hãy báo ngay.',
    'ALARM: another content is known under this very version. Somebody signed two truths. Report it now.',
  ),
  BAD_KID: text('Mã khóa không phải của khóa đó.', 'A key id is not that of its key.'),
  WEAK_KEY: text('Có khóa yếu mà ai cũng giả được chữ ký.', 'A weak key under which anyone can forge.'),
  BAD_GRANT: text(
    'Phân quyền sai luật: khóa lạ, không đủ người cho ngưỡng, ngưỡng dưới 2 cho quyền phải có hai người, nhiều hơn một quyền gốc, hoặc epoch của một vai trò không thống nhất.',
    'A grant breaks the rules: unknown key, fewer people than its threshold, a threshold below 2 where two people are needed, not exactly one root grant, or two epochs for one role.',
  ),
  TTL_TOO_LONG: text('Thời hạn dài hơn mức được phép.', 'It would live longer than its grant allows.'),
  FROM_FUTURE: text(
    'Ngày ký ở tương lai; kiểm tra đồng hồ máy này.',
    "It is dated in the future; check this machine's clock.",
  ),
  TRUST_EXPIRED: text(
    'Văn bản tin cậy đã ghim hết hạn; cần phiên bản mới.',
    'The pinned trust has expired; it needs its successor.',
  ),
  ESCALATION: text(
    'Vòng khóa của xã đòi quyền mà nó không thể có.',
    'The keyring claims power that no keyring can have.',
  ),
  NO_GRANT: text(
    'Không ai có quyền ký văn bản này (hoặc chưa ghim vòng khóa của nơi đó).',
    'Nobody holds the right to sign this (or the keyring of that area is not pinned).',
  ),
  KEYRING_EXPIRED: text('Vòng khóa của nơi này đã hết hạn.', 'The keyring of this area has expired.'),
  OLD_EPOCH: text(
    'Epoch đã bị thay; dùng epoch hiện hành.',
    'Its epoch was raised since; use the current one.',
  ),
  NEED_NEWER_TRUST: text(
    'Cần phiên bản tin cậy mới hơn bản đã ghim.',
    'It needs a newer trust than the one pinned.',
  ),
  EXPIRED: text('Đã hết hạn.', 'It has expired.'),
  NO_TIME: text('Không có giờ tin cậy.', 'There is no trusted time.'),
  BAD_NONCE: text('Sai mã thử thách.', 'The nonce is another one.'),
  TIME_JUMP: text('Thời gian nhảy vọt.', 'The time jumps.'),
  TIME_DISPUTE: text('Thời gian bị tranh chấp.', 'The time is disputed.'),
  SUPERSEDED: text('Đã bị một lệnh sau thay thế.', 'A later order has superseded it.'),
  RATE: text('Quá nhiều lệnh của một người trong một giờ.', 'Too many orders of one person within an hour.'),
};
