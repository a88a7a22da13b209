/** The spellings that signed bytes come in: UTF-8, base64url and canonical JSON, each in its one strict form. */
import canonicalize from 'canonicalize';
import { base64url } from 'jose';
import { sha256 } from './sha256.ts';

// ignoreBOM leaves a byte order mark in the text, where JSON.parse refuses it.
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();

export const utf8 = (text: string): Uint8Array => encoder.encode(text);

/** Null where the bytes are no UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string | null {
  try {
    return decoder.decode(bytes);
  } catch (cause) {
    if (cause instanceof TypeError) return null;
    throw cause;
  }
}

export const toBase64url = (bytes: Uint8Array): string => base64url.encode(bytes);

/** Null unless this is the one canonical spelling, without padding (protocol §1). */
export function fromBase64url(text: string): Uint8Array | null {
  try {
    const bytes = base64url.decode(text);
    return base64url.encode(bytes) === text ? bytes : null;
  } catch (cause) {
    if (cause instanceof TypeError) return null;
    throw cause;
  }
}

/** Undefined where the text is no JSON; JSON itself has no undefined. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    if (cause instanceof SyntaxError) return undefined;
    throw cause;
  }
}

/** Objects and lists within each other, the outermost counted as 1; scalars have no depth. */
export const nestsAtMost = (value: unknown, depth: number): boolean =>
  typeof value !== 'object' ||
  value === null ||
  (depth > 0 && Object.values(value).every((inner) => nestsAtMost(inner, depth - 1)));

/** RFC 8785 (JCS); null for what JSON cannot carry: lone surrogates and infinities. */
export function canonicalJson(value: unknown): string | null {
  try {
    return canonicalize(value) ?? null;
  } catch (cause) {
    if (cause instanceof Error) return null;
    throw cause;
  }
}

/** base64url(SHA-256(bytes)): the identity of a document is that of its payload bytes, never of its envelope. */
export const digestOf = (payload: Uint8Array): string => toBase64url(sha256(payload));
