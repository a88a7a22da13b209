/** The running text as an overlay of mpv: how it is written in ASS, and where it stands at an instant. */

/** Overlays are placed on this canvas, whatever the board's own resolution is. */
export const canvas = { width: 1920, height: 1080 };

const band = { top: 950, height: 130 };
const size = 78;

/** Room that a runner leaves behind before it comes again. */
const gap = 400;

/**
 * Nothing in the text acts: `{` would open an override, `\` an escape (a word joiner after it breaks it), a line
 * break would begin another event.
 */
export const escapeAss = (text: string): string =>
  text
    .replace(/\s+/g, ' ')
    .replace(/[\p{Cc}\p{Cf}]/gu, '')
    .replaceAll('\\', '\\\u2060')
    .replaceAll('{', '\\{')
    .replaceAll('}', '\\}')
    .trim();

const style = `{\\an7\\fnNoto Sans\\fs${size}\\b1\\bord0\\shad0\\q2`;

const rectangle = `m 0 0 l ${canvas.width} 0 ${canvas.width} ${band.height} 0 ${band.height}`;
const ground = `{\\an7\\pos(0,${band.top})\\bord0\\shad0\\1c&H2a1a0b&\\1a&H18&\\p1}${rectangle}{\\p0}`;
const edge = `{\\an7\\pos(0,${band.top})\\bord0\\shad0\\1c&H30c4f4&\\p1}m 0 0 l ${canvas.width} 0 ${canvas.width} 8 0 8{\\p0}`;

/** The words alone, for mpv to measure. */
export const wordsAt = (text: string, x: number): string =>
  `${style}\\pos(${x.toFixed(1)},${band.top + 18})\\1c&HFFFFFF&}${escapeAss(text)}`;

export const tickerAt = (text: string, x: number): string => [ground, edge, wordsAt(text, x)].join('\n');

/** Left edge of the words after so many ms: they come in from the right, leave to the left, and come again. */
export const runnerX = (elapsedMs: number, textWidth: number, pxPerS: number): number =>
  canvas.width - (((elapsedMs / 1000) * pxPerS) % (canvas.width + textWidth + gap));
