/** Puts words of both languages into a sentence of both languages. */
import { text, type Text } from '../../../shared/messages/text.ts';

export const filled = (sentence: (words: string) => Text, words: Text): Text =>
  text(sentence(words.vi).vi, sentence(words.en).en);
