import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeText, tokensOf } from './features.ts';

interface Vector {
  readonly text: string;
  readonly buckets: number;
  readonly pairs: boolean;
  readonly maxCharacters: number;
  readonly tokens: readonly string[];
  readonly ones: readonly number[];
}
const FILE = new URL('./vectors.json', import.meta.url);
const { vectors } = JSON.parse(readFileSync(FILE, 'utf8')) as { vectors: Vector[] };

describe('the features of a text', () => {
  it.each(vectors)('are those of the published vector $#', ({ text, tokens, ones, ...input }) => {
    expect(tokensOf(text, input.maxCharacters)).toEqual(tokens);
    const into = new Uint8Array(input.buckets);
    expect(encodeText(text, input, into)).toBe(tokens.length);
    expect(Array.from(into.keys()).filter((bucket) => into[bucket] !== 0)).toEqual(ones);
    expect(Math.max(0, ...into)).toBeLessThanOrEqual(1);
  });

  it('hash as FNV-1a does: "foobar" to 0xbf9cf968, "a" to 0xe40c292c', () => {
    const input = { buckets: 65_521, pairs: false, maxCharacters: 10 };
    const into = new Uint8Array(input.buckets);
    encodeText('foobar a', input, into);
    expect([into[0xbf9cf968 % 65_521], into[0xe40c292c % 65_521]]).toEqual([1, 1]);
  });

  it('do not depend on case, width of letters, white space, or what lay in memory before', () => {
    const input = { buckets: 512, pairs: true, maxCharacters: 1000 };
    const words = fc.array(fc.stringMatching(/^[a-zäöü]{1,9}$/), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(words, (words) => {
        const [plain, shouted] = [new Uint8Array(512 + 8), new Uint8Array(512 + 8).fill(7)];
        encodeText(words.join(' '), input, plain, 4);
        encodeText(`\n${words.join('\t ').normalize('NFD').toUpperCase()} `, input, shouted, 4);
        expect(shouted.subarray(4, 516)).toEqual(plain.subarray(4, 516));
        expect([...shouted.subarray(0, 4), ...shouted.subarray(516)]).toEqual(Array(8).fill(7));
      }),
    );
  });

  it('are told from any text at all, and the same each time', () => {
    const input = { buckets: 64, pairs: true, maxCharacters: 50 };
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
        const [once, again] = [new Uint8Array(64), new Uint8Array(64)];
        expect(encodeText(text, input, once)).toBe(encodeText(text, input, again));
        expect(again).toEqual(once);
      }),
    );
  });

  it('end where the text is cut, counted in whole characters', () => {
    expect(tokensOf('😀😀 abc', 4)).toEqual(['😀', '😀', 'a']);
  });
});
