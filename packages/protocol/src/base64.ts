import { z } from 'zod';

/** base64url without padding (RFC 4648, section 5), for byte strings inside JSON. One value has one spelling. */
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const VALUE = new Map([...ALPHABET].map((character, value) => [character, value]));

/** The one spelling of these bytes. */
export function toBase64(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < bytes.length; i += 3) {
    const [a = 0, b = 0, c = 0] = bytes.subarray(i, i + 3);
    const group = (a << 16) | (b << 8) | c;
    const digits = Math.min(bytes.length - i, 3) + 1;
    for (let d = 0; d < digits; d++) text += ALPHABET[(group >> (18 - 6 * d)) & 63];
  }
  return text;
}

/** @throws RangeError on anything but the one spelling `toBase64` gives. */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(Math.floor((text.length * 3) / 4));
  let held = 0;
  let bits = 0;
  let at = 0;
  for (const character of text) {
    const value = VALUE.get(character);
    if (value === undefined) throw new RangeError('not base64url');
    held = ((held << 6) | value) & 0xffffff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes[at++] = (held >> bits) & 0xff;
    }
  }
  if (bits >= 6 || (held & ((1 << bits) - 1)) !== 0) throw new RangeError('not canonical base64url');
  return bytes;
}

/** A byte string of `length` bytes (any length when omitted), as base64url in JSON; what passes, `fromBase64` takes. */
export function base64Bytes(length?: number) {
  const text = z
    .string()
    .regex(/^[A-Za-z0-9_-]*$/, 'must be base64url without padding')
    .refine(isCanonical, 'must be canonical base64url');
  return length === undefined ? text : text.length(Math.ceil((length * 4) / 3));
}

/** No lone digit, and no bits set beyond the last byte. */
function isCanonical(text: string): boolean {
  const rest = text.length % 4;
  if (rest === 0) return true;
  const last = VALUE.get(text.at(-1)!);
  return rest !== 1 && last !== undefined && (last & (rest === 2 ? 15 : 3)) === 0;
}
