import type { Dataset } from '@sotto/learner/dataset';
import type { Evaluation } from '@sotto/learner/evaluation';
import { Trans, useTranslation } from 'react-i18next';
import { ConfusionMatrix } from '../../../ui/confusion-matrix.tsx';
import { Notice } from '../../../ui/notice.tsx';
import { ProgressBar } from '../../../ui/progress-bar.tsx';
import { formatCount, formatShare } from '../../../ui/quantity.ts';
import { FailureNotice } from '../failure-notice.tsx';
import { classScores, likelyRange, mixUps } from './confusion.ts';
import type { EvaluationLoad } from './use-evaluation.ts';

/** Of more kinds a table is a wall of numbers. */
const MOST_IN_MATRIX = 25;
const MIX_UPS = 5;
/** Below this each example counts for more than a few points of a hundred. */
const FEW = 40;

interface CheckProps {
  classes: readonly string[];
  data: Dataset | null;
  held: Dataset | null;
  load: EvaluationLoad;
}

/** How well the model does on the person's own examples that nobody learned from. */
export function Check({ classes, data, held, load }: CheckProps) {
  const { t } = useTranslation('model');
  if (!held) return <NothingToCheckOn data={data} />;
  if (load.state === 'failed') return <FailureNotice error={load.error} onRetry={load.retry} />;
  if (load.state === 'working') return <ProgressBar label={t('check.working')} value={null} />;
  return <Findings classes={classes} evaluation={load.evaluation} />;
}

export function NothingToCheckOn({ data }: { data: Dataset | null }) {
  const { t } = useTranslation('model');
  const why = data ? 'tooFew' : 'noData';
  return (
    <Notice tone="calm" title={t(`check.${why}.title`)} testId="nothing-to-check-on">
      {t(`check.${why}.text`)}
    </Notice>
  );
}

function Findings({ classes, evaluation }: { classes: readonly string[]; evaluation: Evaluation }) {
  const { t } = useTranslation('model');
  const { examples, correct, accuracy, confusion } = evaluation;
  const [least, most] = likelyRange(evaluation);
  return (
    <div className="space-y-6">
      <div>
        <p className="text-lg" data-testid="own-score" data-correct={correct} data-examples={examples}>
          <Trans
            t={t}
            i18nKey="check.result"
            count={examples}
            values={{
              share: formatShare(accuracy, examples),
              right: formatCount(correct),
              number: formatCount(examples),
            }}
            components={{ strong: <strong /> }}
          />
        </p>
        <p className="mt-1 text-sm text-muted">
          {examples < FEW
            ? t('check.few', { points: formatCount(Math.round(100 / examples)) })
            : t('check.margin', {
                least: formatShare(least, examples),
                most: formatShare(most, examples),
              })}
        </p>
      </div>
      {confusion.length <= MOST_IN_MATRIX ? (
        <ConfusionMatrix
          confusion={confusion}
          classes={classes}
          label={t('check.matrix')}
          caption={t('check.caption')}
          describe={(count, truth, taken) =>
            t(truth === taken ? 'check.cellRight' : 'check.cellWrong', { count, truth, taken })
          }
        />
      ) : (
        <p className="text-sm text-muted">{t('check.large', { count: confusion.length })}</p>
      )}
      <div className="grid gap-6 sm:grid-cols-2">
        <MixUps confusion={confusion} classes={classes} />
        <ClassScores confusion={confusion} classes={classes} />
      </div>
    </div>
  );
}

interface PartProps {
  confusion: Evaluation['confusion'];
  classes: readonly string[];
}

function MixUps({ confusion, classes }: PartProps) {
  const { t } = useTranslation('model');
  const found = mixUps(confusion, MIX_UPS);
  return (
    <div>
      <h3 className="font-medium">{t('check.mixUps')}</h3>
      <ul className="mt-2 space-y-1 text-sm" data-testid="mix-ups">
        {found.length === 0 && <li className="text-muted">{t('check.noMixUps')}</li>}
        {found.map(({ truth, taken, count }) => (
          <li key={`${truth}/${taken}`}>
            {t('check.mixUp', { truth: classes[truth], taken: classes[taken], count: count })}
          </li>
        ))}
      </ul>
    </div>
  );
}

function ClassScores({ confusion, classes }: PartProps) {
  const { t } = useTranslation('model');
  return (
    <div>
      <h3 className="font-medium">{t('check.classes')}</h3>
      <ul className="mt-2 grid grid-cols-[fit-content(45%)_1fr_auto] gap-x-3 gap-y-1.5 text-sm">
        {classScores(confusion).map(({ place, right, total }) => (
          <li key={place} className="col-span-3 grid grid-cols-subgrid items-center">
            <span className="[overflow-wrap:anywhere]">{classes[place]}</span>
            <span aria-hidden="true" className="h-1.5 overflow-hidden rounded-full bg-sunken">
              <span
                className="block h-full rounded-full bg-accent"
                style={{ width: `${(100 * right) / Math.max(1, total)}%` }}
              />
            </span>
            <span className="text-right text-muted">
              {total === 0
                ? t('check.classNone')
                : t('check.classScore', { right: formatCount(right), total: formatCount(total) })}
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}
