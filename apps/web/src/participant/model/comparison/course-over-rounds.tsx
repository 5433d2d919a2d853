import type { Dataset } from '@sotto/learner/dataset';
import type { Trainer } from '@sotto/learner/worker/client';
import type { PublishedRound, RunSummary } from '@sotto/protocol/run';
import { useTranslation } from 'react-i18next';
import { Button } from '../../../ui/button.tsx';
import { Plot } from '../../../ui/plot.tsx';
import { ProgressBar } from '../../../ui/progress-bar.tsx';
import { formatShare } from '../../../ui/quantity.ts';
import { FailureNotice } from '../failure-notice.tsx';
import type { ModelFiles } from '../model-files.ts';
import { spreadVersions } from '../versions.ts';
import { courseLines } from './course-lines.ts';
import type { OwnModel } from './own-model-store.ts';
import { useRoundsCourse } from './use-rounds-course.ts';

/** Each takes a model to be fetched: of a long run an even choice tells as much. */
const MOST_ROUNDS = 20;

interface CourseOverRoundsProps {
  run: RunSummary;
  /** The latest first. */
  versions: readonly PublishedRound[];
  /** Passes a round. */
  epochs: number;
  held: Dataset;
  trainer: Trainer;
  files: ModelFiles;
  /** Trained alone on the same examples. */
  own: OwnModel | null;
}

/** How both models came along, measured on the same examples kept aside. Only when asked: each round's model has to be fetched. */
export function CourseOverRounds({ run, versions, epochs, held, trainer, files, own }: CourseOverRoundsProps) {
  const { t } = useTranslation('model');
  const { course, measure, stop } = useRoundsCourse(held);
  const { points, progress, error } = course;
  const chosen = spreadVersions(versions, MOST_ROUNDS);
  const missing = points.length < chosen.length + 1;
  const start = () => void measure({ trainer, files, initial: run.initial.model, versions: chosen, held });
  const lines = courseLines(points, own?.course ?? [], epochs, run.initial, versions);
  const last = points.at(-1);
  const ownLast = own?.course.at(-1);
  const label = {
    shared: points.map(({ round, accuracy }) => `${round}: ${formatShare(accuracy)}`).join(', '),
    own: formatShare(ownLast?.accuracy ?? 0),
  };

  return (
    <div className="space-y-4" data-testid="rounds-course" data-points={points.length}>
      {progress ? (
        <div className="space-y-3">
          <ProgressBar label={t('comparison.roundsProgress', progress)} value={progress.done / progress.total} />
          <Button onClick={stop}>{t('cancel')}</Button>
        </div>
      ) : (
        missing && <Button onClick={start}>{t('comparison.rounds')}</Button>
      )}
      {error !== null && <FailureNotice error={error} onRetry={start} />}
      {last && (
        <Plot
          label={own ? t('comparison.roundsLabel', label) : t('comparison.roundsLabelAlone', label)}
          xName={t('comparison.axis')}
          rounds={Math.max(versions[0]?.round ?? 0, (ownLast?.passes ?? 0) / epochs)}
          x={lines.x}
          series={[
            { name: t('comparison.seriesShared'), values: lines.shared, scale: 'share' },
            ...(own
              ? [{ name: t('comparison.seriesOwn'), values: lines.own, scale: 'share', tone: 'second' } as const]
              : []),
            { name: t('comparison.seriesTest'), values: lines.test, scale: 'share', tone: 'muted', dashed: true },
          ]}
        />
      )}
    </div>
  );
}
