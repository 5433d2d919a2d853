import { afterEach, expect, test, vi } from 'vitest';
import { sampleNoise } from '../src/noise.ts';
import { ETA, NOISE_VARIANCE, SHARE_PRIME } from '../src/params.ts';
import { sampleUniform } from '../src/uniform.ts';

afterEach(() => vi.restoreAllMocks());

/** Lets getRandomValues hand out `fill`ed words and returns the arrays it was given. */
function fixRandomness(fill: (index: number) => number): ArrayBufferView[] {
  const given: ArrayBufferView[] = [];
  vi.spyOn(crypto, 'getRandomValues').mockImplementation((array) => {
    const words = array as unknown as Uint32Array;
    for (let i = 0; i < words.length; i++) words[i] = fill(i);
    given.push(words);
    return array;
  });
  return given;
}

const onesOf = (word: number) => (word >>> 0).toString(2).replaceAll('0', '').length;

test('a sample counts 84 bits, every one of them once', () => {
  const words = Array.from({ length: 21 }, (_, i) => Math.imul(i + 1, 0x9e3779b1));
  const base = words.reduce((total, word) => total + onesOf(word), 0);
  const total = () => sampleNoise(8).reduce((sum, sample) => sum + sample + ETA, 0);
  fixRandomness((i) => words[i]!);
  expect(total()).toBe(base);
  for (let bit = 0; bit < 672; bit += 5) {
    words[bit >> 5]! ^= 1 << (bit & 31);
    const changed = sampleNoise(8);
    words[bit >> 5]! ^= 1 << (bit & 31);
    const before = sampleNoise(8);
    expect(Array.from(changed).filter((sample, i) => sample !== before[i])).toHaveLength(1);
  }
});

test('samples reach from −42 to 42', () => {
  fixRandomness(() => 0);
  expect(Array.from(sampleNoise(20))).toEqual(new Array(20).fill(-ETA));
  fixRandomness(() => 0xffffffff);
  expect(Array.from(sampleNoise(20))).toEqual(new Array(20).fill(ETA));
});

test('noise has mean 0 and variance 21, each sample independent of its neighbours', () => {
  const count = 400_000;
  const samples = sampleNoise(count);
  expect(samples).toHaveLength(count);
  let sum = 0;
  let squares = 0;
  let products = 0;
  for (let i = 0; i < count; i++) {
    sum += samples[i]!;
    squares += samples[i]! ** 2;
    if (i > 0) products += samples[i]! * samples[i - 1]!;
  }
  // Each within eight standard deviations of its estimate: wrong by chance once in 10^15 runs.
  expect(Math.abs(sum / count)).toBeLessThan(8 * Math.sqrt(NOISE_VARIANCE / count));
  expect(Math.abs(squares / count - NOISE_VARIANCE)).toBeLessThan(8 * NOISE_VARIANCE * Math.sqrt(2 / count));
  expect(Math.abs(products / count)).toBeLessThan((8 * NOISE_VARIANCE) / Math.sqrt(count));
});

test('uniform field elements skip words of p and more', () => {
  fixRandomness((i) => (i % 2 === 0 ? SHARE_PRIME + (i % 15) : i));
  expect(Array.from(sampleUniform(4))).toEqual([1, 3, 5, 7]);
  expect(sampleUniform(70_000)).toHaveLength(70_000);
});

test('random words are wiped once they are used', () => {
  const given = fixRandomness(() => 0x12345678);
  sampleNoise(100);
  sampleUniform(100);
  expect(given).toHaveLength(2);
  for (const words of given) expect((words as Uint32Array).every((word) => word === 0)).toBe(true);
});
