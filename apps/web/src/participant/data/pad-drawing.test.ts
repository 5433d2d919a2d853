import { describe, expect, it } from 'vitest';
import { emptyDrawing, liftPen, movePen, pressKey, putDown, undoStroke } from './pad-drawing.ts';

const IMAGE = { width: 28, height: 28, channels: 1 } as const;
const empty = emptyDrawing(IMAGE);

describe('the pad', () => {
  it('keeps one stroke from putting the pen down to lifting it', () => {
    const first = liftPen(movePen(putDown(empty, { x: 1, y: 1 }), [{ x: 2, y: 2 }]));
    const both = putDown(movePen(first, [{ x: 9, y: 9 }]), { x: 5, y: 5 });
    expect(both.strokes).toEqual([
      [
        { x: 1, y: 1 },
        { x: 2, y: 2 },
      ],
      [{ x: 5, y: 5 }],
    ]);
    expect(undoStroke(both).strokes).toEqual(first.strokes);
  });

  it('draws by keyboard: arrows move, space puts the pen down and lifts it', () => {
    const keys = [' ', 'ArrowRight', 'ArrowDown', ' ', 'ArrowLeft'];
    const drawn = keys.reduce((drawing, key) => pressKey(drawing, key, false, IMAGE)!, empty);
    expect(drawn.strokes).toEqual([
      [
        { x: 14, y: 14 },
        { x: 15, y: 14 },
        { x: 15, y: 15 },
      ],
    ]);
    expect(drawn.pen).toEqual({ x: 14, y: 15 });
  });

  it('keeps the pen on the paper, and leaves other keys to the page', () => {
    let drawing = empty;
    for (let i = 0; i < 9; i++) drawing = pressKey(drawing, 'ArrowUp', true, IMAGE)!;
    expect(drawing.pen.y).toBe(0);
    expect(pressKey(empty, 'Tab', false, IMAGE)).toBeNull();
    expect(pressKey(empty, 'Enter', false, IMAGE)).toBeNull();
  });
});
