/** How `loa-cloud` ends: with a code that scripts can read and a sentence that people can. */
import { text } from '../../shared/messages/text.ts';
import type { Text } from '../../shared/messages/text.ts';

export const EXIT = { done: 0, refused: 1, misused: 2, unsigned: 3, unreachable: 4, stranger: 5 } as const;
export type Exit = (typeof EXIT)[keyof typeof EXIT];

export class Ended extends Error {
  readonly exit: Exit;
  readonly why: Text;
  constructor(exit: Exit, why: Text) {
    super(why.en);
    this.exit = exit;
    this.why = why;
  }
}

export const EXIT_CODES = text(
  'Mã thoát: 0 xong, 1 bị từ chối, 2 gọi sai hoặc tệp sai, 3 còn thiếu chữ ký, 4 không tới được máy chủ, 5 sai mã truy cập',
  'Exit codes: 0 done, 1 refused, 2 wrong usage or file, 3 signatures missing, 4 server out of reach, 5 wrong token',
);
