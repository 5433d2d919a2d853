import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { layout, pack, unpack, verifyPacked } from '../src/codec.ts';
import { InvariantError } from '../src/invariant-error.ts';
import { N, PROFILES } from '../src/params.ts';

const { q } = PROFILES.n774;
const residue = fc.oneof(fc.constantFrom(0, 1, 2 ** 32 - 1, 2 ** 32, q - 1), fc.integer({ min: 0, max: q - 1 }));
const residues = fc.array(residue, { minLength: 64, maxLength: 150 }).map((list) => Float64Array.from(list));

/** The format, written down a second time: residue i at bit 51·i of one little-endian number. */
function packByDefinition(values: Float64Array): string {
  const whole = values.reduceRight((number, value) => (number << 51n) | BigInt(value), 0n);
  const digits = 2 * Math.ceil((51 * values.length) / 8);
  return whole.toString(16).padStart(digits, '0').match(/../g)!.reverse().join('');
}

describe('layout', () => {
  test('sends whole polynomials and of the last one the used coefficients, at least 64', () => {
    expect(layout(1)).toEqual({ polynomials: 1, lastUsed: 64, sent: 64, bytes: 408 });
    expect(layout(65)).toEqual({ polynomials: 1, lastUsed: 65, sent: 65, bytes: 415 });
    expect(layout(N)).toEqual({ polynomials: 1, lastUsed: N, sent: N, bytes: 26_112 });
    expect(layout(N + 1)).toEqual({ polynomials: 2, lastUsed: 64, sent: N + 64, bytes: 26_520 });
    expect(layout(831_685)).toMatchObject({ polynomials: 204, lastUsed: 197 });
  });

  test('is an invariant error for anything but a positive integer', () => {
    for (const wrong of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => layout(wrong)).toThrow(InvariantError);
    }
  });
});

describe('packing', () => {
  test('is one little-endian bit string of 51 bits a residue', () => {
    fc.assert(
      fc.property(residues, (values) => {
        expect(Buffer.from(pack(values)).toString('hex')).toBe(packByDefinition(values));
      }),
    );
  });

  test('is undone by unpack, at any byte offset', () => {
    fc.assert(
      fc.property(residues, fc.integer({ min: 0, max: 9 }), (values, offset) => {
        const packed = pack(values);
        const shifted = new Uint8Array(packed.length + offset);
        shifted.set(packed, offset);
        expect(verifyPacked(shifted.subarray(offset), values.length, q)).toBeUndefined();
        expect(unpack(shifted.subarray(offset), values.length, q)).toEqual(values);
      }),
    );
  });
});

describe('a packed ciphertext is rejected', () => {
  test('when it is one byte short, one byte longer or empty', () => {
    const packed = pack(new Float64Array(100));
    for (const bytes of [packed.subarray(1), Uint8Array.of(...packed, 0), new Uint8Array()]) {
      expect(verifyPacked(bytes, 100, q)).toMatchObject({ rejected: 'ciphertext_length' });
      expect(unpack(bytes, 100, q)).toMatchObject({ rejected: 'ciphertext_length' });
    }
  });

  test('when any one residue is q or more, and not when it is q − 1', () => {
    const tooLarge = fc.oneof(fc.constantFrom(q, q + 1, 2 ** 51 - 1), fc.integer({ min: q, max: 2 ** 51 - 1 }));
    fc.assert(
      fc.property(residues, fc.nat(), tooLarge, (values, place, value) => {
        values[place % values.length] = q - 1;
        expect(verifyPacked(pack(values), values.length, q)).toBeUndefined();
        values[place % values.length] = value;
        expect(verifyPacked(pack(values), values.length, q)).toMatchObject({ rejected: 'ciphertext_residue' });
      }),
    );
  });

  test('when any pad bit is set', () => {
    for (let sent = 65; sent < 72; sent++) {
      for (let bit = (51 * sent) % 8; bit < 8; bit++) {
        const packed = pack(new Float64Array(sent));
        packed[packed.length - 1]! |= 1 << bit;
        expect(verifyPacked(packed, sent, q)).toMatchObject({ rejected: 'ciphertext_padding' });
      }
    }
  });
});
