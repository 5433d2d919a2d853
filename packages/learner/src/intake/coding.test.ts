import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codingOf } from './coding.ts';

const utf8 = (text: string) => new TextEncoder().encode(text);
const latin = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
const utf16 = (text: string, high: 0 | 1) =>
  Uint8Array.from(
    [...text]
      .flatMap((letter) => [letter.charCodeAt(0) >> (8 * (1 - high)), letter.charCodeAt(0) >> (8 * high)])
      .map((byte) => byte & 255),
  );

describe('the code of a text', () => {
  it('is UTF-8 wherever that can be, and wherever the beginning is cut', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', 'ü', '€', '😀', '\ufffd', '\n') }), fc.nat(8), (text, cut) => {
        const bytes = utf8(text);
        expect(codingOf(bytes, false)).toBe('utf-8');
        expect(codingOf(bytes.subarray(0, Math.max(0, bytes.length - cut)), true)).toBe('utf-8');
      }),
    );
  });

  it.each([
    ['what Excel writes as "CSV"', latin('Größe;Klasse\r\n1,5;Ü\r\n'), 'windows-1252'],
    ['UTF-8 of which some letters are broken', Uint8Array.of(...utf8('Größe,Klasse,Länge,'), 0xfc), 'utf-8'],
    ['UTF-16 that says so', latin('\xff\xfea\0'), 'utf-16le'],
    ['UTF-16 that says so, the other way round', latin('\xfe\xff\0a'), 'utf-16be'],
    ['UTF-16 that does not say so', utf16('Größe,b\n', 1), 'utf-16le'],
    ['UTF-16 that does not say so, the other way round', utf16('Größe,b\n', 0), 'utf-16be'],
    ['a program', latin('\x7fELF\x02\x01\x01\0\0\0'), null],
    ['something packed', latin('\x1f\x8b\x08\xff\xfc\x9d\x01'), null],
  ])('is told of %s', (_, bytes, expected) => {
    expect(codingOf(bytes, false)).toBe(expected);
  });
});
