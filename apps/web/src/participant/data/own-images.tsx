import { useTranslation } from 'react-i18next';
import { formatCount } from '../../ui/quantity.ts';
import { taskWords } from '../../words/task-words.ts';
import { useLanguage } from '../../words/words.ts';
import { AlbumView } from './album-view.tsx';
import { PictureFiles } from './picture-files.tsx';
import type { SourceProps } from './source.ts';
import { useAlbum } from './use-album.ts';
import { usePictureFiles } from './use-picture-files.ts';

/** The person's own pictures, from files. */
export function OwnImages({ task, onChange }: SourceProps) {
  const { t } = useTranslation('data');
  const { classes } = taskWords(task, useLanguage());
  const album = useAlbum(task, onChange);
  const files = usePictureFiles(task, album);
  const count = album.album.labels.length;
  return (
    <div className="space-y-6">
      <PictureFiles names={task.classes} classes={classes} files={files} />
      <AlbumView
        task={task}
        use={album}
        title={t('images.ready', { count, number: formatCount(count) })}
        onClear={files.clear}
      />
    </div>
  );
}
