/** The verifier's answers (protocol.md §4) in the words of someone who is about to sign. */
import type { Code } from '../shared/protocol/state.ts';
import type { Text } from './text.ts';

const say = (vi: string, en: string): Text => ({ vi, en });

export const CODES: Readonly<Record<Code, Text>> = {
  ACCEPTED: say('Hợp lệ.', 'Valid.'),
  TOO_BIG: say('Văn bản quá lớn đối với loại của nó.', 'The document is too large for its type.'),
  BAD_JSON: say('Không phải JSON, hoặc lồng quá sâu.', 'Not JSON, or nested too deep.'),
  BAD_ENVELOPE: say('Không phải phong bì LOA-JWS/1.', 'Not an envelope of LOA-JWS/1.'),
  BAD_B64: say('Mã base64url không đúng dạng chuẩn.', 'base64url that is not in its canonical spelling.'),
  BAD_ENCODING: say('Không phải UTF-8.', 'Not UTF-8.'),
  NOT_CANONICAL: say(
    'JSON không ở dạng chuẩn tắc (RFC 8785). Chạy "loa-sign draft TỆP" để chuẩn hóa trước khi ký.',
    'Not in canonical form (RFC 8785). Run "loa-sign draft FILE" before anyone signs.',
  ),
  BAD_HEADER: say('Đầu chữ ký không hợp lệ.', 'A header of a signature is not valid.'),
  DUP_SIGNER: say('Một khóa ký hai lần.', 'One key signs twice.'),
  UNSUPPORTED_TYPE: say(
    'Loại văn bản mà phiên bản này không biết.',
    'A type that this version does not know.',
  ),
  BAD_SCHEMA: say('Nội dung sai quy cách.', 'The content breaks the rules of its type.'),
  BAD_TIMES: say('Thời hạn bị đảo ngược hoặc vô lý.', 'Its times are reversed or impossible.'),
  TYPE_MISMATCH: say('Chữ ký dành cho loại văn bản khác.', 'A signature is for another type of document.'),
  WRONG_PROVINCE: say('Văn bản của tỉnh khác.', 'A document of another province.'),
  NOT_FOR_ME: say('Văn bản không dành cho nơi này.', 'The document is not for this place.'),
  BAD_ID: say('Mã định danh không khớp với nội dung.', 'The id does not follow from the content.'),
  DUPLICATE: say('Văn bản này đã được ghim, không có gì để ký.', 'This very document is pinned already.'),
  REPLAY: say('Lệnh này đã được dùng.', 'This order has been used before.'),
  ROLLBACK: say('Đã có phiên bản mới hơn; hãy tăng ver.', 'A newer version is known; raise ver.'),
  GAP: say(
    'Thiếu phiên bản tin cậy ở giữa; hãy ghim lần lượt từng phiên bản.',
    'A trust version in between is missing; pin them one by one.',
  ),
  THRESHOLD: say('Chưa đủ chữ ký hợp lệ.', 'Not enough valid signatures.'),
  EQUIVOCATION: say(
    'BÁO ĐỘNG: đã có nội dung khác cùng phiên bản này. Ai đó đã ký hai nội dung. Hãy báo ngay.',
    'ALARM: another content is known under this very version. Somebody signed two truths. Report it now.',
  ),
  BAD_KID: say('Mã khóa không phải của khóa đó.', 'A key id is not that of its key.'),
  WEAK_KEY: say('Có khóa yếu mà ai cũng giả được chữ ký.', 'A weak key under which anyone can forge.'),
  BAD_GRANT: say(
    'Phân quyền sai luật: khóa lạ, không đủ người cho ngưỡng, ngưỡng dưới 2 cho quyền phải có hai người, nhiều hơn một quyền gốc, hoặc epoch của một vai trò không thống nhất.',
    'A grant breaks the rules: unknown key, fewer people than its threshold, a threshold below 2 where two people are needed, not exactly one root grant, or two epochs for one role.',
  ),
  TTL_TOO_LONG: say('Thời hạn dài hơn mức được phép.', 'It would live longer than its grant allows.'),
  FROM_FUTURE: say(
    'Ngày ký ở tương lai; kiểm tra đồng hồ máy này.',
    "It is dated in the future; check this machine's clock.",
  ),
  TRUST_EXPIRED: say(
    'Văn bản tin cậy đã ghim hết hạn; cần phiên bản mới.',
    'The pinned trust has expired; it needs its successor.',
  ),
  ESCALATION: say(
    'Vòng khóa của xã đòi quyền mà nó không thể có.',
    'The keyring claims power that no keyring can have.',
  ),
  NO_GRANT: say(
    'Không ai có quyền ký văn bản này (hoặc chưa ghim vòng khóa của nơi đó).',
    'Nobody holds the right to sign this (or the keyring of that area is not pinned).',
  ),
  KEYRING_EXPIRED: say('Vòng khóa của nơi này đã hết hạn.', 'The keyring of this area has expired.'),
  OLD_EPOCH: say(
    'Epoch đã bị thay; dùng epoch hiện hành.',
    'Its epoch was raised since; use the current one.',
  ),
  NEED_NEWER_TRUST: say(
    'Cần phiên bản tin cậy mới hơn bản đã ghim.',
    'It needs a newer trust than the one pinned.',
  ),
  EXPIRED: say('Đã hết hạn.', 'It has expired.'),
  NO_TIME: say('Không có giờ tin cậy.', 'There is no trusted time.'),
  BAD_NONCE: say('Sai mã thử thách.', 'The nonce is another one.'),
  TIME_JUMP: say('Thời gian nhảy vọt.', 'The time jumps.'),
  TIME_DISPUTE: say('Thời gian bị tranh chấp.', 'The time is disputed.'),
  SUPERSEDED: say('Đã bị một lệnh sau thay thế.', 'A later order has superseded it.'),
  RATE: say('Quá nhiều lệnh của một người trong một giờ.', 'Too many orders of one person within an hour.'),
};
