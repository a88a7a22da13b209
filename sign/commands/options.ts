/** Options and numbers that several commands share. */
import { InvalidArgumentError, Option } from '@commander-js/extra-typings';
import { defaultHome } from '../desk.ts';

export const homeOption = () =>
  new Option('--home <folder>', 'tin cậy đã ghim và sổ ký · pinned trust and ledger').default(defaultHome());

/** For options that may be given several times. */
export const collected = (value: string, before: readonly string[] = []): readonly string[] => [
  ...before,
  value,
];

export function wholeNumber(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new InvalidArgumentError(`Cần một số nguyên · a whole number is needed.`);
}
