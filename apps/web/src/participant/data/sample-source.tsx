import type { Dataset } from '@sotto/learner/dataset';
import { isRejection, type Rejection, reject } from '@sotto/protocol/rejection';
import type { TaskView } from '@sotto/protocol/views';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { RequestError } from '../../api/request.ts';
import { Button } from '../../ui/button.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import type { PageOptions } from '../page-options.ts';
import { Excerpts } from './excerpts.tsx';
import { fetchSample } from './sample-data.ts';

interface SampleSourceProps {
  view: TaskView;
  options: PageOptions;
  onSample: (data: Dataset) => void;
}

/** Examples that come with the task, to try it out. */
export function SampleSource({ view, options, onSample }: SampleSourceProps) {
  const { t } = useTranslation('data');
  const [fetching, setFetching] = useState(false);
  const [problem, setProblem] = useState<Rejection | null>(null);

  async function fetchIt(): Promise<void> {
    setFetching(true);
    setProblem(null);
    try {
      const sample = await fetchSample(view, options);
      if (isRejection(sample)) setProblem(sample as Rejection);
      else onSample(sample as Dataset);
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      setProblem(reject(error.code, error.message));
    } finally {
      setFetching(false);
    }
  }

  return (
    <div className="space-y-4">
      <p className="max-w-prose text-muted">{t('sample.hint')}</p>
      <Button look="primary" onClick={() => void fetchIt()} disabled={fetching}>
        {fetching ? t('sample.fetching') : t('sample.use')}
      </Button>
      <Excerpts view={view} />
      {problem && (
        <ProblemNotice problem={problem} testId="data-problem">
          {t('sample.failed')}
        </ProblemNotice>
      )}
    </div>
  );
}
