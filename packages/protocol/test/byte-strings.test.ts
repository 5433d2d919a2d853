import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { base64Bytes, fromBase64, toBase64 } from '../src/base64.ts';
import { ascii, concat, fromHex, sameBytes, toHex, u16 } from '../src/bytes.ts';
import { decodeUtf8, encodeUtf8 } from '../src/utf8.ts';

const bytes = fc.uint8Array({ maxLength: 300 });

function reads(decode: () => unknown): boolean {
  try {
    decode();
    return true;
  } catch (error) {
    expect(error).toBeInstanceOf(RangeError);
    return false;
  }
}

describe('hexadecimal', () => {
  it('round-trips any bytes', () => {
    fc.assert(
      fc.property(bytes, (value) => {
        expect(fromHex(toHex(value))).toEqual(Uint8Array.from(value));
      }),
    );
  });

  it('has one spelling: whatever is read is written back the same, the rest is a RangeError', () => {
    const text = fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(...'0123456789abcdefABCDEFg x\n') }));
    fc.assert(
      fc.property(text, (hex) => {
        if (reads(() => fromHex(hex))) expect(toHex(fromHex(hex))).toBe(hex);
      }),
    );
  });

  it.each(['A0', 'a', '0x', 'g0', ' a0', 'a0\n', 'ａ０'])('refuses %j', (hex) => {
    expect(() => fromHex(hex)).toThrow(RangeError);
  });
});

describe('base64url', () => {
  // RFC 4648, section 10, in the URL alphabet and without padding.
  it.each([
    ['', ''],
    ['f', 'Zg'],
    ['fo', 'Zm8'],
    ['foo', 'Zm9v'],
    ['foob', 'Zm9vYg'],
    ['fooba', 'Zm9vYmE'],
    ['foobar', 'Zm9vYmFy'],
  ])('writes %j as %j (RFC 4648, section 10)', (plain, text) => {
    expect(toBase64(encodeUtf8(plain))).toBe(text);
    expect(fromBase64(text)).toEqual(encodeUtf8(plain));
  });

  it('round-trips any bytes, and its schema lets them through', () => {
    fc.assert(
      fc.property(bytes, (value) => {
        expect(fromBase64(toBase64(value))).toEqual(Uint8Array.from(value));
        expect(base64Bytes(value.length).safeParse(toBase64(value)).success).toBe(true);
      }),
    );
  });

  it('has one spelling, and the schema lets through exactly what fromBase64 reads', () => {
    const text = fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(...'AQgwBZz09-_+/= \n'), maxLength: 9 }));
    fc.assert(
      fc.property(text, (base64) => {
        const read = reads(() => fromBase64(base64));
        expect(base64Bytes().safeParse(base64).success).toBe(read);
        if (read) expect(toBase64(fromBase64(base64))).toBe(base64);
      }),
      { numRuns: 1000 },
    );
  });

  it.each(['Zg==', 'Zh', 'Zm9', 'Z', 'Zm9vY', 'a+b/', 'Zg\n'])('refuses %j', (text) => {
    expect(() => fromBase64(text)).toThrow(RangeError);
  });

  it('holds a byte string to its length', () => {
    expect(base64Bytes(2).safeParse(toBase64(Uint8Array.of(1, 2))).success).toBe(true);
    expect(base64Bytes(2).safeParse(toBase64(Uint8Array.of(1, 2, 3))).success).toBe(false);
    expect(base64Bytes(2).safeParse(toBase64(Uint8Array.of(1))).success).toBe(false);
  });
});

describe('UTF-8', () => {
  it('round-trips any well-formed text and refuses lone surrogates', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        if (text.isWellFormed()) expect(decodeUtf8(encodeUtf8(text))).toBe(text);
        else expect(() => encodeUtf8(text)).toThrow(RangeError);
      }),
    );
    expect(() => encodeUtf8('a\ud800')).toThrow(RangeError);
    expect(() => encodeUtf8('\udc00a')).toThrow(RangeError);
  });

  it('has one spelling: whatever bytes are read are written back the same', () => {
    const likely = fc.uint8Array({ maxLength: 8 });
    fc.assert(
      fc.property(likely, (value) => {
        if (reads(() => decodeUtf8(value))) expect(encodeUtf8(decodeUtf8(value))).toEqual(Uint8Array.from(value));
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['an overlong slash', 'c0af'],
    ['an overlong null in three bytes', 'e08080'],
    ['an overlong null in four bytes', 'f0808080'],
    ['a surrogate', 'eda080'],
    ['a code point beyond U+10FFFF', 'f4908080'],
    ['a lone continuation byte', '80'],
    ['a missing continuation byte', 'e282'],
    ['a wrong continuation byte', 'e28241'],
    ['0xFF', 'ff'],
  ])('refuses %s', (_, hex) => {
    expect(() => decodeUtf8(fromHex(hex))).toThrow(RangeError);
  });

  it('reads long texts whole', () => {
    const text = 'ä€𝄞x'.repeat(50_000);
    expect(decodeUtf8(encodeUtf8(text))).toBe(text);
  });
});

describe('integers, labels and comparison', () => {
  it('writes u16 big-endian and refuses what is none', () => {
    expect(u16(0x0102)).toEqual(Uint8Array.of(1, 2));
    expect(u16(0xffff)).toEqual(Uint8Array.of(255, 255));
    for (const value of [-1, 0x10000, 1.5, Number.NaN]) expect(() => u16(value)).toThrow(RangeError);
  });

  it('takes printable ASCII for labels only', () => {
    expect(toHex(ascii('sotto'))).toBe('736f74746f');
    expect(() => ascii('ä')).toThrow(RangeError);
    expect(() => ascii('a\n')).toThrow(RangeError);
  });

  it('compares whole byte strings', () => {
    fc.assert(
      fc.property(bytes, bytes, (a, b) => {
        expect(sameBytes(a, b)).toBe(toHex(a) === toHex(b));
        expect(sameBytes(a, Uint8Array.from(a))).toBe(true);
        expect(sameBytes(concat([a, Uint8Array.of(0)]), a)).toBe(false);
      }),
    );
  });
});
