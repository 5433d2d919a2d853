/** How a file's letters are coded, as far as it can be told. */
export type Coding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';

/** No program writes these into a text. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: it is them that are looked for.
const CONTROLS = /[\x01-\x08\x0e-\x1f]/;
const UNDECODABLE = /\ufffd/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII.
const BEYOND_ASCII = /[^\x00-\x7f]/g;
const LOOKED_AT = 1024;

/**
 * Tells a text's code by its beginning; null: this is no text. UTF-16 says so, or shows by the zeros in half of its bytes. What is not UTF-8
 * is taken for Windows-1252, which spreadsheets in western Europe and America write as "CSV"; but where most letters are UTF-8, some are
 * merely broken.
 * @param stream  more follows, so that the last letter may be cut in two
 */
export function codingOf(bytes: Uint8Array, stream: boolean): Coding | null {
  const begin = bytes.subarray(0, LOOKED_AT);
  if (begin[0] === 0xff && begin[1] === 0xfe) return 'utf-16le';
  if (begin[0] === 0xfe && begin[1] === 0xff) return 'utf-16be';
  const zeros = [...begin.keys()].filter((at) => begin[at] === 0);
  if (zeros.length > 0) {
    if (zeros.length * 3 < begin.length) return null;
    if (zeros.every((at) => at % 2 === 1)) return 'utf-16le';
    return zeros.every((at) => at % 2 === 0) ? 'utf-16be' : null;
  }
  if (isUtf8(bytes, stream)) return 'utf-8';
  if (CONTROLS.test(new TextDecoder('windows-1252').decode(begin))) return null;
  const text = new TextDecoder().decode(bytes, { stream });
  const count = (pattern: RegExp) => text.match(pattern)?.length ?? 0;
  return count(UNDECODABLE) * 2 < count(BEYOND_ASCII) ? 'utf-8' : 'windows-1252';
}

function isUtf8(bytes: Uint8Array, stream: boolean): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream });
    return true;
  } catch {
    return false;
  }
}
