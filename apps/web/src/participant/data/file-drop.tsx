import { type ReactNode, useRef, useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { chosenFiles, droppedFiles, type NamedFile } from './dropped-files.ts';

interface FileDropProps {
  label: string;
  accept: string;
  /** Offers to choose a whole folder too. */
  folders?: boolean;
  disabled?: boolean;
  onFiles: (files: NamedFile[]) => void;
  children: ReactNode;
}

/** Files by dropping or choosing them. */
export function FileDrop({ label, accept, folders = false, disabled = false, onFiles, children }: FileDropProps) {
  const [over, setOver] = useState(false);
  const files = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  const take = (input: HTMLInputElement) => {
    onFiles(chosenFiles(input.files));
    // The same file may be chosen again after it was mended.
    input.value = '';
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is an extra; the buttons inside do the same.
    <div
      className={`rounded-xl border-2 border-dashed px-5 py-6 transition-colors ${over ? 'border-accent bg-accent-soft' : 'border-line'}`}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        if (!disabled) void droppedFiles(event.dataTransfer).then(onFiles);
      }}
    >
      <div className="text-sm text-muted">{children}</div>
      <div className="mt-4 flex flex-wrap gap-3">
        <Button disabled={disabled} onClick={() => files.current?.click()}>
          {label}
        </Button>
        {folders && (
          <Button disabled={disabled} onClick={() => folder.current?.click()}>
            Choose a folder
          </Button>
        )}
      </div>
      <input
        ref={files}
        type="file"
        multiple
        accept={accept}
        className="sr-only"
        tabIndex={-1}
        aria-label={label}
        onChange={(event) => take(event.currentTarget)}
      />
      {folders && (
        <input
          ref={folder}
          type="file"
          webkitdirectory=""
          className="sr-only"
          tabIndex={-1}
          aria-label="Choose a folder"
          onChange={(event) => take(event.currentTarget)}
        />
      )}
    </div>
  );
}
