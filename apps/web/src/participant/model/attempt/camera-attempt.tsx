import type { Dataset } from '@sotto/learner/dataset';
import { centreDrawing } from '@sotto/learner/intake/pictures/centring';
import { type ImageSize, looksDarkOnLight } from '@sotto/learner/intake/pictures/pixels';
import type { TaskManifest } from '@sotto/protocol/task';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../../ui/button.tsx';
import { Notice } from '../../../ui/notice.tsx';
import { intake } from '../../data/intake.ts';
import { Thumbnail } from '../../data/thumbnails.tsx';
import { useCamera } from '../../data/use-camera.ts';
import { FailureNotice } from '../failure-notice.tsx';
import { finerSize, invertPixels, questionOf } from './question.ts';

/** Frames are this far apart: fast enough to follow a hand, slow enough for a phone. */
const PACE_MS = 200;

/** What the model is shown of a camera's picture: ink on paper is cut out as the task's own drawings are. */
async function seenBy(screen: HTMLVideoElement, image: ImageSize): Promise<Uint8Array> {
  const scaled = async (size: ImageSize) => intake.pictures.scale(await createImageBitmap(screen), size);
  const pixels = await scaled(image);
  if (!looksDarkOnLight(pixels, image)) return pixels;
  const finer = finerSize(image);
  return centreDrawing(await scaled(finer), finer, image) ?? invertPixels(pixels);
}

interface AttemptProps {
  task: TaskManifest;
  onAsk: (question: Dataset | null) => void;
}

/** Hold something before the camera, and see the answer change. The camera goes off with the page out of sight. */
export function CameraAttempt({ task, onAsk }: AttemptProps) {
  const { t } = useTranslation('model');
  const { t: tData } = useTranslation('data');
  const image = task.input.image!;
  const { stream, starting, fault, facesPerson, start, stop } = useCamera();
  const video = useRef<HTMLVideoElement>(null);
  const [frame, setFrame] = useState<Dataset | null>(null);
  const [error, setError] = useState<unknown>(null);

  useEffect(() => {
    const screen = video.current;
    if (!stream || !screen) return;
    screen.srcObject = stream;
    let over = false;
    const look = async () => {
      while (!over) {
        const next = new Promise((resolve) => setTimeout(resolve, PACE_MS));
        if (screen.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA) {
          const pixels = await seenBy(screen, image);
          if (over) return;
          const question = questionOf(task, pixels);
          setFrame(question);
          onAsk(question);
        }
        await next;
      }
    };
    setError(null);
    look().catch((problem) => {
      if (!over) setError(problem);
    });
    const away = () => {
      if (document.hidden) stop();
    };
    document.addEventListener('visibilitychange', away);
    return () => {
      over = true;
      document.removeEventListener('visibilitychange', away);
      setFrame(null);
      onAsk(null);
    };
    // `onAsk` and `stop` do the same at every drawing.
  }, [stream, task, image]);

  return (
    <div className="space-y-4">
      {stream ? (
        <>
          <video
            ref={video}
            autoPlay
            muted
            playsInline
            aria-label={tData('camera.view')}
            style={{ aspectRatio: `${image.width} / ${image.height}` }}
            className={`w-full max-w-72 rounded-xl bg-sunken object-cover ${facesPerson ? '-scale-x-100' : ''}`}
          />
          <div className="flex items-end gap-4">
            {frame && (
              <div className="w-20 shrink-0 text-xs text-muted">
                <Thumbnail image={image} data={frame} index={0} name="" />
                {t('attempt.pictureSeen')}
              </div>
            )}
            <Button onClick={stop}>{tData('camera.off')}</Button>
          </div>
        </>
      ) : (
        <div className="rounded-xl border-2 border-dashed border-line px-5 py-6">
          <p className="text-sm text-muted">{t('attempt.cameraText')}</p>
          <Button className="mt-4" disabled={starting} onClick={() => void start()}>
            {starting ? tData('camera.starting') : tData('camera.on')}
          </Button>
        </div>
      )}
      {fault && (
        <Notice tone="bad" title={tData(`camera.faults.${fault}.title`)}>
          {tData(`camera.faults.${fault}.advice`)}
        </Notice>
      )}
      {error !== null && <FailureNotice error={error} />}
    </div>
  );
}
