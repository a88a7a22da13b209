/**
 * The decoder of BTHome v2: the service data of one Bluetooth advertisement in, what a sensor says out. Pure; between the
 * scan, which believes nobody, and what is kept of each sensor. Source: https://bthome.io/format and /encryption.
 */
import { createDecipheriv } from 'node:crypto';
import { bthomeObjects } from './bthome-objects.ts';
import type { BthomeObject } from './bthome-objects.ts';

/** In the units of the table: °C, %, V, hPa; 1 for on. */
export type BthomeValue = { readonly name: string; readonly value: number };

export type BthomeRead =
  | {
      readonly ok: true;
      /** It speaks when something happens, and not at regular times. */
      readonly isTriggered: boolean;
      /** Of an encrypted one. */
      readonly counter: number | null;
      readonly values: readonly BthomeValue[];
      /** Why the reading ended: an unknown object has an unknown length, and hides what follows it. */
      readonly end: 'whole' | 'unknown-object' | 'cut-off';
    }
  | { readonly ok: false; readonly why: BthomeRefusal };

export type BthomeRefusal =
  | 'empty'
  | 'other-version'
  /** This sensor has a key, and somebody says something without it. */
  | 'not-encrypted'
  /** It is encrypted, and this box has no key for it. */
  | 'no-key'
  | 'cut-off'
  /** Another key, another sender or damage: the tag does not fit. */
  | 'wrong-key';

/** Of a sensor: its address as six bytes, the first as people write it first, and its key of 16, if it has one. */
export type BthomeSender = { readonly address: Uint8Array; readonly key: Uint8Array | null };

const ENCRYPTED = 0x01;
/**
 * Six bytes of address come first, the last of them first. The page now calls this bit reserved; sensors of 2022 set it,
 * and read as objects an address is a battery of 0 %: Bluetooth-Devices/bthome-ble, src/bthome_ble/parser.py.
 */
const ADDRESSED = 0x02;
const ADDRESS_BYTES = 6;
const TRIGGERED = 0x04;
const VERSION = 2;
/** 0xFCD2 as it goes over the air. */
const UUID = Uint8Array.of(0xd2, 0xfc);
const COUNTER_BYTES = 4;
const TAG_BYTES = 4;

/** `data`: the service data of UUID 0xFCD2 without the UUID. Never throws over what it reads. */
export function readBthome(data: Uint8Array, sender: BthomeSender): BthomeRead {
  const [device] = data;
  if (device === undefined) return { ok: false, why: 'empty' };
  if (device >> 5 !== VERSION) return { ok: false, why: 'other-version' };
  const opened = openedBy(sender, device, data.subarray(1));
  if (!opened.ok) return opened;
  const { counter, payload } = opened;
  return { ok: true, isTriggered: (device & TRIGGERED) !== 0, counter, ...objectsIn(payload) };
}

type Opened =
  | { readonly ok: true; readonly counter: number | null; readonly payload: Uint8Array }
  | { readonly ok: false; readonly why: BthomeRefusal };

function openedBy(sender: BthomeSender, device: number, rest: Uint8Array): Opened {
  const isAddressed = (device & ADDRESSED) !== 0;
  if (isAddressed && rest.length < ADDRESS_BYTES) return { ok: false, why: 'cut-off' };
  const address = isAddressed ? Uint8Array.from(rest.subarray(0, ADDRESS_BYTES)).reverse() : sender.address;
  const body = isAddressed ? rest.subarray(ADDRESS_BYTES) : rest;
  return (device & ENCRYPTED) === 0 ? plain(body, sender) : decrypted(body, device, { ...sender, address });
}

const plain = (payload: Uint8Array, { key }: BthomeSender): Opened =>
  key === null ? { ok: true, counter: null, payload } : { ok: false, why: 'not-encrypted' };

/** Ciphertext, counter, tag; AES-128-CCM with the nonce address + UUID + device byte + counter. */
function decrypted(body: Uint8Array, device: number, { address, key }: BthomeSender): Opened {
  if (key === null) return { ok: false, why: 'no-key' };
  const sealedBytes = body.length - COUNTER_BYTES - TAG_BYTES;
  if (sealedBytes < 1) return { ok: false, why: 'cut-off' };
  const sealed = body.subarray(0, sealedBytes);
  const counter = body.subarray(sealedBytes, -TAG_BYTES);
  const nonce = Uint8Array.of(...address, ...UUID, device, ...counter);
  const decipher = createDecipheriv('aes-128-ccm', key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAuthTag(body.subarray(-TAG_BYTES));
  try {
    // In this mode the tag is checked here, and nothing comes out where it does not fit.
    const payload = decipher.update(sealed);
    decipher.final();
    return { ok: true, counter: littleEndian(counter, false), payload };
  } catch (cause) {
    if (!(cause instanceof Error)) throw cause;
    return { ok: false, why: 'wrong-key' };
  }
}

type Objects = Pick<Extract<BthomeRead, { ok: true }>, 'values' | 'end'>;

function objectsIn(payload: Uint8Array): Objects {
  const values: BthomeValue[] = [];
  let at = 0;
  while (at < payload.length) {
    const object = bthomeObjects.get(payload[at] ?? NaN);
    if (object === undefined) return { values, end: 'unknown-object' };
    const bytes = bytesOf(object, payload.subarray(at + 1));
    if (bytes === null) return { values, end: 'cut-off' };
    if (object.sizeBytes === null) at += 1;
    // The packet's number tells a repetition; what is said twice here is said once.
    else if (object.name !== 'packet') values.push({ name: object.name, value: valueOf(object, bytes) });
    at += 1 + bytes.length;
  }
  return { values, end: 'whole' };
}

/** Null where the advertisement ends before the object does. */
function bytesOf({ sizeBytes }: BthomeObject, rest: Uint8Array): Uint8Array | null {
  const from = sizeBytes === null ? 1 : 0;
  const size = sizeBytes ?? rest[0];
  if (size === undefined || rest.length < from + size) return null;
  return rest.subarray(from, from + size);
}

/** Rounded to a millionth, the finest factor of the table: 2506 · 0.01 is 25.06. */
const valueOf = ({ signed, factor }: BthomeObject, bytes: Uint8Array): number =>
  Math.round(littleEndian(bytes, signed) * factor * 1e6) / 1e6;

function littleEndian(bytes: Uint8Array, signed: boolean): number {
  const unsigned = bytes.reduceRight((sum, byte) => sum * 256 + byte, 0);
  const span = 256 ** bytes.length;
  return signed && unsigned >= span / 2 ? unsigned - span : unsigned;
}
