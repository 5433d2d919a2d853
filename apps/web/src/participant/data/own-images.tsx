import type { Dataset } from '@sotto/learner/dataset';
import { classOfPath } from '@sotto/learner/intake/pictures/classes';
import type { TaskManifest } from '@sotto/protocol/task';
import { useId, useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { formatPlural } from '../../ui/quantity.ts';
import { DataPreview } from './data-preview.tsx';
import type { NamedFile } from './dropped-files.ts';
import { Faults } from './faults.tsx';
import { FileDrop } from './file-drop.tsx';
import { decodeImage } from './image-decoding.ts';
import { datasetOfImages, type ImageExample, looksDarkOnLight } from './image-examples.ts';

/** The person's own pictures, labelled by folder, by file name, or by hand. */
export function OwnImages({ task, onChange }: { task: TaskManifest; onChange: (data: Dataset | null) => void }) {
  const image = task.input.image!;
  const [examples, setExamples] = useState<readonly ImageExample[]>([]);
  const [faults, setFaults] = useState<readonly string[]>([]);
  const [chosenClass, setChosenClass] = useState('');
  const [invert, setInvert] = useState(false);
  const [reading, setReading] = useState<{ done: number; total: number } | null>(null);
  const [data, setData] = useState<Dataset | null>(null);
  const classSelect = useId();

  function show(next: readonly ImageExample[], inverted: boolean): void {
    const dataset = next.length > 0 ? datasetOfImages(next, task, inverted) : null;
    setExamples(next);
    setInvert(inverted);
    setData(dataset);
    onChange(dataset);
  }

  async function add(files: readonly NamedFile[]): Promise<void> {
    const good: ImageExample[] = [];
    const bad: string[] = [];
    for (const [i, { path, file }] of files.entries()) {
      setReading({ done: i, total: files.length });
      // What operating systems leave in folders is nobody's picture.
      if (/^(\.|Thumbs\.db$|desktop\.ini$)/i.test(file.name)) continue;
      const label = chosenClass === '' ? classOfPath(path, task.classes) : Number(chosenClass);
      if (label === null) {
        bad.push(
          `${path}: it does not say which of ${listed(task.classes)} it shows. Put it into a folder named after that, begin its name with it, or choose it below and add the picture again.`,
        );
        continue;
      }
      try {
        good.push({ name: path, label, pixels: await decodeImage(file, image) });
      } catch (error) {
        bad.push(`${path}: ${error instanceof Error ? error.message : error}.`);
      }
    }
    setReading(null);
    setFaults(bad);
    const all = [...examples, ...good];
    show(all, examples.length === 0 ? looksDarkOnLight(all, image) : invert);
  }

  return (
    <div className="space-y-5">
      <FileDrop
        label="Choose images"
        accept="image/*"
        folders
        disabled={reading !== null}
        onFiles={(files) => void add(files)}
      >
        <p>
          Drop pictures here: a folder for each of {listed(task.classes)}, or files whose names begin with it, such as{' '}
          <code className="font-mono">{task.classes[0]}_photo.png</code>.
        </p>
      </FileDrop>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-3 text-sm">
        <label htmlFor={classSelect}>What the pictures you add show</label>
        <select
          id={classSelect}
          value={chosenClass}
          onChange={(event) => setChosenClass(event.target.value)}
          className="min-h-10 rounded-lg border border-line-strong bg-surface px-3"
        >
          <option value="">what their folder or name says</option>
          {task.classes.map((name, i) => (
            <option key={name} value={i}>
              {name}
            </option>
          ))}
        </select>
      </div>
      <p role="status" className="text-sm text-muted empty:hidden">
        {reading && `Reading ${reading.done + 1} of ${reading.total} …`}
      </p>
      <Faults faults={faults} what="file" />
      {data && (
        <>
          <p data-testid="data-ready">
            <strong>{formatPlural(examples.length, 'picture')}</strong> of your own, as the model will see them:
          </p>
          {image.channels === 1 && (
            <label className="flex min-h-10 items-center gap-3 text-sm">
              <input
                type="checkbox"
                className="size-4 accent-accent"
                checked={invert}
                onChange={(event) => show(examples, event.target.checked)}
              />
              They are dark on light: turn them round
            </label>
          )}
          <DataPreview task={task} data={data} />
          <Button
            onClick={() => {
              setFaults([]);
              show([], false);
            }}
          >
            Remove all
          </Button>
        </>
      )}
    </div>
  );
}

function listed(classes: readonly string[]): string {
  return classes.length > 6 ? `${classes.slice(0, 4).join(', ')} … ${classes.at(-1)}` : classes.join(', ');
}
