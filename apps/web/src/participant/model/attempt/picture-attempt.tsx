import type { Dataset } from '@sotto/learner/dataset';
import type { Fault } from '@sotto/learner/intake/fault';
import { looksDarkOnLight } from '@sotto/learner/intake/pictures/pixels';
import { type Intake, startIntake } from '@sotto/learner/intake/worker/start.browser';
import type { TaskManifest } from '@sotto/protocol/task';
import { useEffect, useRef, useState } from 'react';
import { useDropzone } from 'react-dropzone';
import { useTranslation } from 'react-i18next';
import { buttonLook } from '../../../ui/button.tsx';
import { Notice } from '../../../ui/notice.tsx';
import { Thumbnail } from '../../data/thumbnails.tsx';
import { FailureNotice } from '../failure-notice.tsx';
import { questionOf } from './question.ts';

interface Picture {
  readonly name: string;
  readonly pixels: Uint8Array;
  readonly inverted: boolean;
}

interface AttemptProps {
  task: TaskManifest;
  onAsk: (question: Dataset | null) => void;
}

/** A picture, dropped, chosen or, on a phone, taken. */
export function PictureAttempt({ task, onAsk }: AttemptProps) {
  const { t } = useTranslation('model');
  const { t: tData } = useTranslation('data');
  const image = task.input.image!;
  const intake = useRef<Intake | null>(null);
  const [picture, setPicture] = useState<Picture | null>(null);
  const [reading, setReading] = useState(false);
  const [fault, setFault] = useState<Fault | null>(null);
  const [error, setError] = useState<unknown>(null);
  const question = picture && questionOf(task, picture.inverted ? invert(picture.pixels) : picture.pixels);

  useEffect(() => () => intake.current?.dispose(), []);

  function show(next: Picture | null): void {
    setPicture(next);
    onAsk(next && questionOf(task, next.inverted ? invert(next.pixels) : next.pixels));
  }

  async function take([file]: readonly File[]): Promise<void> {
    if (!file) return;
    setReading(true);
    setFault(null);
    setError(null);
    try {
      intake.current ??= startIntake();
      const { pixels, faults } = await intake.current.pictures.read(
        // What it shows is what the model is to say.
        [{ path: file.name, file, label: 0 }],
        { image, classes: task.classes },
        { room: 1, onProgress: () => {}, signal: new AbortController().signal },
      );
      setFault(faults.first[0] ?? null);
      show(faults.count > 0 ? null : { name: file.name, pixels, inverted: looksDarkOnLight(pixels, image) });
    } catch (problem) {
      setError(problem);
    }
    setReading(false);
  }

  const { getRootProps, getInputProps, isDragActive } = useDropzone({
    accept: { 'image/*': [] },
    multiple: false,
    disabled: reading,
    noKeyboard: true,
    noClick: true,
    onDrop: (accepted, refused) => void take([...accepted, ...refused.map(({ file }) => file)]),
  });

  return (
    <div className="space-y-4">
      <div
        {...getRootProps()}
        className={`rounded-xl border-2 border-dashed px-5 py-6 transition-colors ${isDragActive ? 'border-accent bg-accent-soft' : 'border-line'}`}
      >
        <p className="text-sm text-muted">{t('attempt.pictureText')}</p>
        <label
          className={`${buttonLook()} mt-4 has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent`}
        >
          {t('attempt.pictureChoose')}
          <input {...getInputProps({ style: {}, className: 'sr-only' })} tabIndex={0} />
        </label>
      </div>
      <p role="status" className="text-sm text-muted empty:hidden">
        {reading && t('attempt.pictureReading')}
      </p>
      {fault && <Notice tone="warn" title={tData(`faults.${fault.code as 'file_empty'}`, fault.values as { file: string })} testId="attempt-fault" />}
      {error !== null && <FailureNotice error={error} />}
      {question && (
        <div className="flex items-start gap-4">
          <div className="w-28 shrink-0">
            <Thumbnail image={image} data={question} index={0} name={t('attempt.pictureSeen')} />
          </div>
          {image.channels === 1 && (
            <label className="flex min-h-10 items-center gap-3 text-sm">
              <input
                type="checkbox"
                className="size-4 accent-accent"
                checked={picture.inverted}
                onChange={({ target }) => show({ ...picture, inverted: target.checked })}
              />
              {t('attempt.pictureInvert')}
            </label>
          )}
        </div>
      )}
    </div>
  );
}

function invert(pixels: Uint8Array): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(pixels, (value) => 255 - value);
}
