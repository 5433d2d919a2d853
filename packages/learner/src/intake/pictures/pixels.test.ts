import { describe, expect, it } from 'vitest';
import { cropOf, halvings, looksDarkOnLight, pixelsOf } from './pixels.ts';

const IMAGE = { width: 3, height: 3, channels: 1 } as const;
const picture = (rim: number, middle: number) => Array.from({ length: 9 }, (_, i) => (i === 4 ? middle : rim));

describe('pictures', () => {
  it('become grey by luma, or stay in colour where the task is', () => {
    const rgba = Uint8ClampedArray.of(255, 0, 0, 255, 255, 255, 255, 255);
    expect([...pixelsOf(rgba, 1)]).toEqual([76, 255]);
    expect([...pixelsOf(rgba, 3)]).toEqual([255, 0, 0, 255, 255, 255]);
  });

  it("are cut from their middle in the task's proportions", () => {
    expect(cropOf(120, 90, IMAGE)).toEqual({ x: 15, y: 0, width: 90, height: 90 });
    expect(cropOf(100, 400, { width: 20, height: 10 })).toEqual({ x: 0, y: 175, width: 100, height: 50 });
  });

  it('are made smaller by no more than two at a time, so that no pixel is left out', () => {
    const to = { width: 28, height: 28 };
    expect(halvings({ width: 112, height: 112 }, to)).toEqual([{ width: 56, height: 56 }, to]);
    expect(halvings({ width: 100, height: 100 }, to)).toEqual([{ width: 50, height: 50 }, to]);
    expect(halvings({ width: 8, height: 8 }, to)).toEqual([to]);
    for (const width of [29, 55, 57, 1000, 4032]) {
      const sizes = [width, ...halvings({ width, height: width }, to).map((size) => size.width)];
      for (const [i, size] of sizes.slice(1).entries()) expect(sizes[i]! / size).toBeLessThan(2.0001);
    }
  });

  it('are taken for ink on paper when most rims are light', () => {
    const pixels = (...pictures: number[][]) => Uint8Array.from(pictures.flat());
    expect(looksDarkOnLight(pixels(picture(250, 10), picture(240, 0), picture(0, 255)), IMAGE)).toBe(true);
    expect(looksDarkOnLight(pixels(picture(0, 255), picture(250, 10)), IMAGE)).toBe(false);
    expect(looksDarkOnLight(pixels(), IMAGE)).toBe(false);
    expect(
      looksDarkOnLight(pixels(picture(250, 10), picture(250, 10), picture(250, 10)), { ...IMAGE, channels: 3 }),
    ).toBe(false);
  });
});
