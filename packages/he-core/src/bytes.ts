import { ensure } from './invariant-error.ts';

/** Bytes over memory of their own, as WebCrypto and structured cloning want them. */
export type Bytes = Uint8Array<ArrayBuffer>;

const encoder = new TextEncoder();

/** The bytes of a fixed label such as `sotto/v1/crs`. */
export function utf8(text: string): Bytes {
  return encoder.encode(text);
}

/** Hashes and ids are 32 bytes everywhere: strings are joined without separators, so that lengths must be fixed. */
export function ensureHashes(...hashes: readonly Uint8Array[]): void {
  for (const { length } of hashes) ensure(length === 32, `a hash or id has 32 bytes, not ${length}`);
}

/** Big-endian u16: every integer inside a signed or authenticated string is big-endian. */
export function u16be(value: number): Bytes {
  ensure(Number.isInteger(value) && value >= 0 && value <= 0xffff, `${value} is no u16`);
  return Uint8Array.of(value >>> 8, value & 0xff);
}

/** The parts, one after another, in memory of their own. */
export function concat(...parts: readonly Uint8Array[]): Bytes {
  const joined = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

/** The same bytes over memory of their own; copies only when they share memory with something larger. */
export function owned(bytes: Uint8Array): Bytes {
  const { buffer } = bytes;
  return buffer instanceof ArrayBuffer && bytes.byteLength === buffer.byteLength
    ? new Uint8Array(buffer)
    : new Uint8Array(bytes);
}

/** SHA-256 (FIPS 180-4) of the parts, one after another: 32 bytes. */
export async function sha256(...parts: readonly Uint8Array[]): Promise<Bytes> {
  const [only] = parts;
  const message = parts.length === 1 && only ? asSource(only) : concat(...parts);
  return new Uint8Array(await crypto.subtle.digest('SHA-256', message));
}

/** WebCrypto refuses views of shared memory; such bytes are copied first. */
function asSource(bytes: Uint8Array): Bytes {
  return bytes.buffer instanceof ArrayBuffer
    ? new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    : new Uint8Array(bytes);
}
