import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { formatCount } from '../../ui/quantity.ts';
import { taskWords } from '../../words/task-words.ts';
import { useLanguage } from '../../words/words.ts';
import { AlbumView } from './album-view.tsx';
import { RecordButtons } from './record-buttons.tsx';
import type { SourceProps } from './source.ts';
import { useAlbum } from './use-album.ts';
import { useCamera } from './use-camera.ts';
import { useRecording } from './use-recording.ts';

/** Pictures that the person takes with the camera, class by class. */
export function CameraSource({ task, active, onChange }: SourceProps) {
  const { t } = useTranslation('data');
  const image = task.input.image!;
  const { classes } = taskWords(task, useLanguage());
  const album = useAlbum(task, (data) => onChange(data, data !== null));
  const camera = useCamera();
  const video = useRef<HTMLVideoElement>(null);
  const recording = useRecording(video, image, album, (label) => classes[label]!);
  const count = album.album.labels.length;
  const { stream } = camera;

  // Nobody is filmed without seeing it: the camera goes off when another source is looked at, when somebody joins, or the tab is left.
  const leave = useRef(() => {});
  useEffect(() => {
    leave.current = () => {
      recording.end();
      camera.stop();
    };
  });
  useEffect(() => {
    if (!active) leave.current();
  }, [active]);
  useEffect(() => {
    const screen = video.current;
    if (!stream || !screen) return;
    screen.srcObject = stream;
    const sight = new ResizeObserver(() => {
      if (screen.getClientRects().length === 0) leave.current();
    });
    const away = () => {
      if (document.hidden) leave.current();
    };
    sight.observe(screen);
    document.addEventListener('visibilitychange', away);
    return () => {
      sight.disconnect();
      document.removeEventListener('visibilitychange', away);
    };
  }, [stream]);

  return (
    <div className="space-y-6">
      {stream ? (
        <div className="grid gap-x-8 gap-y-5 sm:grid-cols-[minmax(0,18rem)_minmax(0,1fr)]">
          <div className="space-y-3">
            <video
              ref={video}
              autoPlay
              muted
              playsInline
              aria-label={t('camera.view')}
              style={{ aspectRatio: `${image.width} / ${image.height}` }}
              className={`w-full rounded-xl bg-sunken object-cover ${camera.facesPerson ? '-scale-x-100' : ''}`}
            />
            <div className="flex flex-wrap gap-3">
              <Button onClick={() => leave.current()}>{t('camera.off')}</Button>
              {camera.devices.length > 1 && (
                <select
                  aria-label={t('camera.which')}
                  value={camera.device ?? ''}
                  onChange={({ target }) => void camera.start(target.value)}
                  className="min-h-10 min-w-0 flex-1 rounded-lg border border-line-strong bg-surface px-3 text-sm"
                >
                  {camera.devices.map(({ deviceId, label }, i) => (
                    <option key={deviceId} value={deviceId}>
                      {label || t('camera.number', { number: i + 1 })}
                    </option>
                  ))}
                </select>
              )}
            </div>
          </div>
          <RecordButtons classes={classes} labels={album.album.labels} recording={recording} />
        </div>
      ) : (
        <div className="rounded-xl border-2 border-dashed border-line px-5 py-6">
          <p className="text-sm text-muted">{t('camera.how')}</p>
          <Button look="primary" className="mt-4" disabled={camera.starting} onClick={() => void camera.start()}>
            {camera.starting ? t('camera.starting') : t('camera.on')}
          </Button>
        </div>
      )}
      {camera.fault && (
        <Notice tone="bad" title={t(`camera.faults.${camera.fault}.title`)} testId="camera-fault">
          {t(`camera.faults.${camera.fault}.advice`)}
        </Notice>
      )}
      {recording.problem && <ProblemNotice title={t('camera.problem')} problem={recording.problem} />}
      <AlbumView task={task} use={album} title={t('camera.ready', { count, number: formatCount(count) })} />
    </div>
  );
}
