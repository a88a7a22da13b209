/** The smallest shapes of the signed documents: text, instants, names and hashes (protocol.md §1 and §2). */
import { z } from 'zod';

// Category Cc but the line feed, and the marks that turn the direction of what people read.
const forbidden = /[^\P{Cc}\n]|[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/u;

const isPlainText = (text: string): boolean =>
  text.isWellFormed() && text.normalize('NFC') === text && !forbidden.test(text);

/** Text that people see: NFC, no control or direction characters, `min` to `max` Unicode code points. */
export const text = (min: number, max: number) =>
  z
    .string()
    .max(2 * max)
    .refine(
      (value) => Array.from(value).length >= min && Array.from(value).length <= max && isPlainText(value),
      {
        error: `text of ${min} to ${max} characters, NFC, without control or direction characters`,
      },
    );

/** A person's name as it counts towards thresholds: nothing invisible in it, no white space at its ends. */
export const holder = text(1, 64).refine((value) => value.trim() === value && !/\p{Cf}/u.test(value), {
  error: 'a name without invisible characters and without spaces at its ends',
});

export const integer = (min: number, max: number) => z.int().min(min).max(max);

/** Whole UTC seconds since 1970, within the years that this protocol knows. */
export const instant = integer(1_600_000_000, 4_102_444_800);
export const epoch = integer(0, 2 ** 31 - 1);
export const version = integer(1, 2 ** 31 - 1);
export const percent = integer(0, 100);

export const province = z.string().regex(/^[a-z]{2}[0-9]{2}$/);
/** Dotted code, `56` the province, `56.22366` a commune. Compare with `covers`, never as text. */
export const area = z.string().regex(/^[0-9a-z]{1,8}(\.[0-9a-z]{1,8}){0,3}$/);
export const dev = z.string().regex(/^d-[a-z2-7]{16}$/);
export const slug = z.string().regex(/^[a-z0-9][a-z0-9-]{0,31}$/);

/** 32 bytes as base64url in its canonical spelling: the two bits left over in the last character are zero. */
export const bytes32 = z.string().regex(/^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/);
export const kid = bytes32;
export const digest = bytes32;
export const sha256 = bytes32;
/** 16 bytes as base64url in its canonical spelling: four bits are left over. */
export const bytes16 = z.string().regex(/^[A-Za-z0-9_-]{21}[AQgw]$/);

const isRealDate = (value: string): boolean => {
  const date = new Date(`${value}T00:00:00Z`);
  // 30 February parses in V8 and comes back as 2 March.
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(value);
};

/** A day that the calendar has, `YYYY-MM-DD`. */
export const date = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/)
  .refine(isRealDate, { error: 'a date that the calendar has' });
export const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/);
export const timeWithSeconds = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d:[0-5]\d$/);

/** A list in which nothing stands twice; `by` names what must differ. */
export const distinct = <T extends z.ZodType>(
  element: T,
  min: number,
  max: number,
  by: (value: z.output<T>) => unknown = (value) => value,
) =>
  z
    .array(element)
    .min(min)
    .max(max)
    .refine((list) => new Set(list.map(by)).size === list.length, { error: 'nothing may stand twice' });

/** A map whose number of entries is bounded. */
export const bounded = <K extends z.ZodType<string>, V extends z.ZodType>(
  key: K,
  value: V,
  min: number,
  max: number,
) =>
  z.record(key, value).refine(
    (map) => {
      const count = Object.keys(map).length;
      return count >= min && count <= max;
    },
    { error: `${min} to ${max} entries` },
  );
