/** Draws the technician's test page: edges and grid show what a board cuts off, bars its colours, and the letters its fonts. */
import { boardText } from '../../../shared/messages/board.ts';
import { escapeXml } from './page.ts';

const width = 1920;
const height = 1080;
const cell = 120;

/** White, yellow, cyan, green, magenta, red, blue, black at 75 %, as test pictures have them. */
const bars = ['#bfbfbf', '#bfbf00', '#00bfbf', '#00bf00', '#bf00bf', '#bf0000', '#0000bf', '#000000'];

/** Each letter that a board without the right fonts draws as a box, some with two marks. */
const letters = [
  'Aa Ăă Ââ Đđ Êê Ôô Ơơ Ưư Yy',
  'ắ ằ ẳ ẵ ặ  ấ ầ ẩ ẫ ậ  ế ề ể ễ ệ',
  'ố ồ ổ ỗ ộ  ớ ờ ở ỡ ợ  ứ ừ ử ữ ự  ỳ ỷ ỹ ỵ',
];

const line = (x1: number, y1: number, x2: number, y2: number): string =>
  `<line x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}" stroke="#ffffff" stroke-opacity="0.35" stroke-width="2"/>`;

const grid = (): string => {
  const columns = Array.from({ length: width / cell - 1 }, (_, at) => (at + 1) * cell);
  const rows = Array.from({ length: height / cell - 1 }, (_, at) => (at + 1) * cell);
  return [...columns.map((x) => line(x, 0, x, height)), ...rows.map((y) => line(0, y, width, y))].join('');
};

const bar = (fill: string, at: number): string =>
  `<rect x="${at * 2 * cell}" y="${5 * cell}" width="${2 * cell}" height="${2 * cell}" fill="${fill}"/>`;

const words = (text: string, y: number, size: number, weight = 400): string =>
  `<text x="${width / 2}" y="${y}" text-anchor="middle" font-size="${size}" font-weight="${weight}" fill="#ffffff">${escapeXml(text)}</text>`;

/** `place` as in the other pages; `caption` names the box and the time. */
export const testSvg = (caption: string, place: string): string => `<?xml version="1.0" encoding="UTF-8"?>
<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="Noto Sans, DejaVu Sans, sans-serif">
<rect width="${width}" height="${height}" fill="#202830"/>
${grid()}
<rect x="6" y="6" width="${width - 12}" height="${height - 12}" fill="none" stroke="#ffffff" stroke-width="12"/>
${words(`${boardText.test.vi.toUpperCase()} · ${boardText.test.en}`, 110, 72, 700)}
${letters.map((each, at) => words(each, 250 + at * 110, 76)).join('\n')}
${bars.map(bar).join('')}
${words(caption, 930, 52, 700)}
${words(place, 1020, 44)}
</svg>
`;
