import type { Dataset } from '@sotto/learner/dataset';
import type { Fault } from '@sotto/learner/intake/fault';
import { centreDrawing } from '@sotto/learner/intake/pictures/centring';
import { looksDarkOnLight } from '@sotto/learner/intake/pictures/pixels';
import type { TaskManifest } from '@sotto/protocol/task';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Notice } from '../../../ui/notice.tsx';
import { faultWords } from '../../data/fault-words.ts';
import { FileDrop } from '../../data/file-drop.tsx';
import { intake } from '../../data/intake.ts';
import { Thumbnail } from '../../data/thumbnails.tsx';
import { FailureNotice } from '../failure-notice.tsx';
import { finerSize, invertPixels, questionOf } from './question.ts';

interface Picture {
  readonly pixels: Uint8Array;
  readonly inverted: boolean;
  /** What is drawn on it, cut out as the task's own drawings are; null when it is no drawing. */
  readonly drawn: Uint8Array | null;
  readonly cropped: boolean;
}

/** What the model is shown of it. */
function seenOf({ pixels, inverted, drawn, cropped }: Picture): Uint8Array {
  if (cropped && drawn) return drawn;
  return inverted ? invertPixels(pixels) : pixels;
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
  const question = picture && questionOf(task, seenOf(picture));

  function show(next: Picture | null): void {
    setPicture(next);
    onAsk(next && questionOf(task, seenOf(next)));
  }

  function readAs(file: File, size: typeof image) {
    // What it shows is what the model is to say.
    const files = [{ path: file.name, file, label: 0 }];
    const reading = { room: 1, onProgress: () => {}, signal: new AbortController().signal };
    return intake.pictures.read(files, { image: size, classes: task.classes }, reading);
  }

  async function look(file: File, pixels: Uint8Array): Promise<Picture> {
    const inverted = looksDarkOnLight(pixels, image);
    if (image.channels !== 1) return { pixels, inverted, drawn: null, cropped: false };
    const finer = finerSize(image);
    const fine = await readAs(file, finer);
    const drawn = fine.faults.count > 0 ? null : centreDrawing(fine.pixels, finer, image);
    // Ink on paper was not made for the task; what is light on dark may well have been.
    return { pixels, inverted, drawn, cropped: inverted };
  }

  async function take(file: File | undefined): Promise<void> {
    if (!file) return;
    setReading(true);
    setFault(null);
    setError(null);
    try {
      const { pixels, faults } = await readAs(file, image);
      setFault(faults.first[0] ?? null);
      show(faults.count > 0 ? null : await look(file, pixels));
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
            <div className="text-sm">
              {picture.drawn && (
                <Switch checked={picture.cropped} onChange={(cropped) => show({ ...picture, cropped })}>
                  {t('attempt.pictureCrop')}
                </Switch>
              )}
              {!(picture.drawn && picture.cropped) && (
                <Switch checked={picture.inverted} onChange={(inverted) => show({ ...picture, inverted })}>
                  {t('attempt.pictureInvert')}
                </Switch>
              )}
            </div>
          )}
        </div>
      )}
    </div>
  );
}

interface SwitchProps {
  checked: boolean;
  onChange: (checked: boolean) => void;
  children: ReactNode;
}

function Switch({ checked, onChange, children }: SwitchProps) {
  return (
    <label className="flex min-h-10 items-center gap-3">
      <input
        type="checkbox"
        className="size-4 accent-accent"
        checked={checked}
        onChange={({ target }) => onChange(target.checked)}
      />
      {children}
    </label>
  );
}
