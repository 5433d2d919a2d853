import type { Dataset } from '@sotto/learner/dataset';
import type { Fault } from '@sotto/learner/intake/fault';
import { looksDarkOnLight } from '@sotto/learner/intake/pictures/pixels';
import type { TaskManifest } from '@sotto/protocol/task';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Notice } from '../../../ui/notice.tsx';
import { faultWords } from '../../data/fault-words.ts';
import { FileDrop } from '../../data/file-drop.tsx';
import { intake } from '../../data/intake.ts';
import { Thumbnail } from '../../data/thumbnails.tsx';
import { FailureNotice } from '../failure-notice.tsx';
import { invertPixels, questionOf } from './question.ts';

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
  const [picture, setPicture] = useState<Picture | null>(null);
  const [reading, setReading] = useState(false);
  const [fault, setFault] = useState<Fault | null>(null);
  const [error, setError] = useState<unknown>(null);
  const question = picture && questionOf(task, picture.inverted ? invertPixels(picture.pixels) : picture.pixels);

  function show(next: Picture | null): void {
    setPicture(next);
    onAsk(next && questionOf(task, next.inverted ? invertPixels(next.pixels) : next.pixels));
  }

  async function take(file: File | undefined): Promise<void> {
    if (!file) return;
    setReading(true);
    setFault(null);
    setError(null);
    try {
      const { pixels, faults } = await intake.pictures.read(
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

  return (
    <div className="space-y-4">
      <FileDrop
        label={t('attempt.pictureChoose')}
        accept="image/*"
        disabled={reading}
        onFiles={(files) => void take(files.at(0)?.file)}
      >
        <p>{t('attempt.pictureText')}</p>
      </FileDrop>
      <p role="status" className="text-sm text-muted empty:hidden">
        {reading && t('attempt.pictureReading')}
      </p>
      {fault && <Notice tone="warn" title={faultWords(tData, fault)} testId="attempt-fault" />}
      {error !== null && <FailureNotice error={error} />}
      {question && (
        <div className="flex items-start gap-4">
          <div className="w-28 shrink-0 text-xs text-muted">
            <Thumbnail image={image} data={question} index={0} name="" />
            {t('attempt.pictureSeen')}
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
