import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeMeanFile, encodeMeanFile } from '../src/mean-file.ts';

describe('a mean as a file', () => {
  it('comes back bit for bit, wherever its bytes lie', () => {
    fc.assert(
      fc.property(fc.float64Array({ noNaN: true, noDefaultInfinity: true, minLength: 1, maxLength: 40 }), (mean) => {
        const bytes = encodeMeanFile(mean);
        const within = new Uint8Array(bytes.length + 3);
        within.set(bytes, 3);
        expect(decodeMeanFile(within.subarray(3))).toEqual(Float64Array.from(mean));
      }),
    );
  });

  it('is refused empty, cut short, and with a number that is none', () => {
    const bytes = encodeMeanFile(new Float64Array([1, Number.POSITIVE_INFINITY]));
    for (const bad of [new Uint8Array(), bytes.subarray(1), bytes])
      expect(decodeMeanFile(bad)).toMatchObject({ rejected: 'bad_mean_file' });
  });
});
