/** How the parts of the cloud answer: with a value, or with a refusal that a person can act on. */
import type { Refusal } from '../shared/wire/carrier.ts';

export type Status = 400 | 401 | 404 | 409 | 413 | 415 | 416 | 500 | 503;
export type Refused = { readonly ok: false; readonly status: Status; readonly refusal: Refusal };
export type Outcome<T> = { readonly ok: true; readonly value: T } | Refused;

export const done = <T>(value: T): Outcome<T> => ({ ok: true, value });

/** `field` is the dotted path of what to put right, or null. */
export const refuse = (
  status: Status,
  code: string,
  text: { vi: string; en: string },
  field: string | null = null,
): Refused => ({ ok: false, status, refusal: { code, field, text } });
