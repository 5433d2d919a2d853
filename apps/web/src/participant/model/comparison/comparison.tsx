import type { Dataset } from '@sotto/learner/dataset';
import type { HeldOut } from '@sotto/learner/held-out';
import type { Trainer } from '@sotto/learner/worker/client';
import type { PublishedRound, RunSummary } from '@sotto/protocol/run';
import type { TaskManifest } from '@sotto/protocol/task';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../../ui/button.tsx';
import { Notice } from '../../../ui/notice.tsx';
import { ProgressBar } from '../../../ui/progress-bar.tsx';
import { formatCount, formatDate, formatDuration, formatShare } from '../../../ui/quantity.ts';
import { samplePartOf } from '../../data/sample-data.ts';
import { NothingToCheckOn } from '../check/check.tsx';
import { betterOf, type Score } from '../check/confusion.ts';
import type { EvaluationLoad } from '../check/use-evaluation.ts';
import { FailureNotice } from '../failure-notice.tsx';
import type { ModelFiles } from '../model-files.ts';
import { CourseOverRounds } from './course-over-rounds.tsx';
import { digestOf, type OwnModel } from './own-model-store.ts';
import { scoreAfter } from './own-training.ts';
import type { OwnModelUse } from './use-own-model.ts';

interface ComparisonProps {
  task: TaskManifest;
  run: RunSummary;
  /** All of them, the latest first. */
  versions: readonly PublishedRound[];
  version: PublishedRound;
  data: Dataset | null;
  parts: HeldOut | null;
  /** Of the version, on the examples kept aside. */
  load: EvaluationLoad;
  trainer: Trainer;
  files: ModelFiles;
  use: OwnModelUse;
}

/** The shared model beside one trained on the person's examples alone. */
export function Comparison(props: ComparisonProps) {
  const { t } = useTranslation('model');
  const { task, run, versions, version, data, parts, load, trainer, files, use } = props;
  const { own, training, problem } = use.state;
  const same = useSameData(own, data);
  const rounds = versions.filter(({ round }) => round <= version.round).length;
  const passes = rounds * task.training.epochs;
  const wordPasses = (count: number) => t('comparison.passes', { count, number: formatCount(count) });

  if (!data || !parts?.held)
    return (
      <div className="space-y-4">
        <NothingToCheckOn data={data} />
        {own && <Earlier own={own} />}
      </div>
    );
  const { train, held } = parts;
  const current = own !== null && own.initial === run.initial.model && same === true;
  const fair = current ? scoreAfter(own, passes) : null;
  const start = () => {
    const openInitial = () => files.open(run.initial.model);
    const { training: settings } = task;
    void use.train({ data, train, held, training: settings, passes, initial: run.initial.model, openInitial });
  };

  return (
    <div className="space-y-6">
      <p className="text-muted">
        {t('comparison.intro', {
          count: train.labels.length,
          number: formatCount(train.labels.length),
          passes: wordPasses(passes),
        })}
        {run.initial.from && ` ${t('comparison.fromEarlier')}`}
      </p>
      {training ? (
        <TrainingProgress progress={training.progress} passes={passes} onCancel={use.cancel} />
      ) : (
        !fair && (
          <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
            <Button look={current ? 'plain' : 'primary'} onClick={start}>
              {t(own ? 'comparison.again' : 'comparison.train')}
            </Button>
            {own && (
              <p className="text-sm text-muted" data-testid="own-stale">
                {own.initial !== run.initial.model
                  ? t('comparison.staleRun')
                  : same === false
                    ? t('comparison.staleData')
                    : same === true &&
                      t('comparison.stalePasses', {
                        made: wordPasses(own.passes),
                        needed: wordPasses(passes),
                      })}
              </p>
            )}
          </div>
        )
      )}
      {problem?.of === 'training' && <FailureNotice error={problem.error} />}
      {load.state === 'failed' && <FailureNotice error={load.error} onRetry={load.retry} />}
      {own && fair && load.state === 'done' && (
        <SideBySide
          key={version.round}
          shared={load.evaluation}
          alone={fair}
          about={`${t('comparison.ownAbout', { count: own.examples, number: formatCount(own.examples) })}, ${wordPasses(passes)}`}
          version={version}
          sample={samplePartOf(data) !== undefined}
        />
      )}
      {!fair && own && !training && <Earlier own={own} />}
      <CourseOverRounds
        run={run}
        versions={versions}
        epochs={task.training.epochs}
        held={held}
        trainer={trainer}
        files={files}
        own={current ? own : null}
      />
    </div>
  );
}

/** Whether the kept model was trained on the examples chosen now; null until that is known. */
function useSameData(own: OwnModel | null, data: Dataset | null): boolean | null {
  const [digest, setDigest] = useState<{ of: Dataset; hex: string } | null>(null);
  useEffect(() => {
    if (!data || !own) return;
    let over = false;
    void digestOf(data).then((hex) => {
      if (!over) setDigest({ of: data, hex });
    });
    return () => {
      over = true;
    };
  }, [data, own]);
  return own && digest?.of === data ? digest?.hex === own.data : null;
}

function TrainingProgress({
  progress,
  passes,
  onCancel,
}: {
  progress: NonNullable<OwnModelUse['state']['training']>['progress'];
  passes: number;
  onCancel: () => void;
}) {
  const { t } = useTranslation('model');
  const share = progress && (progress.epoch - 1 + progress.batch / progress.batches) / progress.epochs;
  const label = progress ? t('comparison.progress', { pass: progress.epoch, passes }) : t('comparison.starting');
  return (
    <div className="space-y-3" data-testid="own-training">
      <ProgressBar label={label} value={share} />
      <div className="flex flex-wrap items-center justify-between gap-3">
        <p className="text-sm text-muted">
          {label}
          {progress?.msLeft != null && ` · ${t('comparison.left', { time: formatDuration(progress.msLeft) })}`}
        </p>
        <Button onClick={onCancel}>{t('cancel')}</Button>
      </div>
    </div>
  );
}

function SideBySide({
  shared,
  alone,
  about,
  version,
  sample,
}: {
  shared: Extract<EvaluationLoad, { state: 'done' }>['evaluation'];
  /** The own model after as many passes. */
  alone: Score & { readonly accuracy: number };
  /** What the own model has learned from. */
  about: string;
  version: PublishedRound;
  /** The examples are the study's, not the person's. */
  sample: boolean;
}) {
  const { t } = useTranslation('model');
  const better = betterOf(shared, alone);
  return (
    <section data-testid="side-by-side" data-better={better} aria-labelledby="side-by-side">
      <h3 id="side-by-side" className="font-medium">
        {t('comparison.title', { count: shared.examples, number: formatCount(shared.examples) })}
      </h3>
      <dl className="mt-3 grid gap-3 sm:grid-cols-2">
        <Result
          name={t('comparison.shared')}
          about={t('comparison.sharedAbout', { round: version.round })}
          share={shared.accuracy}
          leading={better === 'first'}
          bar="bg-accent"
        />
        <Result
          name={t('comparison.own')}
          about={about}
          share={alone.accuracy}
          leading={better === 'second'}
          bar="bg-second"
        />
      </dl>
      <p className="mt-4 font-medium">{t(`comparison.verdict.${better}`)}</p>
      <p className="mt-1 text-sm text-muted">
        {t(sample ? 'comparison.caveatSample' : 'comparison.caveat')}{' '}
        {t('comparison.test', { share: formatShare(version.testAccuracy) })}
      </p>
    </section>
  );
}

interface ResultProps {
  name: string;
  about: string;
  share: number;
  leading: boolean;
  /** As its line in the picture below. */
  bar: string;
}

function Result({ name, about, share, leading, bar }: ResultProps) {
  return (
    <div className={`rounded-xl border p-4 ${leading ? 'border-accent bg-accent-soft' : 'border-line'}`}>
      <dt className="text-sm">
        <span className="font-medium">{name}</span> <span className="text-muted">· {about}</span>
      </dt>
      <dd className="mt-1 text-2xl font-semibold tracking-tight">{formatShare(share)}</dd>
      <dd aria-hidden="true" className="mt-2 h-2 overflow-hidden rounded-full bg-sunken">
        <span className={`block h-full rounded-full ${bar}`} style={{ width: `${100 * share}%` }} />
      </dd>
    </div>
  );
}

function Earlier({ own }: { own: OwnModel }) {
  const { t } = useTranslation('model');
  return (
    <Notice
      tone="calm"
      title={t('comparison.earlier', { date: formatDate(own.at), share: formatShare(own.evaluation.accuracy) })}
      testId="own-earlier"
    />
  );
}
