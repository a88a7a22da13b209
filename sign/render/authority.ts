/** Trust and keyring as their signers see them: who holds keys, and what they may do with how many others. */
import type { Grant, Key } from '../../shared/protocol/schema/authority.ts';
import type { Keyring, Trust } from '../../shared/protocol/schema/documents.ts';
import { fingerprint } from '../fingerprint.ts';
import { placeName } from '../reach.ts';
import { danger, duration, faint, knownZone, moment, plain, title } from './line.ts';
import type { Line } from './line.ts';

type Places = ReadonlyMap<string, string>;

export function trustLines(trust: Trust, places: Places): readonly Line[] {
  const reset =
    trust.floorReset === null
      ? []
      : [danger(`HẠ MỐC THỜI GIAN VỀ · FLOOR RESET TO ${moment(knownZone(), trust.floorReset)}`)];
  return [...reset, ...authorityLines(trust, places)];
}

export const keyringLines = (keyring: Keyring, places: Places): readonly Line[] =>
  authorityLines(keyring, places);

type Authority = { readonly keys: Readonly<Record<string, Key>>; readonly grants: readonly Grant[] };

function authorityLines({ keys, grants }: Authority, places: Places): readonly Line[] {
  const people = Map.groupBy(Object.entries(keys), ([, { holder }]) => holder);
  return [
    title(`NGƯỜI GIỮ KHÓA · KEY HOLDERS (${people.size})`),
    ...[...people].flatMap(([holder, held]) => [
      plain(holder),
      ...held.map(([kid, { jwk }]) => faint(`    ${fingerprint(kid)}  (${jwk.crv}, ${kid})`)),
    ]),
    title(`QUYỀN · GRANTS (${grants.length})`),
    ...grants.flatMap((grant) => grantLines(grant, keys, places)),
  ];
}

const ROLES: Readonly<Record<Grant['role'], string>> = {
  root: 'gốc · root',
  registrar: 'đăng ký · registrar',
  publisher: 'xuất bản · publisher',
  emergency: 'khẩn cấp · emergency',
  templates: 'mẫu thông báo · templates',
  head: 'khóa máy chủ · head',
  release: 'phần mềm · release',
};

function grantLines(grant: Grant, keys: Authority['keys'], places: Places): readonly Line[] {
  const holders = [...new Set(grant.keys.map((kid) => keys[kid]?.holder ?? `? ${kid}`))];
  const kinds = grant.kinds.length === 0 ? '' : `: ${grant.kinds.join(', ')}`;
  return [
    plain(`▪ ${ROLES[grant.role]}${kinds}`),
    plain(
      `  nơi · area ${placeName(grant.area, places)}, epoch ${grant.epoch}, sống tối đa · lives at most ${duration(grant.maxTtlS)}`,
    ),
    plain(`  ${grant.threshold} trong · of ${holders.length}: ${holders.join('; ')}`),
  ];
}
