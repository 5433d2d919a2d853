import { drawnPixels, type Point, penWidth, type Stroke } from '@sotto/learner/intake/pictures/strokes';
import type { TaskInput } from '@sotto/protocol/task';
import { type KeyboardEvent, type PointerEvent, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../ui/button.tsx';
import { type Drawing, emptyDrawing, liftPen, movePen, pressKey, putDown, undoStroke } from './pad-drawing.ts';

interface DrawingPadProps {
  image: NonNullable<TaskInput['image']>;
  /** What is drawn, as the model sees it (see `drawnPixels`), after each stroke of the pen; null: nothing. */
  onDraw: (pixels: Uint8Array<ArrayBuffer> | null) => void;
}

/** Paper to draw one picture on, by pointer or keyboard. A new `key` gives an empty one. */
export function DrawingPad({ image, onDraw }: DrawingPadProps) {
  const { t } = useTranslation('data');
  const [drawing, setDrawing] = useState<Drawing>(() => emptyDrawing(image));
  // Several moves may come before React draws once.
  const latest = useRef(drawing);
  const pointer = useRef<number | null>(null);
  const how = useId();

  function show(next: Drawing): void {
    const changed = next.strokes !== latest.current.strokes;
    latest.current = next;
    setDrawing(next);
    if (changed) onDraw(drawnPixels(next.strokes, image));
  }

  function pointsOf(event: PointerEvent<SVGSVGElement>): Point[] {
    const { left, top, width, height } = event.currentTarget.getBoundingClientRect();
    const between = event.nativeEvent.getCoalescedEvents?.() ?? [];
    return (between.length > 0 ? between : [event.nativeEvent]).map(({ clientX, clientY }) => ({
      x: ((clientX - left) / width) * image.width,
      y: ((clientY - top) / height) * image.height,
    }));
  }

  function begin(event: PointerEvent<SVGSVGElement>): void {
    // A second finger, or a palm, does not draw.
    if (pointer.current !== null || event.button !== 0) return;
    pointer.current = event.pointerId;
    event.currentTarget.setPointerCapture(event.pointerId);
    show(putDown(latest.current, pointsOf(event).at(-1)!));
  }

  function end(event: PointerEvent<SVGSVGElement>): void {
    if (pointer.current !== event.pointerId) return;
    pointer.current = null;
    show(liftPen(latest.current));
  }

  function press(event: KeyboardEvent<SVGSVGElement>): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const next = pressKey(latest.current, event.key, event.shiftKey, image);
    if (!next) return;
    event.preventDefault();
    show(next);
  }

  const pen = penWidth(image);
  return (
    <div className="w-full max-w-72">
      <svg
        role="application"
        aria-label={t('pad.label')}
        aria-describedby={how}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: an application takes keys.
        tabIndex={0}
        viewBox={`0 0 ${image.width} ${image.height}`}
        className="group w-full cursor-crosshair touch-none select-none rounded-xl border border-line-strong bg-surface"
        onPointerDown={begin}
        onPointerMove={(event) => {
          if (pointer.current === event.pointerId) show(movePen(latest.current, pointsOf(event)));
        }}
        onPointerUp={end}
        onPointerCancel={end}
        onKeyDown={press}
      >
        {drawing.strokes.map((stroke, i) => (
          <path
            key={i}
            d={pathOf(stroke)}
            fill="none"
            strokeWidth={pen}
            strokeLinecap="round"
            strokeLinejoin="round"
            className="stroke-ink"
          />
        ))}
        <circle
          cx={drawing.pen.x}
          cy={drawing.pen.y}
          r={pen / 2}
          strokeWidth={pen / 8}
          className={`hidden stroke-accent group-focus-visible:block ${drawing.down ? 'fill-accent' : 'fill-transparent'}`}
        />
      </svg>
      <p id={how} className="mt-2 text-xs text-muted">
        {t('pad.how')}
      </p>
      <p aria-live="polite" className="sr-only">
        {drawing.strokes.length > 0 && (drawing.down ? t('pad.penDown') : t('pad.penUp'))}
      </p>
      <div className="mt-3 flex gap-3">
        <Button disabled={drawing.strokes.length === 0} onClick={() => show(undoStroke(latest.current))}>
          {t('pad.undo')}
        </Button>
        <Button disabled={drawing.strokes.length === 0} onClick={() => show(emptyDrawing(image))}>
          {t('pad.clear')}
        </Button>
      </div>
    </div>
  );
}

function pathOf(stroke: Stroke): string {
  // A dot is a line of no length with round ends.
  return `M${[...stroke, stroke.at(-1)!].map(({ x, y }) => `${x.toFixed(2)} ${y.toFixed(2)}`).join('L')}`;
}
