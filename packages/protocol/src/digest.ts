import { sha256 as nobleSha256 } from '@noble/hashes/sha2.js';
import canonicalize from 'canonicalize';
import { toHex } from './bytes.ts';
import { encodeUtf8 } from './utf8.ts';

/** SHA-256 (FIPS 180-4), 32 bytes. Synchronous, so that pure reducers can hash. */
export function sha256(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(nobleSha256(bytes));
}

/** As `sha256`, in lower-case hexadecimal: how digests stand in JSON. */
export function sha256Hex(bytes: Uint8Array): string {
  return toHex(sha256(bytes));
}

/** RFC 8785 canonical JSON: the one spelling of a value that is hashed and signed. */
export function canonicalJson(value: unknown): string {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError('value has no JSON form');
  return text;
}

/** SHA-256 of the canonical JSON of `value`, 32 bytes. */
export function hashJson(value: unknown): Uint8Array<ArrayBuffer> {
  return sha256(encodeUtf8(canonicalJson(value)));
}
