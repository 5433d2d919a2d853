import { concat } from './bytes.ts';

/**
 * UTF-8 without the platform's TextEncoder, so that this package compiles against the language alone.
 * Lone surrogates are refused rather than replaced: a hash must never cover a text other than the one given (RFC 8785, 3.2.2.2).
 */
export function encodeUtf8(text: string): Uint8Array<ArrayBuffer> {
  const bytes: number[] = [];
  const chunks: Uint8Array[] = [];
  for (const character of text) {
    const point = character.codePointAt(0)!;
    if (point >= 0xd800 && point <= 0xdfff) throw new RangeError('text holds a lone surrogate');
    if (point < 0x80) bytes.push(point);
    else if (point < 0x800) bytes.push(0xc0 | (point >> 6), 0x80 | (point & 63));
    else if (point < 0x10000) bytes.push(0xe0 | (point >> 12), 0x80 | ((point >> 6) & 63), 0x80 | (point & 63));
    else bytes.push(0xf0 | (point >> 18), 0x80 | ((point >> 12) & 63), 0x80 | ((point >> 6) & 63), 0x80 | (point & 63));
    if (bytes.length > 65536) chunks.push(Uint8Array.from(bytes.splice(0)));
  }
  return concat([...chunks, Uint8Array.from(bytes)]);
}

/** @throws RangeError on bytes that are not well-formed UTF-8 (overlong forms and surrogates included). */
export function decodeUtf8(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < bytes.length; ) {
    const lead = bytes[i++]!;
    const extra =
      lead < 0x80
        ? 0
        : lead >= 0xc2 && lead < 0xe0
          ? 1
          : lead >= 0xe0 && lead < 0xf0
            ? 2
            : lead >= 0xf0 && lead < 0xf5
              ? 3
              : -1;
    if (extra < 0 || i + extra > bytes.length) throw new RangeError(`byte ${i - 1} is not UTF-8`);
    let point = extra === 0 ? lead : lead & (0x3f >> extra);
    for (let k = 0; k < extra; k++) {
      const next = bytes[i++]!;
      if ((next & 0xc0) !== 0x80) throw new RangeError(`byte ${i - 1} is not UTF-8`);
      point = (point << 6) | (next & 63);
    }
    const least = [0, 0x80, 0x800, 0x10000][extra]!;
    if (point < least || point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff))
      throw new RangeError(`byte ${i - 1} is not UTF-8`);
    text += String.fromCodePoint(point);
  }
  return text;
}
