import { describe, expect, it } from 'vitest';
import { centreDrawing } from './centring.ts';

const FROM = { width: 112, height: 112 };
const TO = { width: 28, height: 28 };

/** A bar on paper. */
function bar(left: number, top: number, width: number, height: number, paper: number, ink: number): Uint8Array {
  return Uint8Array.from({ length: 112 * 112 }, (_, at) => {
    const [x, y] = [at % 112, Math.floor(at / 112)];
    return x >= left && x < left + width && y >= top && y < top + height ? ink : paper;
  });
}

describe('a picture of something drawn', () => {
  it('is cut out, scaled into the box and put in the middle, wherever and however large it was', () => {
    const [small, large] = [bar(8, 60, 6, 30, 230, 40), bar(50, 4, 20, 100, 230, 40)].map(
      (pixels) => centreDrawing(pixels, FROM, TO)!,
    );
    expect(large).toEqual(small);
    const rows = Array.from({ length: 28 }, (_, y) => small!.slice(28 * y, 28 * y + 28));
    // 20 of 28 rows, each 4 wide, around the middle.
    expect(rows.map((row) => row.some((value) => value > 0))).toEqual(
      Array.from({ length: 28 }, (_, y) => y >= 4 && y < 24),
    );
    expect([...rows[14]!]).toEqual(Array.from({ length: 28 }, (_, x) => (x >= 12 && x < 16 ? 255 : 0)));
  });

  it('is light on dark, whichever it was', () => {
    const [dark, light] = [bar(30, 20, 10, 50, 255, 0), bar(30, 20, 10, 50, 0, 255)];
    expect(centreDrawing(dark, FROM, TO)).toEqual(centreDrawing(light, FROM, TO));
  });

  it('is none where nothing is drawn, or all of it is something else than paper', () => {
    expect(centreDrawing(bar(0, 0, 0, 0, 200, 0), FROM, TO)).toBeNull();
    expect(centreDrawing(bar(30, 30, 10, 10, 200, 190), FROM, TO)).toBeNull();
    expect(centreDrawing(bar(0, 0, 112, 50, 200, 0), FROM, TO)).toBeNull();
  });
});
