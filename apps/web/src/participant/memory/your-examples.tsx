import type { Dataset } from '@sotto/learner/dataset';
import type { TaskManifest } from '@sotto/protocol/task';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { Notice } from '../../ui/notice.tsx';
import { formatDate } from '../../ui/quantity.ts';
import { DataPreview } from '../data/data-preview.tsx';
import { formOf } from './example-store.ts';
import { RememberChoice } from './remember-choice.tsx';
import { RememberedExamples } from './remembered-examples.tsx';
import type { KeptExamplesOfPage } from './use-kept-examples.ts';

interface YourExamplesProps {
  task: TaskManifest;
  data: Dataset | null;
  examples: KeptExamplesOfPage;
  onChoose: (data: Dataset | null) => void;
  /** All other ways to choose examples. */
  children: ReactNode;
}

/** The choice of examples, with what this browser remembers of an earlier one. */
export function YourExamples({ task, data, examples, onChoose, children }: YourExamplesProps) {
  const { t } = useTranslation('memory');
  const { t: inData } = useTranslation('data');
  const { memory, state, back, given, use } = examples;
  const { kept, following, busy } = state;
  return (
    <div className="grid grid-cols-1 gap-5">
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
      {data && <RememberChoice memory={memory} state={state} data={data} />}
    </div>
  );
}
