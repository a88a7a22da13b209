/** Draws what a board shows as SVG from fixed templates: every text is escaped, every letter comes from Noto Sans. */
import type { Text } from '../../../shared/messages/text.ts';
import { boardText } from '../../../shared/messages/board.ts';
import { fit, wrap } from './letters.ts';
import type { Fitted } from './letters.ts';
import type { PageText } from './seam.ts';

/** Bytes of a PNG or JPEG, ready to stand in a page. */
export type Picture = { readonly mime: 'image/png' | 'image/jpeg'; readonly base64: string };

type Look = {
  readonly top: string;
  readonly bottom: string;
  readonly band: string;
  readonly ink: string;
  readonly label: Text;
};

const width = 1920;
const height = 1080;
const margin = 90;

const notice: Look = {
  top: '#0d4f8b',
  bottom: '#07294d',
  band: '#f4c430',
  ink: '#ffffff',
  label: boardText.notice,
};
/** By the slug of a page's template; whatever is not here looks like a notice. */
const looks: ReadonlyMap<string, Look> = new Map([
  ['notice', notice],
  ['event', { top: '#0f6b4f', bottom: '#06382a', band: '#ffd166', ink: '#ffffff', label: boardText.event }],
  [
    'warning',
    { top: '#b45309', bottom: '#5c2a05', band: '#fff3c4', ink: '#ffffff', label: boardText.warning },
  ],
]);
const alarm: Look = {
  top: '#d00000',
  bottom: '#7a0000',
  band: '#ffffff',
  ink: '#ffffff',
  label: boardText.alert,
};
const calm: Look = {
  top: '#12343b',
  bottom: '#0a1f24',
  band: '#2dd4bf',
  ink: '#e6f4f1',
  label: boardText.nothing,
};

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** Characters that XML cannot carry, and those that turn the reading direction of what follows. */
const unprintable =
  /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]|[\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

export const escapeXml = (text: string): string =>
  text.replace(unprintable, '').replace(/[&<>"']/g, (letter) => entities[letter] ?? '');

const lineAt = (line: string, x: number, y: number): string =>
  `<tspan x="${x}" y="${y}">${escapeXml(line)}</tspan>`;

type Place = {
  readonly x: number;
  readonly y: number;
  readonly weight: 400 | 700;
  readonly ink: string;
  readonly middle?: boolean;
};

/** A block of lines whose first begins below `y`. */
const block = ({ lines, size, lineHeight }: Fitted, { x, y, weight, ink, middle = false }: Place): string => {
  const spans = lines.map((line, at) => lineAt(line, x, Math.round(y + size + at * lineHeight))).join('');
  const anchor = middle ? ' text-anchor="middle"' : '';
  return `<text font-size="${size}" font-weight="${weight}" fill="${ink}"${anchor}>${spans}</text>`;
};

const heightOf = ({ lines, lineHeight }: Fitted): number => lines.length * lineHeight;

const sheet = ({ top, bottom }: Look, content: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?>
<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="Noto Sans, DejaVu Sans, sans-serif">
<defs><linearGradient id="ground" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="${top}"/><stop offset="1" stop-color="${bottom}"/></linearGradient></defs>
<rect width="${width}" height="${height}" fill="url(#ground)"/>
${content}
</svg>
`;

/** Below it runs the ticker. */
const contentBottom = 930;

const heading = (look: Look, place: string): string => {
  const label = block(
    fit(
      `${look.label.vi.toUpperCase()} · ${look.label.en}`,
      { width: 1100, height: 60 },
      { largest: 40, smallest: 24 },
    ),
    {
      ...{ x: margin, y: 40, weight: 700, ink: look.band },
    },
  );
  const where = `<text x="${width - margin}" y="80" text-anchor="end" font-size="36" fill="${look.ink}" opacity="0.85">${escapeXml(place)}</text>`;
  return `<rect width="${width}" height="14" fill="${look.band}"/>${label}${where}`;
};

const picture = ({ mime, base64 }: Picture): string => {
  const box = 'x="1180" y="150" width="650" height="760"';
  return `<rect ${box} fill="#000000" opacity="0.25"/><image ${box} preserveAspectRatio="xMidYMid meet" xlink:href="data:${mime};base64,${base64}"/>`;
};

/** A long body leaves its title less room, so that a thousand letters are still read from afar. */
const longBody = 450;

const titleOf = ({ title, body }: PageText, width: number): Fitted | null => {
  if (title === '') return null;
  if (body === '') return fit(title, { width, height: contentBottom - 150 }, { largest: 170, smallest: 56 });
  if (body.length > longBody) return fit(title, { width, height: 140 }, { largest: 80, smallest: 44 });
  return fit(title, { width, height: 330 }, { largest: 110, smallest: 56 });
};

const pageSvg = (page: PageText, shown: Picture | null, place: string): string => {
  const look = looks.get(page.template) ?? notice;
  const textWidth = (shown === null ? width - margin : 1130) - margin;
  const title = titleOf(page, textWidth);
  const bodyTop = title === null ? 140 : 190 + heightOf(title);
  const box = { width: textWidth, height: contentBottom - bodyTop };
  const body = page.body === '' ? null : fit(page.body, box, { largest: 96, smallest: 36 });
  const rule = `<rect x="${margin}" y="${bodyTop - 10}" width="180" height="10" fill="${look.band}"/>`;
  const parts = [
    heading(look, place),
    title === null ? '' : block(title, { x: margin, y: 130, weight: 700, ink: look.ink }),
    title === null || body === null ? '' : rule,
    body === null ? '' : block(body, { x: margin, y: bodyTop + 15, weight: 400, ink: look.ink }),
    shown === null ? '' : picture(shown),
  ];
  return sheet(look, parts.join('\n'));
};

const alertSvg = (text: string, place: string): string => {
  const frame = `<rect x="20" y="20" width="${width - 40}" height="${height - 40}" fill="none" stroke="${alarm.band}" stroke-width="24"/>`;
  const band = `<rect x="20" y="20" width="${width - 40}" height="170" fill="${alarm.band}"/>`;
  const word = `<text x="${width / 2}" y="145" text-anchor="middle" font-size="110" font-weight="700" fill="${alarm.top}">${escapeXml(`${alarm.label.vi.toUpperCase()} · ${alarm.label.en.toUpperCase()}`)}</text>`;
  const box = { width: width - 2 * margin, height: 690 };
  const words = fit(text, box, { largest: 150, smallest: 48 });
  const y = 215 + (box.height - heightOf(words)) / 2;
  const where = `<text x="${width / 2}" y="1010" text-anchor="middle" font-size="44" fill="${alarm.ink}">${escapeXml(place)}</text>`;
  return sheet(
    alarm,
    [
      frame,
      band,
      word,
      block(words, { x: width / 2, y, weight: 700, ink: alarm.ink, middle: true }),
      where,
    ].join('\n'),
  );
};

const sentenceSvg = (place: string, sentence: Text): string => {
  const words = wrap(sentence.vi, 104, width - 2 * margin);
  const name = fit(place, { width: width - 2 * margin, height: 170 }, { largest: 120, smallest: 48 });
  const centre = width / 2;
  return sheet(
    calm,
    [
      `<rect width="${width}" height="14" fill="${calm.band}"/>`,
      block(name, { x: centre, y: 300, weight: 700, ink: calm.band, middle: true }),
      `<rect x="${centre - 150}" y="520" width="300" height="8" fill="${calm.band}" opacity="0.6"/>`,
      block(
        { lines: words, size: 88, lineHeight: 120 },
        { x: centre, y: 560, weight: 400, ink: calm.ink, middle: true },
      ),
      block(
        { lines: [sentence.en], size: 52, lineHeight: 70 },
        { x: centre, y: 700, weight: 400, ink: calm.ink, middle: true },
      ),
    ].join('\n'),
  );
};

/** Everything that the agent draws itself. `place` is the name of the place where the board stands. */
export const svgOf = {
  page: pageSvg,
  alert: alertSvg,
  nothing: (place: string): string => sentenceSvg(place, boardText.nothing),
  noTime: (place: string): string => sentenceSvg(place, boardText.noTime),
};
