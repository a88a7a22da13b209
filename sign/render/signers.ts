/** Who has signed so far, who is missing, and what stands against the document: `review` in words. */
import type { Signature } from '../../shared/protocol/envelope.ts';
import type { Quorum, Review } from '../../shared/protocol/review.ts';
import { CODES } from '../codes.ts';
import { fingerprint } from '../fingerprint.ts';
import { danger, faint, good, plain, title, warn } from './line.ts';
import type { Line } from './line.ts';

/** `reviewed` is null where no trust is pinned, so that nobody can be told from anybody. */
export function signerLines(reviewed: Review | null, signatures: readonly Signature[]): readonly Line[] {
  const heading = title(`CHỮ KÝ · SIGNATURES (${signatures.length})`);
  if (reviewed === null) {
    return [
      heading,
      warn(
        'Chưa ghim tin cậy: không biết chữ ký của ai. · No trust is pinned: nobody can say whose these are.',
      ),
      ...signatures.map(({ kid }) => faint(`? ${kid}`)),
    ];
  }
  return [heading, ...strangers(reviewed, signatures), ...groups(reviewed), verdict(reviewed)];
}

function strangers({ quorums }: Review, signatures: readonly Signature[]): readonly Line[] {
  const counted = new Set(quorums.flatMap((quorum) => quorum.counted.map(({ kid }) => kid)));
  return signatures
    .filter(({ kid }) => !counted.has(kid))
    .map(({ kid }) => warn(`✗ không được tính · not counted: ${fingerprint(kid)}  (${kid})`));
}

const groups = ({ quorums }: Review): readonly Line[] =>
  quorums.flatMap((quorum, index) => [
    ...(quorums.length > 1
      ? [
          plain(
            index === 0 ? 'Theo bản trước · Under the last version:' : 'Theo bản này · Under this version:',
          ),
        ]
      : []),
    ...quorumLines(quorum),
  ]);

function quorumLines({ threshold, counted, missing, may }: Quorum): readonly Line[] {
  const could = [...new Set(may.map(({ holder }) => holder))].join('; ');
  return [
    ...counted.map(({ kid, holder }) => good(`✓ ${holder}  ${fingerprint(kid)}`)),
    missing === 0
      ? good(`Đủ ${threshold} người · ${threshold} people, enough`)
      : warn(
          `Cần ${threshold} người, còn thiếu ${missing} trong số · ${missing} of ${threshold} missing, one of: ${could}`,
        ),
  ];
}

function verdict({ code, quorums }: Review): Line {
  if (code !== 'ACCEPTED') return danger(`${code}: ${CODES[code].vi} · ${CODES[code].en}`);
  return quorums.every(({ missing }) => missing === 0)
    ? good('Hợp lệ và đủ chữ ký. · Valid and complete.')
    : plain('Hợp lệ, chỉ còn thiếu chữ ký. · Valid, but for the missing signatures.');
}
