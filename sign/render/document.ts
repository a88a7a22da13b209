/** The whole of what a signer is shown, from the bytes and from nothing that anybody says about them (attack W01). */
import type { Opened } from '../../shared/protocol/envelope.ts';
import type { Review } from '../../shared/protocol/review.ts';
import type { SignedDocument } from '../../shared/protocol/schema/documents.ts';
import type { BoxState } from '../../shared/protocol/state.ts';
import { fingerprint } from '../fingerprint.ts';
import { policyFaults } from '../policy.ts';
import { areasOf, isWide, placeName } from '../reach.ts';
import { keyringLines, trustLines } from './authority.ts';
import { changeLines } from './changes.ts';
import { danger, duration, knownZone, moment, plain, title } from './line.ts';
import type { Line } from './line.ts';
import { orderLines } from './order.ts';
import { planLines } from './plan.ts';
import { signerLines } from './signers.ts';
import { deviceLines, fmplanLines, headLines, releaseLines, templatesLines } from './technical.ts';

/** `now` in UTC seconds. */
export type Viewpoint = {
  readonly now: number;
  readonly state: BoxState | null;
  readonly places: ReadonlyMap<string, string>;
};

const TYPES: Readonly<Record<SignedDocument['typ'], string>> = {
  trust: 'TIN CẬY · TRUST',
  keyring: 'VÒNG KHÓA · KEYRING',
  plan: 'KẾ HOẠCH PHÁT · PLAN',
  order: 'LỆNH · ORDER',
  templates: 'MẪU THÔNG BÁO · TEMPLATES',
  fmplan: 'KẾ HOẠCH FM · FM PLAN',
  device: 'HỘP LOA · DEVICE',
  head: 'MỐC MỚI NHẤT · HEAD',
  release: 'PHẦN MỀM · RELEASE',
};

const OWN_WORD =
  'Chưa ghim tin cậy: văn bản này chỉ tự nói về mình, hãy đối chiếu sáu từ. · No trust is pinned: it speaks for itself alone, compare its six words.';

export function documentLines(opened: Opened, reviewed: Review | null, view: Viewpoint): readonly Line[] {
  const { document, digest, signatures } = opened;
  return [
    ...headingLines(document, digest, view),
    ...contentLines(document, view),
    ...(document.typ === 'order' ? [] : changeLines(document, before(document, view.state))),
    ...(view.state === null && reviewed !== null ? [danger(OWN_WORD)] : []),
    ...signerLines(reviewed, signatures),
    ...faultLines(document, view.state),
  ];
}

function headingLines(document: SignedDocument, digest: string, { places }: Viewpoint): readonly Line[] {
  const { typ, id, prov, epoch, ver, iat, exp } = document;
  const zone = knownZone(typ === 'plan' ? document.zone : undefined);
  return [
    title(`${TYPES[typ]}  ${id}  (${prov}, epoch ${epoch}, phiên bản · version ${ver})`),
    ...areasOf(document).map((area) =>
      isWide(area) && typ !== 'device'
        ? danger(`CẢ TỈNH · THE WHOLE PROVINCE: ${placeName(area, places)}`)
        : plain(`Nơi · Area: ${placeName(area, places)}`),
    ),
    plain(
      `Hiệu lực · Valid: ${moment(zone, iat)} → ${moment(zone, exp)}  (${duration(exp - iat)}, ${zone.name})`,
    ),
    plain(`Mã nội dung · Content: ${fingerprint(digest)}  (${digest})`),
  ];
}

function contentLines(document: SignedDocument, { now, state, places }: Viewpoint): readonly Line[] {
  switch (document.typ) {
    case 'trust':
      return trustLines(document, places);
    case 'keyring':
      return keyringLines(document, places);
    case 'plan':
      return planLines(document, Math.max(now, document.iat));
    case 'order':
      return orderLines(document, state);
    case 'templates':
      return templatesLines(document);
    case 'fmplan':
      return fmplanLines(document, Math.max(now, document.iat));
    case 'device':
      return deviceLines(document);
    case 'head':
      return headLines(document);
    case 'release':
      return releaseLines(document);
  }
}

function before(document: SignedDocument, state: BoxState | null): SignedDocument | undefined {
  if (document.typ === 'trust') return state?.trust.document;
  return state?.docs.get(document.id)?.document;
}

const faultLines = (document: SignedDocument, state: BoxState | null): readonly Line[] =>
  policyFaults(document, state).map(({ vi, en }) => danger(`KHÔNG KÝ · DO NOT SIGN: ${vi} · ${en}`));
