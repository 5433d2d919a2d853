import { describe, expect, it } from 'vitest';
import { pictureHint } from './hint.ts';

const GREY = { width: 4, height: 4, channels: 1 } as const;
const COLOUR = { width: 2, height: 2, channels: 3 } as const;
const SQUARE = { width: 40, height: 40 };
const drawing = Uint8Array.from({ length: 16 }, (_, i) => (i === 5 ? 0 : 255));

describe('a picture that can be used', () => {
  it('is hinted at when all of it has one colour, or as good as', () => {
    expect(pictureHint('a', SQUARE, new Uint8Array(16), GREY)).toMatchObject({ code: 'picture_plain' });
    expect(pictureHint('a', SQUARE, new Uint8Array(16).fill(255).fill(253, 3, 9), GREY)).not.toBeNull();
    const red = Uint8Array.from({ length: 12 }, (_, i) => (i % 3 === 0 ? 200 : 10));
    expect(pictureHint('a', SQUARE, red, COLOUR)).toMatchObject({ code: 'picture_plain' });
    expect(pictureHint('a', SQUARE, drawing, GREY)).toBeNull();
  });

  it('is hinted at when most of it is cut off, which photos are not', () => {
    expect(pictureHint('a', { width: 400, height: 40 }, drawing, GREY)).toMatchObject({
      code: 'picture_strip',
      values: { file: 'a', share: 10 },
    });
    expect(pictureHint('a', { width: 1080, height: 1920 }, drawing, GREY)).toBeNull();
  });
});
