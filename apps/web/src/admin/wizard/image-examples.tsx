import { useState } from 'react';
import type { NamedFile } from '../../participant/data/dropped-files.ts';
import { FileDrop } from '../../participant/data/file-drop.tsx';
import { Notice } from '../../ui/notice.tsx';
import { formatCount, formatPlural } from '../../ui/quantity.ts';
import { classesOfFolders, lookAtPictures, suggestImage } from './example-files.ts';
import { useForm } from './form.tsx';

/** A folder a class: its name is the class's, and the pictures say how large they are. */
export function ImageExamples() {
  const { change } = useForm();
  const [found, setFound] = useState<{
    readonly files: number;
    readonly classes: number;
    readonly image: string | null;
  } | null>(null);
  async function look(files: readonly NamedFile[]): Promise<void> {
    const classes = classesOfFolders(files.map(({ path }) => path));
    const image = suggestImage(await lookAtPictures(files));
    if (classes.length > 0) change({ type: 'set', to: { classes } });
    if (image) change({ type: 'image', to: image });
    setFound({
      files: files.length,
      classes: classes.length,
      image: image && `${image.width} × ${image.height}, ${image.channels === '1' ? 'grey' : 'in colour'}`,
    });
  }
  return (
    <div className="space-y-4">
      <FileDrop label="Choose pictures" accept="image/*" folders onFiles={(files) => void look(files)}>
        <p>
          A folder for each class, with some pictures in each: the folders’ names become the classes, and the pictures
          say how large images should be. Or fill that in below.
        </p>
      </FileDrop>
      {found && (
        <Notice
          tone={found.classes > 0 && found.image ? 'calm' : 'warn'}
          testId="found"
          title={
            found.classes > 0
              ? `${formatCount(found.files)} ${found.files === 1 ? 'file' : 'files'} in ${formatPlural(found.classes, 'class', 'classes')}`
              : 'No folders tell the classes apart'
          }
        >
          {found.classes === 0 &&
            'Put the pictures of each class into a folder of its own, or write the classes below. '}
          {found.image
            ? `Images will be ${found.image}.`
            : 'None of those looked at is a picture whose size can be read.'}
        </Notice>
      )}
    </div>
  );
}
