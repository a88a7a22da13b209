/**
 * Fingerprints as six words that two people can compare aloud or on paper (protocol.md §9).
 * A word is a thing and a quality, "cò trắng": 64 × 32 pairs, 11 bits each, 66 bits in all. Things differ from
 * each other, and qualities too, when all diacritics are taken off, so that a plain keyboard can write them.
 */

export const THINGS =
  `cò trâu gà vịt mèo chó ngựa bò cá tôm cua rùa ếch ong bướm kiến voi hổ nai khỉ thỏ rắn dê heo sóc nhím
  hoa lúa ngô khoai mía dừa chuối xoài cam bưởi na ổi mít sen tre đào
  núi sông biển mây mưa gió trăng sao nhà cầu thuyền nón áo trống chuông đèn bàn ghế bát gương sách xe`.split(
    /\s+/,
  );

export const QUALITIES = `trắng đen đỏ vàng xanh nâu tím hồng xám to nhỏ dài ngắn tròn cao thấp
  nặng nhẹ mới cũ già trẻ béo gầy vui hiền khỏe chậm nhanh sạch lạ quen`.split(/\s+/);

const WORDS = 6;
const BITS = 11n;

/** Six words for the first 66 bits of a kid or digest (32 bytes as base64url). */
export function sixWords(hash: string): readonly string[] {
  const bits = BigInt(`0x${Buffer.from(hash, 'base64url').toString('hex')}`) >> (256n - BITS * BigInt(WORDS));
  return Array.from({ length: WORDS }, (_, position) => {
    const word = Number((bits >> (BITS * BigInt(WORDS - 1 - position))) & 2047n);
    return `${THINGS[word >> 5] ?? ''} ${QUALITIES[word & 31] ?? ''}`;
  });
}

/** The six words in one line: `cò trắng · trâu đen · …`. */
export const fingerprint = (hash: string): string => sixWords(hash).join(' · ');
