import type { Dataset } from '@sotto/learner/dataset';
import { sizeOf } from '@sotto/protocol/safetensors';
import type { TaskInput } from '@sotto/protocol/task';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';

const SHOWN = 24;

interface ThumbnailsProps {
  image: NonNullable<TaskInput['image']>;
  classes: readonly string[];
  data: Dataset;
}

/** The first examples as the model sees them. */
export function Thumbnails({ image, classes, data }: ThumbnailsProps) {
  const { t } = useTranslation('data');
  const count = Math.min(SHOWN, data.labels.length);
  return (
    <ul aria-label={t('rows.examples')} className="grid grid-cols-[repeat(auto-fill,minmax(2.75rem,1fr))] gap-2">
      {Array.from({ length: count }, (_, i) => (
        // Two lines of them on a phone: what comes after them matters more.
        <li key={i} className="max-sm:nth-[n+13]:hidden">
          <Thumbnail image={image} data={data} index={i} name={classes[data.labels[i]!] ?? ''} />
        </li>
      ))}
    </ul>
  );
}

interface ThumbnailProps {
  image: NonNullable<TaskInput['image']>;
  data: Dataset;
  index: number;
  name: string;
}

export function Thumbnail({ image: { width, height, channels }, data, index, name }: ThumbnailProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context) return;
    const size = sizeOf(data.shape);
    const pixels = context.createImageData(width, height);
    for (let at = 0; at < width * height; at++) {
      for (let c = 0; c < 3; c++) {
        const value = data.inputs[index * size + at * channels + (channels === 3 ? c : 0)]! * data.scale;
        pixels.data[4 * at + c] = Math.round(255 * value);
      }
      pixels.data[4 * at + 3] = 255;
    }
    context.putImageData(pixels, 0, 0);
  }, [data, index, width, height, channels]);
  return (
    <figure className="text-center text-xs text-muted">
      <canvas
        ref={canvas}
        width={width}
        height={height}
        className="w-full rounded-md border border-line [image-rendering:pixelated]"
      />
      <figcaption className="mt-0.5 truncate">{name}</figcaption>
    </figure>
  );
}
