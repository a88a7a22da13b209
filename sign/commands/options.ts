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

/** `101.9` to 101,900 kHz. */
export function khzOf(text: string): number {
  const khz = Math.round(Number(text.replace(',', '.')) * 1000);
  if (/^\d{2,3}([.,]\d{1,3})?$/.test(text) && khz >= 50_000 && khz <= 108_000) return khz;
  throw new InvalidArgumentError('Tần số bằng MHz, như 101.9 · a frequency in MHz, like 101.9.');
}

export const areaOption = () =>
  new Option('--area <code>', 'nơi của fmplan · the area of the fmplan').makeOptionMandatory();
export const stationOption = () =>
  new Option('--station <MHz>', 'một đài, ví dụ · one station, like 101.9').argParser(khzOf);
export const passphraseOption = () =>
  new Option('--passphrase-file <file>', 'đọc mật khẩu từ tệp · read the passphrase from a file');
