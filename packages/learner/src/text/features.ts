import type { TextInput } from '@sotto/protocol/task';

/**
 * How a text becomes inputs: feature hashing (Weinberger et al., "Feature Hashing for Large Scale Multitask Learning", ICML 2009) of its
 * words, without signs and counts. Every participant of a task must do exactly this; vectors.json beside this file lets other programs check.
 *
 * 1. The first `maxCharacters` code points, normalised to NFKC, then lower-cased (Unicode's default mapping, no locale).
 * 2. Tokens from left to right, the first that fits of
 *    - a web address (`http://`, `https://` or `www.`, up to white space, `<`, `>` or `"`): the token `<url>`;
 *    - a mail address: `<email>`;
 *    - digits, with `.` `,` `:` between them: `<number>`;
 *    - `<url>`, `<email>`, `<number>` as they stand, so that prepared texts can say them;
 *    - a word: letters, marks and, after the first of these, digits, apostrophes inside it (’ is read as '): itself;
 *    - a currency sign, a pictograph (emoji), or a run of exclamation marks (`!`): itself.
 *    All else parts tokens and is not one.
 * 3. Features: each token and, where `pairs`, each two neighbouring tokens joined by one space.
 * 4. A feature's bucket is the FNV-1a hash, 32 bit, of its UTF-8 bytes, modulo `buckets`. Buckets that occur are 1, all others 0.
 */
export function tokensOf(text: string, maxCharacters: number): string[] {
  const read = [...text.slice(0, 2 * maxCharacters)].slice(0, maxCharacters).join('');
  return [...read.normalize('NFKC').toLowerCase().matchAll(TOKEN)].map(({ 0: match, groups = {} }) => {
    if (groups.url) return '<url>';
    if (groups.email) return '<email>';
    if (groups.number) return '<number>';
    if (groups.shout) return '!';
    return match.replaceAll('’', "'");
  });
}

/** Step 2, in the order of the rules. */
export const TOKEN = new RegExp(
  [
    String.raw`(?<url>(?:https?:\/\/|www\.)[^\s<>"]+)`,
    // Tried where such a run begins and nowhere inside it, or long runs would take forever.
    String.raw`(?<email>(?<![\p{L}\p{N}._%+\-])[\p{L}\p{N}._%+\-]+@[\p{L}\p{N}\-]+(?:\.[\p{L}\p{N}\-]+)+)`,
    String.raw`(?<number>\p{Nd}+(?:[.,:]\p{Nd}+)*)`,
    '<(?:url|email|number)>',
    String.raw`[\p{L}\p{M}][\p{L}\p{M}\p{Nd}]*(?:['’][\p{L}\p{M}\p{Nd}]+)*`,
    String.raw`\p{Sc}|\p{Extended_Pictographic}`,
    '(?<shout>!+)',
  ].join('|'),
  'gu',
);

/** Writes a text's inputs, `buckets` bytes of 0 and 1, from `into[at]` on. @returns how many tokens there were: a text of none says nothing */
export function encodeText(
  text: string,
  { buckets, pairs, maxCharacters }: TextInput,
  into: Uint8Array,
  at = 0,
): number {
  const tokens = tokensOf(text, maxCharacters);
  into.fill(0, at, at + buckets);
  const bytes = tokens.map((token) => UTF8.encode(token));
  for (const [i, token] of bytes.entries()) {
    const hash = fnv1a(token, OFFSET_BASIS);
    into[at + (hash % buckets)] = 1;
    const next = bytes[i + 1];
    if (pairs && next) into[at + (fnv1a(next, fnv1a(SPACE, hash)) % buckets)] = 1;
  }
  return tokens.length;
}

const UTF8 = new TextEncoder();
const SPACE = Uint8Array.of(0x20);
const OFFSET_BASIS = 0x811c9dc5;
const PRIME = 0x01000193;

/** Goes on from `hash`; the FNV-1a offset basis begins. */
function fnv1a(bytes: Uint8Array, hash: number): number {
  for (const byte of bytes) hash = Math.imul(hash ^ byte, PRIME);
  return hash >>> 0;
}
