import type { z } from 'zod';
import { concat } from './bytes.ts';
import { decodeUtf8, encodeUtf8 } from './utf8.ts';

/** Numbers in a tensor of this shape. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, side) => product * side, 1);
}

/** A safetensors file: u64 LE header length ‖ JSON header, padded with spaces to a multiple of 8 bytes ‖ data. */
export function writeSafetensors(header: object, ...data: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const text = encodeUtf8(JSON.stringify(header));
  const padded = new Uint8Array(Math.ceil(text.length / 8) * 8).fill(0x20);
  padded.set(text);
  const length = new Uint8Array(8);
  new DataView(length.buffer).setUint32(0, padded.length, true);
  return concat([length, padded, ...data]);
}

/** The header and the data behind it (a view), or what is wrong with the file. Whether the two agree is for the caller to say. */
export function readSafetensors<Header extends z.ZodType>(
  bytes: Uint8Array,
  schema: Header,
  mostHeaderBytes: number,
): { readonly header: z.infer<Header>; readonly data: Uint8Array } | string {
  if (bytes.length < 8) return 'shorter than its length field';
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = 8 + view.getUint32(0, true);
  if (view.getUint32(4, true) !== 0 || start > 8 + mostHeaderBytes || start > bytes.length)
    return 'the header does not fit';
  let json: unknown;
  try {
    json = JSON.parse(decodeUtf8(bytes.subarray(8, start)));
  } catch {
    return 'the header is not JSON';
  }
  const parsed = schema.safeParse(json);
  if (!parsed.success) return `the header has a wrong field (${parsed.error.issues[0]?.path.join('.') ?? 'unknown'})`;
  return { header: parsed.data, data: bytes.subarray(start) };
}
