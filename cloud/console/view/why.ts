/** The box's reason without what only a technician reads: ids of plans, and the title that stands above it anyway. */
import type { Text } from '../../../shared/messages/text.ts';

export const plainWhy = ({ vi, en }: Text, title: string | null): Text => ({
  vi: plainIn(vi, title),
  en: plainIn(en, title),
});

function plainIn(why: string, title: string | null): string {
  const words = why.replaceAll(/ \(plan:[^()]*\)/g, '').replace(` “${title ?? ''}”`, '');
  const own = `“${title ?? ''}”: `;
  const bare = words.startsWith(own) ? words.slice(own.length) : words;
  return bare.charAt(0).toLocaleUpperCase('vi') + bare.slice(1);
}
