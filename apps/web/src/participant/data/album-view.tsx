import type { TaskManifest } from '@sotto/protocol/task';
import { useTranslation } from 'react-i18next';
import { Button } from '../../ui/button.tsx';
import { taskWords } from '../../words/task-words.ts';
import { useLanguage } from '../../words/words.ts';
import { EMPTY_ALBUM, relabelPictures, removePictures } from './album.ts';
import { ClassCounts } from './class-counts.tsx';
import { Gallery } from './gallery.tsx';
import type { AlbumInUse } from './use-album.ts';

interface AlbumViewProps {
  task: TaskManifest;
  use: AlbumInUse;
  /** What they are called: `images.ready` and its likes. */
  title: string;
  /** They may be dark on light. */
  turnable?: boolean;
  onClear?: () => void;
}

/** The pictures of one source as the model will see them: how many of each class, a look at them, and what can be changed. */
export function AlbumView({ task, use: { album, data, change }, title, turnable = true, onClear }: AlbumViewProps) {
  const { t } = useTranslation('data');
  const image = task.input.image!;
  const { classes } = taskWords(task, useLanguage());
  if (!data) return null;
  return (
    <div className="space-y-5">
      <p data-testid="data-ready" className="font-medium">
        {title}
      </p>
      <ClassCounts classes={classes} labels={data.labels} />
      {turnable && image.channels === 1 && (
        <label className="flex min-h-10 items-center gap-3 text-sm">
          <input
            type="checkbox"
            className="size-5 accent-accent"
            checked={album.turned}
            onChange={({ target }) => change((now) => ({ ...now, turned: target.checked }))}
          />
          {t('images.turn')}
        </label>
      )}
      <Gallery
        image={image}
        classes={classes}
        data={data}
        names={album.names}
        onRemove={(places) => change((now) => removePictures(now, places, image))}
        onRelabel={(places, label) => change((now) => relabelPictures(now, places, label))}
      />
      <Button
        onClick={() => {
          change(() => EMPTY_ALBUM);
          onClear?.();
        }}
      >
        {t('images.removeAll')}
      </Button>
    </div>
  );
}
