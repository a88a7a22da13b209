/** Pages say what they were given and nothing else, whatever is in it. */
import { describe, expect, it } from 'vitest';
import { boardText } from '../../../shared/messages/board.ts';
import { fit, widthOf, wrap } from './letters.ts';
import { escapeXml, svgOf } from './page.ts';
import { canvas, escapeAss, runnerX, tickerAt } from './ticker.ts';

const page = (title: string, body: string, template = 'notice') => ({
  template,
  title,
  body,
  imagePath: null,
});
const wordsOf = (svg: string): string =>
  [...svg.matchAll(/<tspan[^>]*>([^<]*)</g)].map((match) => match[1]).join(' ');

describe('a page', () => {
  it('carries the whole of title and body', () => {
    const words = wordsOf(svgOf.page(page('Họp thôn', 'Lúc 19 giờ 30'), null, 'Xã Vạn Hưng'));
    expect(words).toContain('Họp thôn');
    expect(words).toContain('Lúc 19 giờ 30');
  });

  it('escapes every text, so that none becomes a tag', () => {
    const evil = '</text><script>x</script><image href="http://evil/"/>&"\'';
    const drawn = [
      svgOf.page(page(evil, evil, evil), null, evil),
      svgOf.alert(evil, evil),
      svgOf.nothing(evil),
    ];
    for (const svg of drawn) expect(svg).not.toMatch(/<script|<image|evil\/"\/>/);
  });

  it('drops what XML cannot carry and what turns the reading direction', () => {
    expect(escapeXml('a\u0000\u0008\u202e\ud800b\uffff')).toBe('ab');
  });

  it('draws an unknown template as a notice', () => {
    expect(svgOf.page(page('a', 'b', 'no-such'), null, 'x')).toBe(
      svgOf.page(page('a', 'b', 'notice'), null, 'x'),
    );
    expect(svgOf.page(page('a', 'b', 'constructor'), null, 'x')).toContain('>a</tspan>');
  });

  it('has room for the longest text that a plan may carry, at a size that is read from afar', () => {
    const title = 'Ủy ban nhân dân xã thông báo '.repeat(5).slice(0, 120);
    const body = 'Nghị quyết của Hội đồng nhân dân xã. '.repeat(30).slice(0, 1_000);
    const svg = svgOf.page(page(title, body), null, 'x');
    expect(wordsOf(svg).replace(/\s+/g, ' ')).toContain(body.trim().replace(/\s+/g, ' '));
    const sizes = [...svg.matchAll(/font-size="(\d+)"/g)].map((match) => Number(match[1]));
    expect(Math.min(...sizes)).toBeGreaterThanOrEqual(36);
    const lowest = Math.max(
      ...[...svg.matchAll(/<tspan x="\d+" y="(\d+)"/g)].map((match) => Number(match[1])),
    );
    expect(lowest).toBeLessThan(950);
  });

  it.each(['nothing', 'noTime'] as const)('says where it stands and %s, in both languages', (sentence) => {
    const words = wordsOf(svgOf[sentence]('Xã Vạn Hưng'));
    for (const part of ['Xã Vạn Hưng', boardText[sentence].vi, boardText[sentence].en])
      expect(words).toContain(part);
  });
});

describe('text on a board', () => {
  it('breaks between words and never runs over the edge', () => {
    const text = 'Kính mời toàn thể bà con nhân dân đến dự buổi gặp mặt cuối năm';
    const lines = wrap(text, 80, 700);
    expect(lines.join(' ')).toBe(text);
    for (const line of lines) expect(widthOf(line, 80)).toBeLessThanOrEqual(700);
  });

  it('breaks a word that fits no line', () => {
    const lines = wrap('W'.repeat(50), 80, 700);
    expect(lines.join('')).toBe('W'.repeat(50));
    for (const line of lines) expect(widthOf(line, 80)).toBeLessThanOrEqual(700);
  });

  it('counts a letter with its marks as one, however it is composed', () => {
    expect(widthOf('ế'.normalize('NFD'), 100)).toBe(widthOf('ế'.normalize('NFC'), 100));
    expect(widthOf('ế', 100)).toBe(widthOf('e', 100));
    expect(widthOf('ứ', 100)).toBeGreaterThan(widthOf('u', 100));
  });

  it('keeps line breaks', () => {
    expect(wrap('một\nhai', 50, 1_000)).toEqual(['một', 'hai']);
  });

  it('is cut with an ellipsis only where it does not fit at the smallest size', () => {
    const fitted = fit('chữ '.repeat(500), { width: 600, height: 300 }, { largest: 90, smallest: 40 });
    expect(fitted.size).toBe(40);
    expect(fitted.lines.at(-1)).toMatch(/…$/);
    expect(fit('chữ', { width: 600, height: 300 }, { largest: 90, smallest: 40 })).toMatchObject({
      size: 90,
      lines: ['chữ'],
    });
  });
});

describe('the running text', () => {
  it('is escaped, so that nothing in it acts', () => {
    expect(escapeAss('a{\\an8}b\\N')).toBe('a\\{\\\u2060an8\\}b\\\u2060N');
    expect(escapeAss('một\nhai\r\n\tba\u0007')).toBe('một hai ba');
  });

  it('stays one event, whatever is in it', () => {
    expect(tickerAt('a\nb\r\nc\u2028d', 0).split('\n')).toHaveLength(3);
  });

  it('comes in from the right, leaves to the left, and comes again', () => {
    expect(runnerX(0, 600, 100)).toBe(canvas.width);
    expect(runnerX(1_000, 600, 100)).toBe(canvas.width - 100);
    const oneRound = ((canvas.width + 600 + 400) / 100) * 1_000;
    expect(runnerX(oneRound - 1, 600, 100)).toBeLessThan(-600);
    expect(runnerX(oneRound, 600, 100)).toBe(canvas.width);
  });
});
