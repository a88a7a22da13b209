/** A verdict in words, Vietnamese and English: what `loa why`, the status and the console show. */
import type { Candidate, PassedOver, PassedOverBecause, Rule, Verdict } from './intent.ts';
import type { Rank } from './strength.ts';
import { rankOf } from './strength.ts';

export type Language = 'vi' | 'en';
type Words = Readonly<Record<Language, string>>;

const RULES: Readonly<Record<Rule, Words>> = {
  'nothing-due': { vi: 'chưa có gì đến giờ', en: 'nothing is due' },
  'only-one': { vi: 'chỉ có mục này đến giờ', en: 'nothing else is due' },
  'order-strength': { vi: 'loại này được xếp trên', en: 'its kind ranks higher' },
  'between-warnings': {
    vi: 'các cảnh báo không cắt nhau mà phát lần lượt',
    en: 'no warning cuts another, they take turns',
  },
  'later-order': { vi: 'lệnh ký sau được thực hiện', en: 'the order signed later counts' },
  'order-digest': {
    vi: 'hai lệnh ký cùng giây, xếp theo mã băm',
    en: 'signed in the same second, so the smaller digest counts',
  },
  priority: { vi: 'mức ưu tiên cao hơn', en: 'higher priority' },
  'broader-area': { vi: 'cùng mức ưu tiên, địa bàn rộng hơn', en: 'equal priority, broader area' },
  'earlier-start': { vi: 'cùng mức ưu tiên, bắt đầu sớm hơn', en: 'equal priority, earlier start' },
  'plan-id': {
    vi: 'bắt đầu cùng lúc, xếp theo mã kế hoạch',
    en: 'equal start, so the smaller plan id counts',
  },
  'item-id': { vi: 'bắt đầu cùng lúc, xếp theo mã mục', en: 'equal start, so the smaller item id counts' },
  'turn-of-pages': {
    vi: 'các trang luân phiên, đến lượt trang này',
    en: 'pages take turns, and it has the turn',
  },
};

const RANKS: Readonly<Record<Rank, Words>> = {
  alert: { vi: 'báo động khẩn cấp', en: 'alert' },
  stop: { vi: 'lệnh dừng', en: 'stop' },
  warning: { vi: 'cảnh báo', en: 'warning' },
  halt: { vi: 'lệnh tạm ngừng', en: 'halt' },
  live: { vi: 'phát trực tiếp', en: 'live' },
  template: { vi: 'thông báo mẫu', en: 'template' },
  test: { vi: 'lệnh thử', en: 'test' },
  'local-test': { vi: 'thử tại chỗ', en: 'local test' },
  item: { vi: 'mục trong kế hoạch', en: 'plan item' },
  fallback: { vi: 'FM dự phòng', en: 'FM fallback' },
};

const PASSED_OVER: Readonly<Record<PassedOverBecause, Words>> = {
  'unknown-zone': {
    vi: 'không biết múi giờ của kế hoạch này, cả kế hoạch im lặng',
    en: 'the zone of this plan is not known here, all of it stays silent',
  },
  'bad-rule': {
    vi: 'không đọc được quy tắc lặp, mục này im lặng',
    en: 'its recurrence rule does not parse, it stays silent',
  },
  'source-not-for-surface': {
    vi: 'nguồn phát không hợp với loa hoặc bảng đã chọn',
    en: 'its source does not go with its surface',
  },
  'source-not-on-this-box': {
    vi: 'thiết bị này không phát được loại nguồn đó',
    en: 'this box cannot play such a source',
  },
  'not-for-tags': { vi: 'không dành cho nhãn của thiết bị này', en: 'not for the tags of this box' },
};

/** For instance `“Bản tin sáng” (plan:56/tin-sang): priority 7 over 5, higher priority than …`. */
export function explain(verdict: Verdict, language: Language): string {
  const { winner, losers, rule } = verdict;
  const reason = RULES[rule][language];
  const strongestLoser = losers[0]?.candidate;
  if (winner === null) return reason;
  if (strongestLoser === undefined) return `${titleOf(winner, language)}: ${reason}`;
  return `${titleOf(winner, language)} ${language === 'vi' ? 'đứng trên' : 'above'} ${titleOf(strongestLoser, language)}: ${reason}${particulars(rule, winner, strongestLoser)}`;
}

/** Why one candidate lost against the winner of its verdict. */
export function explainLoser(rule: Rule, language: Language): string {
  return RULES[rule][language];
}

export function explainPassedOver({ planId, itemId, because }: PassedOver, language: Language): string {
  return `${itemId === null ? planId : `${planId}/${itemId}`}: ${PASSED_OVER[because][language]}`;
}

function titleOf(candidate: Candidate, language: Language): string {
  const rank = RANKS[rankOf(candidate)][language];
  switch (candidate.kind) {
    case 'item':
      return `“${candidate.item.title}” (${candidate.planId}/${candidate.item.id})`;
    case 'order': {
      const { title, text } = candidate.order.play;
      const words = title ?? text;
      return words === null ? rank : `${rank} “${words}”`;
    }
    case 'local-test':
    case 'fallback':
      return rank;
  }
}

function particulars(rule: Rule, winner: Candidate, loser: Candidate): string {
  if (winner.kind !== 'item' || loser.kind !== 'item') return '';
  if (rule === 'priority') return ` (${winner.item.priority} > ${loser.item.priority})`;
  return rule === 'broader-area' ? ` (${winner.area}, ${loser.area})` : '';
}
