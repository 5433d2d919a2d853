/**
 * Byte strings as they are signed and hashed: hex for JSON, big-endian integers, plain concatenation.
 * Hex is lower-case only, so that one value has one spelling and canonical JSON stays canonical.
 */
export function toHex(bytes: Uint8Array): string {
  let hex = '';
  for (const byte of bytes) hex += byte.toString(16).padStart(2, '0');
  return hex;
}

/** @throws RangeError when `hex` is not an even number of lower-case hexadecimal digits. */
export function fromHex(hex: string): Uint8Array<ArrayBuffer> {
  if (hex.length % 2 !== 0 || !/^[0-9a-f]*$/.test(hex)) throw new RangeError('not lower-case hexadecimal');
  const bytes = new Uint8Array(hex.length / 2);
  for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16);
  return bytes;
}

const ASCII = /^[\x20-\x7e]*$/;

/** The bytes of a fixed ASCII label such as `sotto/v1/plan`. */
export function ascii(text: string): Uint8Array<ArrayBuffer> {
  if (!ASCII.test(text)) throw new RangeError('labels are printable ASCII');
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

/** Unsigned 16-bit big-endian integer, 2 bytes. */
export function u16(value: number): Uint8Array<ArrayBuffer> {
  if (!Number.isInteger(value) || value < 0 || value > 0xffff) throw new RangeError(`${value} is not a u16`);
  return Uint8Array.of(value >>> 8, value & 0xff);
}

/** The parts, one after another, without separators: whoever signs or hashes them makes their lengths fixed, or says them. */
export function concat(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((total, part) => total + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

/** Equality of public bytes (hashes, stored answers). Not constant-time: never for secrets. */
export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
