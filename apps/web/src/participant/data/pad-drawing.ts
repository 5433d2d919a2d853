import type { Point, Stroke } from '@sotto/learner/intake/pictures/strokes';
import type { TaskInput } from '@sotto/protocol/task';

type ImageSize = NonNullable<TaskInput['image']>;

/** What is on the pad, and where its pen is: moved by keyboard, it draws while it is down. */
export interface Drawing {
  readonly strokes: readonly Stroke[];
  readonly pen: Point;
  /** The last stroke goes on. */
  readonly down: boolean;
}

export function emptyDrawing({ width, height }: ImageSize): Drawing {
  return { strokes: [], pen: { x: width / 2, y: height / 2 }, down: false };
}

export function putDown(drawing: Drawing, at: Point): Drawing {
  return { strokes: [...drawing.strokes, [at]], pen: at, down: true };
}

/** Through these points. A pen that is up leaves nothing. */
export function movePen(drawing: Drawing, through: readonly Point[]): Drawing {
  const pen = through.at(-1);
  if (!pen) return drawing;
  if (!drawing.down) return { ...drawing, pen };
  const last = drawing.strokes.at(-1) ?? [];
  return { ...drawing, pen, strokes: [...drawing.strokes.slice(0, -1), [...last, ...through]] };
}

export function liftPen(drawing: Drawing): Drawing {
  return { ...drawing, down: false };
}

export function undoStroke(drawing: Drawing): Drawing {
  return { ...drawing, strokes: drawing.strokes.slice(0, -1), down: false };
}

const STEPS: Readonly<Record<string, Point>> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
};

/** What a key does to the drawing; null: nothing, the page may have it. */
export function pressKey(drawing: Drawing, key: string, far: boolean, { width, height }: ImageSize): Drawing | null {
  if (key === ' ') return drawing.down ? liftPen(drawing) : putDown(drawing, drawing.pen);
  if (key === 'Backspace') return undoStroke(drawing);
  const step = STEPS[key];
  if (!step) return null;
  const stride = (Math.min(width, height) / 28) * (far ? 4 : 1);
  const within = (value: number, most: number) => Math.min(most, Math.max(0, value));
  const { x, y } = drawing.pen;
  return movePen(drawing, [{ x: within(x + stride * step.x, width), y: within(y + stride * step.y, height) }]);
}
