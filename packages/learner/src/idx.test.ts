import { describe, expect, it } from 'vitest';
import { parseIdx } from './idx.ts';

const file = Uint8Array.of(0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 6);

describe('an IDX file', () => {
  it('gives its shape and values', () => {
    expect(parseIdx(file, 2, 'f')).toEqual({ shape: [2, 3], values: Uint8Array.of(1, 2, 3, 4, 5, 6) });
  });

  it.each([
    ['cut short', file.slice(0, -1), 'need 18 bytes, it has 17'],
    ['too long', Uint8Array.of(...file, 0), 'need 18 bytes, it has 19'],
    ['without a whole header', file.slice(0, 11), 'the header alone has 12'],
    ['of other dimensions', Uint8Array.of(0, 0, 8, 1, ...file.slice(4)), 'begins with 0x00000801'],
    ['of floats', Uint8Array.of(0, 0, 13, 2, ...file.slice(4)), 'begins with 0x00000d02'],
    ['still packed', Uint8Array.of(0x1f, 0x8b, 8, 0, ...file.slice(4)), 'begins with 0x1f8b0800'],
  ])('is refused when %s, by name', (_, bytes, message) => {
    expect(() => parseIdx(bytes, 2, 'digits')).toThrow(message);
    expect(() => parseIdx(bytes, 2, 'digits')).toThrow('digits is not an IDX file');
  });
});
