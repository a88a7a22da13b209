/** What the demo's people have written, and the recordings made of it. */
import type { MadeMedia } from './media.ts';
import { poster, siren, speech } from './media.ts';

/** A spoken programme: `atS` seconds after the demo's first instant, `lengthS` long, in the plan of `area`. */
export type Spoken = {
  readonly id: string;
  readonly area: string;
  readonly atS: number;
  readonly lengthS: number;
  readonly chimeHz: number;
  readonly title: string;
  readonly words: string;
};

export const SPOKEN: readonly Spoken[] = [
  {
    id: 'chao-buoi-sang',
    area: '56',
    atS: 0,
    lengthS: 10,
    chimeHz: 523,
    title: 'Lời chào của Đài truyền thanh',
    words: 'Kính chào bà con. Đây là Đài truyền thanh tỉnh Khánh Hòa. Chúc bà con một ngày tốt lành.',
  },
  {
    id: 'lich-thu-gom-rac',
    area: '56.22366',
    atS: 15,
    lengthS: 12,
    chimeHz: 587,
    title: 'Lịch thu gom rác',
    words: 'Phường Nha Trang thông báo lịch thu gom rác. Sáng thứ hai, thứ tư và thứ sáu, từ sáu giờ.',
  },
  {
    id: 'tiem-chung',
    area: '56.22420',
    atS: 15,
    lengthS: 18,
    chimeHz: 659,
    title: 'Tiêm chủng mở rộng',
    words:
      'Trạm y tế phường Cam Ranh tiêm chủng cho trẻ em vào sáng thứ năm. Mời bà con đưa các cháu đến đúng giờ.',
  },
  {
    id: 'gia-nong-san',
    area: '56.22528',
    atS: 20,
    lengthS: 12,
    chimeHz: 698,
    title: 'Giá nông sản hôm nay',
    words: 'Giá nông sản hôm nay tại chợ Ninh Hòa. Lúa khô, bảy nghìn hai trăm đồng một ký.',
  },
  {
    id: 'ban-tin-tinh',
    area: '56',
    atS: 45,
    lengthS: 20,
    chimeHz: 784,
    title: 'Bản tin của tỉnh',
    words:
      'Bản tin của tỉnh Khánh Hòa. Hôm nay trời nắng, gió đông bắc cấp ba. Tàu thuyền hoạt động bình thường.',
  },
  {
    id: 'hop-to-dan-pho',
    area: '56.22420',
    atS: 90,
    lengthS: 15,
    chimeHz: 988,
    title: 'Họp tổ dân phố',
    words: 'Mời bà con tổ dân phố số ba họp vào lúc mười chín giờ tối nay tại nhà văn hóa.',
  },
  {
    id: 'chuyen-lang-bien',
    area: '56.22528',
    atS: 95,
    lengthS: 45,
    chimeHz: 880,
    title: 'Câu chuyện làng biển',
    words:
      'Câu chuyện làng biển. Ngày xưa, ở một làng chài bên vịnh Vân Phong, có một ông lão rất hiểu con nước và ngọn gió.',
  },
];

/** Comes with the second version of its plan, whose first delivery somebody tampers with. */
export const ADDED: Spoken = {
  id: 'thong-bao-moi',
  area: '56.22528',
  atS: 150,
  lengthS: 12,
  chimeHz: 1047,
  title: 'Thông báo mới của phường',
  words: 'Thông báo mới của phường Ninh Hòa. Từ ngày mai, điểm tiếp dân mở cửa lúc bảy giờ.',
};

/** The province's siren: one officer may sound it, one officer alone cannot silence it. */
export const WARNING = { n: 3, title: 'Còi báo lũ', scope: ['56.22366', '56.22528'], lengthS: 8 } as const;

export const ALERT = {
  text: 'Bão số 12 đổi hướng vào Khánh Hòa. Tàu thuyền về nơi trú ẩn ngay.',
  lengthS: 10,
  chimeHz: 1319,
} as const;

export type Recordings = {
  readonly spoken: ReadonlyMap<string, MadeMedia>;
  readonly siren: MadeMedia;
  readonly alert: MadeMedia;
  readonly sea: MadeMedia;
  readonly forest: MadeMedia;
};

/** Made once; the second demo finds them in `folder`. */
export async function record(folder: string): Promise<Recordings> {
  const spoken = new Map<string, MadeMedia>();
  for (const { id, words, chimeHz, lengthS } of [...SPOKEN, ADDED]) {
    spoken.set(id, await speech(folder, { name: id, words, chimeHz, lengthS }));
  }
  const { text, chimeHz, lengthS } = ALERT;
  return {
    spoken,
    siren: await siren(folder, WARNING.lengthS),
    alert: await speech(folder, { name: 'bao', words: `Báo động khẩn cấp. ${text}`, chimeHz, lengthS }),
    sea: await poster(folder, {
      name: 'bien',
      lines: ['Giữ sạch bãi biển', 'Mỗi người một túi rác mang về'],
      colour: '#0077b6',
    }),
    forest: await poster(folder, {
      name: 'rung',
      lines: ['Phòng cháy rừng', 'Không đốt nương khi trời hanh khô'],
      colour: '#9d4b1f',
    }),
  };
}

export const allMedia = ({ spoken, siren, alert, sea, forest }: Recordings): readonly MadeMedia[] => [
  ...spoken.values(),
  ...[siren, alert, sea, forest],
];
