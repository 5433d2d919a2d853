import type { Dataset } from '@sotto/learner/dataset';
import { isRejection } from '@sotto/protocol/rejection';
import type { TaskView } from '@sotto/protocol/views';
import { useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { Notice } from '../../ui/notice.tsx';
import { formatPlural } from '../../ui/quantity.ts';
import { DataPreview } from './data-preview.tsx';
import { OwnImages } from './own-images.tsx';
import { OwnTable } from './own-table.tsx';
import type { PageOptions } from '../page-options.ts';
import { fetchSample } from './sample-data.ts';

interface DataChoiceProps {
  view: TaskView;
  options: PageOptions;
  data: Dataset | null;
  onChoose: (data: Dataset | null) => void;
}

/** What this device learns from: a part of the sample data, or the person's own. Either stays in the page. */
export function DataChoice({ view, options, data, onChoose }: DataChoiceProps) {
  const { task, sampleExamples } = view;
  const [source, setSource] = useState<'sample' | 'own' | null>(null);
  const [fetching, setFetching] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);

  async function useSample(): Promise<void> {
    setFetching(true);
    setProblem(null);
    try {
      const sample = await fetchSample(view, options);
      if (isRejection(sample)) setProblem(sample.message);
      else {
        setSource('sample');
        onChoose(sample);
      }
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    }
    setFetching(false);
  }

  function takeOwn(own: Dataset | null): void {
    setSource(own ? 'own' : null);
    onChoose(own);
  }

  return (
    <Card title="Your examples" aside="They stay in this page" testId="data">
      {source === 'sample' && data ? (
        <div className="space-y-5">
          <p data-testid="data-ready">
            <strong>{formatPlural(data.labels.length, 'example')}</strong> of the sample data, a part of its own for
            each device.
          </p>
          <DataPreview task={task} data={data} />
          <Button onClick={() => takeOwn(null)}>Choose other examples</Button>
        </div>
      ) : (
        <div className="space-y-5">
          {source === null && sampleExamples > 0 && (
            <div className="flex flex-wrap items-center gap-x-4 gap-y-3">
              <Button look={data ? 'plain' : 'primary'} onClick={() => void useSample()} disabled={fetching}>
                {fetching ? 'Fetching …' : 'Use sample data'}
              </Button>
              <p className="text-sm text-muted">To try it out: this device gets a part of its own.</p>
            </div>
          )}
          {problem && (
            <Notice tone="bad" title={problem} testId="data-problem">
              Try again, or use examples of your own.
            </Notice>
          )}
          {source === null && sampleExamples > 0 && (
            <p className="flex items-center gap-3 text-sm text-muted before:h-px before:flex-1 before:bg-line after:h-px after:flex-1 after:bg-line">
              or your own
            </p>
          )}
          {task.kind === 'image' ? (
            <OwnImages task={task} onChange={takeOwn} />
          ) : (
            <OwnTable task={task} onChange={takeOwn} />
          )}
        </div>
      )}
    </Card>
  );
}
