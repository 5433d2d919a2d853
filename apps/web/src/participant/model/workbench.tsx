import { Tabs } from '@base-ui/react/tabs';
import type { Dataset } from '@sotto/learner/dataset';
import { holdOut } from '@sotto/learner/held-out';
import { architectureHash, architectureOf } from '@sotto/protocol/model-file';
import type { PublishedRound, RunSummary } from '@sotto/protocol/run';
import type { TaskView } from '@sotto/protocol/views';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ProgressBar } from '../../ui/progress-bar.tsx';
import { formatBytes } from '../../ui/quantity.ts';
import { taskWords } from '../../words/task-words.ts';
import { useLanguage } from '../../words/words.ts';
import type { PageOptions } from '../page-options.ts';
import { Attempt } from './attempt/attempt.tsx';
import { Check } from './check/check.tsx';
import { useEvaluation } from './check/use-evaluation.ts';
import { Comparison } from './comparison/comparison.tsx';
import { useOwnModel } from './comparison/use-own-model.ts';
import { Downloads } from './download/downloads.tsx';
import { FailureNotice } from './failure-notice.tsx';
import { Kept } from './kept.tsx';
import { createModelFiles } from './model-files.ts';
import { type ModelLoad, useModelFile } from './use-model-file.ts';
import { useTrainer } from './use-trainer.ts';
import { VersionChoice } from './version-choice.tsx';
import { versionsOf } from './versions.ts';

const TABS = ['attempt', 'check', 'comparison', 'download'] as const;
type Tab = (typeof TABS)[number];

/** The version is there and sound, but made for another task than this one is now. */
const OTHER_MODEL = { code: 'bad_model' };

export interface WorkbenchProps {
  view: TaskView;
  /** With at least one published round. */
  run: RunSummary;
  /** Shown first. */
  offered: PublishedRound;
  options: PageOptions;
  data: Dataset | null;
}

/** Everything that can be done with a published model. Loaded when it is opened; its worker ends when it is closed. */
export function Workbench({ view, run, offered, options, data }: WorkbenchProps) {
  const { t } = useTranslation('model');
  const { task } = view;
  const { classes } = taskWords(task, useLanguage());
  const [files] = useState(() => createModelFiles());
  const [tab, setTab] = useState<Tab>('attempt');
  const versions = versionsOf(run);
  const [round, setRound] = useState<number | null>(offered === versions[0] ? null : offered.round);
  const version = versions.find((each) => each.round === round) ?? versions[0]!;
  const load = useModelFile(files, version.model);
  const file = load.state === 'ready' ? load.file : null;
  const foreign = useMemo(
    () => file !== null && architectureOf(file) !== architectureHash(view.topology),
    [file, view.topology],
  );
  const model = foreign ? null : file;
  const computing = useTrainer(options.backend);
  const trainer = computing.state === 'ready' ? computing.trainer : null;
  const measured = tab === 'check' || tab === 'comparison';
  const parts = useMemo(() => (measured && data ? holdOut(data) : null), [measured, data]);
  const evaluation = useEvaluation(trainer, measured ? model : null, parts?.held ?? null);
  const own = useOwnModel(task.id, options.device, options.backend);

  const panel = (which: Tab) => {
    if (which === 'attempt') return <Attempt {...{ view, options, classes, data, trainer, model }} />;
    if (which === 'check') return <Check classes={classes} data={data} held={parts?.held ?? null} load={evaluation} />;
    if (which === 'comparison')
      return (
        trainer && (
          <Comparison {...{ task, run, versions, version, data, parts, trainer, files }} load={evaluation} use={own} />
        )
      );
    return file && <Downloads task={task} run={run.run} version={version} file={file} />;
  };

  return (
    <div className="space-y-6" data-testid="workbench" data-model={load.state} data-computing={computing.state}>
      <VersionChoice versions={versions} version={version} onChoose={setRound} />
      <Loading load={load} round={version.round} />
      {foreign && <FailureNotice error={OTHER_MODEL} />}
      {computing.state === 'failed' && <FailureNotice error={computing.error} onRetry={computing.retry} />}
      <Tabs.Root value={foreign ? 'download' : tab} onValueChange={(next) => setTab(next as Tab)}>
        <Tabs.List aria-label={t('tabs.label')} className="flex flex-wrap border-b border-line sm:gap-x-1">
          {TABS.map((each) => (
            <Tabs.Tab
              key={each}
              value={each}
              disabled={foreign && each !== 'download'}
              className="-mb-px min-h-11 border-b-2 border-transparent px-1.5 text-sm sm:px-3 font-medium text-muted transition-colors hover:text-ink data-disabled:opacity-50 data-active:border-accent data-active:text-ink"
            >
              {t(`tabs.${each}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {TABS.map((each) => (
          <Tabs.Panel key={each} value={each} className="pt-6">
            {computing.state === 'loading' && each !== 'download' && (
              <div className="mb-5">
                <ProgressBar label={t('trainer')} value={computing.share} />
                <p className="mt-2 text-sm text-muted">{t('trainer')}</p>
              </div>
            )}
            {panel(each)}
          </Tabs.Panel>
        ))}
      </Tabs.Root>
      <Kept use={own} />
    </div>
  );
}

function Loading({ load, round }: { load: ModelLoad; round: number }) {
  const { t } = useTranslation('model');
  if (load.state === 'failed') return <FailureNotice error={load.error} onRetry={load.retry} />;
  if (load.state === 'ready') return null;
  const label = t('version.loading', { round });
  const done = formatBytes(load.done);
  return (
    <div>
      <ProgressBar label={label} value={load.total === null ? null : load.done / load.total} />
      <p className="mt-2 text-sm text-muted">
        {label}
        {load.done > 0 &&
          ` · ${load.total === null ? t('version.bytesOnly', { done }) : t('version.bytes', { done, total: formatBytes(load.total) })}`}
      </p>
    </div>
  );
}
