import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../ui/button.tsx';
import { formatCount } from '../../ui/quantity.ts';
import { taskWords } from '../../words/task-words.ts';
import { useLanguage } from '../../words/words.ts';
import { addPictures } from './album.ts';
import { AlbumView } from './album-view.tsx';
import { ClassPicker } from './class-picker.tsx';
import { DrawingPad } from './drawing-pad.tsx';
import type { SourceProps } from './source.ts';
import { Thumbnail } from './thumbnails.tsx';
import { useAlbum } from './use-album.ts';

/** Pictures that the person draws here. */
export function DrawingSource({ task, onChange }: SourceProps) {
  const { t } = useTranslation('data');
  const image = task.input.image!;
  const { classes } = taskWords(task, useLanguage());
  const album = useAlbum(task, (data) => onChange(data, data !== null));
  const [label, setLabel] = useState(0);
  const [drawn, setDrawn] = useState<Uint8Array<ArrayBuffer> | null>(null);
  const [sheet, setSheet] = useState(1);
  const count = album.album.labels.length;
  const name = classes[label]!;

  function take(): void {
    if (!drawn) return;
    // Drawn light on dark as the task's own are: nothing to judge by.
    album.change((now) => addPictures(now, { pixels: drawn, labels: [label], names: [`${name} · ${sheet}`] }));
    setDrawn(null);
    setSheet(sheet + 1);
  }

  return (
    <div className="space-y-6">
      <div className="grid gap-x-8 gap-y-6 sm:grid-cols-[18rem_minmax(0,1fr)]">
        <DrawingPad key={sheet} image={image} onDraw={setDrawn} />
        <div className="space-y-5">
          <ClassPicker legend={t('pad.which')} classes={classes} value={label} onPick={setLabel} />
          <div className="flex items-center gap-4">
            <div className="w-16 shrink-0">
              {drawn ? (
                <Thumbnail
                  image={image}
                  data={{ inputs: drawn, shape: task.input.shape, scale: 1 / 255, labels: Int32Array.of(label) }}
                  index={0}
                  name={name}
                />
              ) : (
                <div className="aspect-square rounded-md border border-dashed border-line-strong" />
              )}
            </div>
            <p className="text-sm text-muted">{t('pad.seen')}</p>
          </div>
          <Button look="primary" disabled={!drawn} onClick={take}>
            {t('pad.add', { name })}
          </Button>
        </div>
      </div>
      <AlbumView
        task={task}
        use={album}
        turnable={false}
        title={t('pad.ready', { count, number: formatCount(count) })}
      />
    </div>
  );
}
