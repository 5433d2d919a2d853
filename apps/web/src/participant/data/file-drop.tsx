import { type ReactNode, useRef, useState } from 'react';
import { useDropzone } from 'react-dropzone';
import { useTranslation } from 'react-i18next';
import { Button } from '../../ui/button.tsx';
import { type NamedFile, namedFiles } from './dropped-files.ts';

interface FileDropProps {
  label: string;
  accept: string;
  /** Offers to choose a whole folder too. */
  folders?: boolean;
  disabled?: boolean;
  onFiles: (files: NamedFile[]) => void;
  children: ReactNode;
}

/** Files and folders by dropping, pasting or choosing them. What they are is for the reader to find out: none is turned away here. */
export function FileDrop({ label, accept, folders = false, disabled = false, onFiles, children }: FileDropProps) {
  const { t } = useTranslation('data');
  const [failed, setFailed] = useState(false);
  const folder = useRef<HTMLInputElement>(null);
  const take = (files: readonly File[]) => {
    setFailed(false);
    if (files.length > 0) onFiles(namedFiles(files));
  };
  const { getRootProps, getInputProps, open, isDragActive } = useDropzone({
    noClick: true,
    noKeyboard: true,
    disabled,
    // The permission that comes with handles is not needed.
    useFsAccessApi: false,
    onDrop: take,
    onError: () => setFailed(true),
  });
  return (
    <div
      {...getRootProps()}
      className={`rounded-xl border-2 border-dashed px-5 py-6 transition-colors ${isDragActive ? 'border-accent bg-accent-soft' : 'border-line'}`}
    >
      <div className="text-sm text-muted">{children}</div>
      <div className="mt-4 flex flex-wrap gap-3">
        <Button disabled={disabled} onClick={open}>
          {label}
        </Button>
        {folders && (
          <Button disabled={disabled} onClick={() => folder.current?.click()}>
            {t('drop.folder')}
          </Button>
        )}
      </div>
      {failed && (
        <p role="alert" className="mt-3 text-sm text-bad">
          {t('drop.failed')}
        </p>
      )}
      <input {...getInputProps({ accept, 'aria-label': label, style: { display: 'none' } })} />
      {folders && (
        <input
          ref={folder}
          type="file"
          webkitdirectory=""
          hidden
          aria-label={t('drop.folder')}
          onChange={({ currentTarget: input }) => {
            take(Array.from(input.files ?? []));
            // The same folder may be chosen again after something in it was mended.
            input.value = '';
          }}
        />
      )}
    </div>
  );
}
