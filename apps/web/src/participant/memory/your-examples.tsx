import type { Dataset } from '@sotto/learner/dataset';
import type { TaskManifest } from '@sotto/protocol/task';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { Notice } from '../../ui/notice.tsx';
import { formatDate } from '../../ui/quantity.ts';
import { taskWords } from '../../words/task-words.ts';
import { useLanguage } from '../../words/words.ts';
import { ClassCounts } from '../data/class-counts.tsx';
import { DataPreview } from '../data/data-preview.tsx';
import { FoldingCard } from '../trust/folding-card.tsx';
import { formOf } from './example-store.ts';
import { RememberChoice } from './remember-choice.tsx';
import { RememberedExamples } from './remembered-examples.tsx';
import type { KeptExamplesOfPage } from './use-kept-examples.ts';

interface YourExamplesProps {
  task: TaskManifest;
  data: Dataset | null;
  /** This tab takes part, so that they cannot be others now. */
  joined: boolean;
  examples: KeptExamplesOfPage;
  onChoose: (data: Dataset | null) => void;
  /** All other ways to choose examples. */
  children: ReactNode;
}

/** The choice of examples, with what this browser remembers of an earlier one. */
export function YourExamples(props: YourExamplesProps) {
  const { task, data, joined, examples } = props;
  const { t } = useTranslation('memory');
  const { classes } = taskWords(task, useLanguage());
  const remember = data && <RememberChoice memory={examples.memory} state={examples.state} data={data} />;
  return (
    <>
      {/* Hidden, not gone: whoever leaves finds their examples as they were. */}
      <div hidden={joined}>
        <div className="grid grid-cols-1 gap-5">
          <Choice {...props} />
          {!joined && remember && (
            <div className="rounded-2xl border border-line bg-surface px-5 py-3 sm:px-6">{remember}</div>
          )}
        </div>
      </div>
      {joined && data && (
        <FoldingCard title={t('learnedFrom', { count: data.labels.length })} testId="examples-in-use">
          <div className="space-y-4">
            <ClassCounts classes={classes} labels={data.labels} />
            {remember}
            <p className="text-muted">{t('locked')}</p>
          </div>
        </FoldingCard>
      )}
    </>
  );
}

function Choice({ task, data, examples, onChoose, children }: YourExamplesProps) {
  const { t } = useTranslation('memory');
  const { t: inData } = useTranslation('data');
  const { memory, state, back, given, use } = examples;
  const { kept, following, busy } = state;
  return (
    <>
      {back === 'resuming' && <Notice tone="calm" title={t('resuming')} testId="resuming" />}
      {back === 'lost' && (
        <Notice tone="warn" title={t('resumeFailed')} testId="resume-failed">
          {t('resumeFailedHint')}
        </Notice>
      )}
      {kept && data === null && back !== 'resuming' && (
        <RememberedExamples
          kept={kept}
          fitting={kept.form === formOf(task)}
          busy={busy}
          onUse={() => void use()}
          onForget={() => void memory.forget()}
        />
      )}
      {given && data ? (
        <Card title={inData('title')} aside={inData('stay')} testId="data">
          <div className="space-y-5">
            <p data-testid="data-ready">
              {following && kept
                ? t('inUse', { count: data.labels.length, date: formatDate(kept.at) })
                : t('sampleInUse', { count: data.labels.length })}
            </p>
            <DataPreview task={task} data={data} />
            <Button onClick={() => onChoose(null)}>{t('others')}</Button>
          </div>
        </Card>
      ) : (
        <div hidden={back === 'resuming'}>{children}</div>
      )}
    </>
  );
}
