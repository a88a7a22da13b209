/** Conditions of what is signed: enrolment, trust, keyrings, plans, and documents that should never have come. */
import { text } from '../messages/text.ts';
import type { Declared } from './declared.ts';

const MINUTE_MS = 60_000;

const callProvince = text(
  'Báo ngay cho tỉnh; không ký thêm gì cho đến khi rõ.',
  'Call the province at once; sign nothing more until it is clear.',
);
const renewTrust = text(
  'Tỉnh làm và ký bản tin cậy kế tiếp (loa-sign trust next), đủ chữ ký của bản cũ và bản mới.',
  'The province makes and signs the next trust (loa-sign trust next), with the signatures of old and new.',
);

export const documentConditions = {
  NOT_ENROLLED: {
    severity: 'error',
    holdMs: 0,
    text: text(
      'Thiết bị chưa được ghi danh, nên không phát gì.',
      'This box is not enrolled, so it plays nothing.',
    ),
    remedy: text(
      'Đọc mã thiết bị cho cán bộ đăng ký để ký văn bản device.',
      'Read the name of the box to a registrar, who signs its device document.',
    ),
  },
  REVOKED: {
    severity: 'error',
    holdMs: 0,
    text: text('Thiết bị đã bị thu hồi: im lặng hoàn toàn.', 'This box is revoked: it is altogether silent.'),
    remedy: text(
      'Nếu là nhầm lẫn: cán bộ đăng ký ký văn bản device mới, trạng thái active.',
      'If that is a mistake: a registrar signs a new device document with state active.',
    ),
  },
  QUARANTINE: {
    severity: 'error',
    holdMs: 0,
    text: text(
      'Mất cả dữ liệu lẫn bản sao: im lặng đến khi liên lạc được với máy chủ.',
      'Database and its second copy are both lost: silent until the cloud has been reached.',
    ),
    remedy: text(
      'Nối mạng cho thiết bị; kiểm tra thẻ nhớ.',
      'Connect the box to the network; check the card.',
    ),
  },
  NEED_NEWER_TRUST: {
    severity: 'error',
    holdMs: 0,
    text: text(
      'Thiết bị từng có bản tin cậy mới hơn; chờ lấy lại, không nhận gì khác.',
      'This box once held a newer trust; it waits for that one and takes nothing else.',
    ),
    remedy: text(
      'Nối mạng, hoặc cắm thẻ USB có đủ các bản tin cậy.',
      'Connect it, or bring a stick with all versions of the trust.',
    ),
  },
  TRUST_ENDS_120: {
    severity: 'info',
    holdMs: 0,
    text: text('Bản tin cậy hết hạn trong 120 ngày.', 'The trust ends within 120 days.'),
    remedy: renewTrust,
  },
  TRUST_ENDS_30: {
    severity: 'warning',
    holdMs: 0,
    text: text('Bản tin cậy hết hạn trong 30 ngày.', 'The trust ends within 30 days.'),
    remedy: renewTrust,
  },
  TRUST_ENDS_7: {
    severity: 'error',
    holdMs: 0,
    text: text('Bản tin cậy hết hạn trong 7 ngày.', 'The trust ends within 7 days.'),
    remedy: renewTrust,
  },
  TRUST_EXPIRED: {
    severity: 'danger',
    holdMs: 0,
    text: text(
      'Bản tin cậy đã hết hạn: không nhận kế hoạch mới; lệnh còn nhận thêm 90 ngày.',
      'The trust has expired: no new plans are taken; orders for 90 more days.',
    ),
    remedy: renewTrust,
  },
  KEYRING_EXPIRED: {
    severity: 'error',
    holdMs: 0,
    text: text(
      'Danh sách khóa của địa bàn đã hết hạn: không nhận kế hoạch mới của địa bàn đó.',
      'The keyring of an area has expired: no new plan of that area is taken.',
    ),
    remedy: text('Hai cán bộ đăng ký ký danh sách khóa mới.', 'Two registrars sign a new keyring.'),
  },
  NO_PLAN: {
    severity: 'warning',
    holdMs: 5 * MINUTE_MS,
    text: text('Chưa có kế hoạch phát nào.', 'There is no plan yet.'),
    remedy: text(
      'Xã hoặc tỉnh soạn, ký và công bố kế hoạch.',
      'The commune or the province writes, signs and publishes a plan.',
    ),
  },
  PLAN_ENDS_SOON: {
    severity: 'warning',
    holdMs: 0,
    text: text('Một kế hoạch hết hạn trong 7 ngày.', 'A plan ends within 7 days.'),
    remedy: text('Ký và công bố kế hoạch kỳ tới.', 'Sign and publish the next plan.'),
  },
  PLAN_EXPIRED: {
    severity: 'error',
    holdMs: 0,
    text: text('Một kế hoạch đã hết hạn: phần đó im lặng.', 'A plan has expired: that part is silent.'),
    remedy: text('Ký và công bố kế hoạch mới.', 'Sign and publish a new plan.'),
  },
  DOCUMENTS_STALE: {
    severity: 'warning',
    holdMs: 60 * MINUTE_MS,
    text: text(
      'Máy chủ có văn bản mới hơn mà thiết bị chưa nhận được.',
      'The cloud names newer documents than this box could take.',
    ),
    remedy: text(
      'Xem "loa status": văn bản nào cũ, lần từ chối nào gần nhất.',
      'See "loa status": which are old, and what was refused.',
    ),
  },
  ITEM_UNPLAYABLE: {
    severity: 'warning',
    holdMs: 0,
    text: text(
      'Một mục trong kế hoạch không phát được ở thiết bị này (nguồn hoặc quy tắc lặp).',
      'An item of a plan cannot play on this box (its source or its recurrence rule).',
    ),
    remedy: text(
      'Sửa mục đó rồi ký lại kế hoạch; xem "loa why".',
      'Correct the item and sign again; see "loa why".',
    ),
  },
  ZONE_UNKNOWN: {
    severity: 'error',
    holdMs: 0,
    text: text(
      'Thiết bị không biết múi giờ của một kế hoạch: cả kế hoạch im lặng.',
      'This box does not know the time zone of a plan: all of it is silent.',
    ),
    remedy: text('Ký lại kế hoạch với Asia/Ho_Chi_Minh.', 'Sign the plan again with Asia/Ho_Chi_Minh.'),
  },
  POLICY_CLAMPED: {
    severity: 'warning',
    holdMs: 0,
    text: text(
      'Kế hoạch đòi to hơn hoặc lâu hơn mức cho phép; thiết bị đã hạn chế.',
      'A plan asks for more volume or minutes than is allowed; the box keeps to the limit.',
    ),
    remedy: text(
      'Giảm âm lượng hoặc thời lượng trong kế hoạch.',
      'Lower the volume or the minutes in the plan.',
    ),
  },
  REJECT_THRESHOLD: {
    severity: 'warning',
    holdMs: 0,
    text: text(
      'Trong 24 giờ qua đã có văn bản không đủ chữ ký gửi đến.',
      'Within 24 hours a document came without enough good signatures.',
    ),
    remedy: text(
      'Hỏi tỉnh có ai công bố nhầm không; nếu không, có kẻ đang thử.',
      'Ask the province whether somebody published by mistake; if not, somebody is trying.',
    ),
  },
  REJECT_DUP_SIGNER: {
    severity: 'danger',
    holdMs: 0,
    text: text(
      'Trong 24 giờ qua có văn bản dán một chữ ký hai lần.',
      'Within 24 hours a document came with one signature pasted twice.',
    ),
    remedy: callProvince,
  },
  REJECT_ESCALATION: {
    severity: 'danger',
    holdMs: 0,
    text: text(
      'Trong 24 giờ qua có danh sách khóa đòi quyền mà nó không được trao.',
      'Within 24 hours a keyring came that grants what it may not.',
    ),
    remedy: callProvince,
  },
  REJECT_EQUIVOCATION: {
    severity: 'danger',
    holdMs: 0,
    text: text(
      'Trong 24 giờ qua có hai văn bản khác nhau cùng số phiên bản: ai đó đã ký hai sự thật.',
      'Within 24 hours two different documents came under one version: somebody signed two truths.',
    ),
    remedy: callProvince,
  },
  REJECT_WEAK_KEY: {
    severity: 'danger',
    holdMs: 0,
    text: text(
      'Trong 24 giờ qua có văn bản mang khóa yếu mà ai cũng giả được.',
      'Within 24 hours a document came with a weak key that anybody can forge under.',
    ),
    remedy: callProvince,
  },
  REJECT_BAD_GRANT: {
    severity: 'danger',
    holdMs: 0,
    text: text(
      'Trong 24 giờ qua có văn bản trao quyền trái quy tắc (một người đủ quyền nói tự do).',
      'Within 24 hours a document came that grants against the rules (one person who could speak freely).',
    ),
    remedy: callProvince,
  },
} satisfies Readonly<Record<string, Declared>>;
