import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawnPixels, type Stroke } from './strokes.ts';

const IMAGE = { width: 28, height: 28, channels: 1 } as const;

/** Rows and columns with ink. */
function extent(pixels: Uint8Array): { wide: number; high: number } {
  const inked = [...pixels.keys()].filter((at) => pixels[at]! > 127);
  const span = (of: readonly number[]) => Math.max(...of) - Math.min(...of) + 1;
  return { wide: span(inked.map((at) => at % 28)), high: span(inked.map((at) => Math.floor(at / 28))) };
}

function middle(pixels: Uint8Array): [number, number] {
  let [mass, x, y] = [0, 0, 0];
  pixels.forEach((value, at) => {
    mass += value;
    x += value * ((at % 28) + 0.5);
    y += value * (Math.floor(at / 28) + 0.5);
  });
  return [x / mass, y / mass];
}

const line = (...points: [number, number][]): Stroke => points.map(([x, y]) => ({ x, y }));

describe('a drawing', () => {
  it('of nothing is no picture', () => {
    expect(drawnPixels([], IMAGE)).toBeNull();
  });

  it('fills a box of 20 in 28, its proportions kept, however small and wherever it was drawn', () => {
    for (const [x, y, size] of [
      [1, 2, 6],
      [3, 3, 22],
    ] as const) {
      const pixels = drawnPixels([line([x, y], [x + size / 2, y], [x + size / 2, y + size], [x, y + size])], IMAGE)!;
      const { wide, high } = extent(pixels);
      expect(high).toBeGreaterThanOrEqual(19);
      expect(high).toBeLessThanOrEqual(21);
      expect(wide).toBeGreaterThanOrEqual(10);
      expect(wide).toBeLessThanOrEqual(13);
    }
  });

  it('stands with its centre of mass in the middle', () => {
    const [x, y] = middle(drawnPixels([line([4, 4], [20, 4], [9, 24])], IMAGE)!);
    expect(x).toBeCloseTo(14, 0);
    expect(y).toBeCloseTo(14, 0);
  });

  it('is light on dark with soft edges, a dot too', () => {
    const pixels = drawnPixels([line([20, 20])], IMAGE)!;
    expect(Math.max(...pixels)).toBe(255);
    expect(pixels[0]).toBe(0);
    expect(pixels.some((value) => value > 0 && value < 255)).toBe(true);
    expect(extent(pixels).wide).toBeLessThanOrEqual(4);
  });

  it('is about as heavy as a digit of MNIST', () => {
    const three = line([8, 6], [14, 4], [19, 7], [17, 11], [12, 13], [18, 15], [20, 19], [16, 23], [8, 22]);
    const ink = drawnPixels([three], IMAGE)!.reduce((sum, value) => sum + value / 255, 0);
    // MNIST's mean is 0.1307 of 784 pixels.
    expect(ink).toBeGreaterThan(70);
    expect(ink).toBeLessThan(150);
  });

  it('is never empty nor larger than its box, whatever is drawn', () => {
    const point = fc.record({
      x: fc.double({ min: 0, max: 28, noNaN: true }),
      y: fc.double({ min: 0, max: 28, noNaN: true }),
    });
    fc.assert(
      fc.property(
        fc.array(fc.array(point, { minLength: 1, maxLength: 8 }), { minLength: 1, maxLength: 4 }),
        (strokes) => {
          const pixels = drawnPixels(strokes, IMAGE)!;
          expect(Math.max(...pixels)).toBeGreaterThan(127);
          const { wide, high } = extent(pixels);
          expect(Math.max(wide, high)).toBeLessThanOrEqual(21);
        },
      ),
      { numRuns: 100 },
    );
  });
});
