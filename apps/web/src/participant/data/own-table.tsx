import type { Dataset } from '@sotto/learner/dataset';
import type { TaskManifest } from '@sotto/protocol/task';
import { useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { formatCount, formatPlural } from '../../ui/quantity.ts';
import { DataPreview } from './data-preview.tsx';
import type { NamedFile } from './dropped-files.ts';
import { Faults } from './faults.tsx';
import { FileDrop } from './file-drop.tsx';
import { labelColumnOf, readOwnTable } from './table-examples.ts';

/** The person's own table: a CSV file with the task's columns. */
export function OwnTable({ task, onChange }: { task: TaskManifest; onChange: (data: Dataset | null) => void }) {
  const [data, setData] = useState<Dataset | null>(null);
  const [faults, setFaults] = useState<readonly string[]>([]);
  const columns = task.input.columns ?? [];
  const label = labelColumnOf(task);

  async function take(files: readonly NamedFile[]): Promise<void> {
    const [first] = files;
    if (!first) return;
    const { dataset, faults: found } = readOwnTable(await first.file.text(), task, first.file.name);
    setFaults(found);
    setData(dataset);
    onChange(dataset);
  }

  function clear(): void {
    setFaults([]);
    setData(null);
    onChange(null);
  }

  return (
    <div className="space-y-5">
      <FileDrop label="Choose a CSV file" accept=".csv,text/csv" onFiles={(files) => void take(files)}>
        <p>
          Drop a table here: a CSV file whose first line names {formatCount(columns.length)} columns of numbers and{' '}
          <code className="font-mono">{label}</code>, which says {task.classes.join(' or ')}.
        </p>
        <details className="mt-2">
          <summary>Which columns</summary>
          <p className="mt-1 font-mono text-xs [overflow-wrap:anywhere]">
            {[label, ...columns.map(({ name }) => name)].join(', ')}
          </p>
        </details>
      </FileDrop>
      <Faults faults={faults} what="line" />
      {data && (
        <>
          <p data-testid="data-ready">
            <strong>{formatPlural(data.labels.length, 'example')}</strong> of your own
          </p>
          <DataPreview task={task} data={data} />
          <Button onClick={clear}>Remove</Button>
        </>
      )}
    </div>
  );
}
