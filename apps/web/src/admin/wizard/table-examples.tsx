import { describeFault } from '@sotto/learner/intake/fault';
import { type ColumnUse, proposeColumns } from '@sotto/learner/table/column-proposal';
import type { TableSketch } from '@sotto/learner/table/sketch';
import { messageOf, TrainingError } from '@sotto/learner/training-error';
import { useEffect, useRef, useState } from 'react';
import type { NamedFile } from '../../participant/data/dropped-files.ts';
import { FileDrop } from '../../participant/data/file-drop.tsx';
import { intake } from '../../participant/data/intake.ts';
import { ChoiceField } from '../../ui/field.tsx';
import { Notice } from '../../ui/notice.tsx';
import { ProgressBar } from '../../ui/progress-bar.tsx';
import { formatCount, formatShare } from '../../ui/quantity.ts';
import { proposeTable } from './column-draft.ts';
import { useForm } from './form.tsx';

type Reading =
  | { readonly state: 'reading'; readonly share: number }
  | { readonly state: 'read'; readonly sketch: TableSketch; readonly uses: readonly ColumnUse[] }
  | { readonly state: 'refused'; readonly reason: string }
  | null;

/** A table of examples says which columns there are, which of them is the answer, and what its values are. */
export function TableExamples() {
  const { draft, change } = useForm();
  const kind = draft.kind === 'text' ? 'text' : 'table';
  const [reading, setReading] = useState<Reading>(null);
  const stopping = useRef(new AbortController());
  useEffect(() => () => stopping.current.abort(), []);

  async function read([file]: readonly NamedFile[]): Promise<void> {
    if (!file) return;
    stopping.current.abort();
    stopping.current = new AbortController();
    const { signal } = stopping.current;
    const onProgress = (done: number, total: number) =>
      setReading({ state: 'reading', share: total ? done / total : 0 });
    setReading({ state: 'reading', share: 0 });
    try {
      const sketch = await intake.tables.sketch({ name: file.path, blob: file.file }, { signal, onProgress });
      if (signal.aborted) return;
      if ('code' in sketch) setReading({ state: 'refused', reason: describeFault(sketch) });
      else
        take(
          sketch,
          proposeColumns(sketch, kind).map(({ use }) => use),
        );
    } catch (error) {
      if (!(error instanceof TrainingError && error.code === 'cancelled'))
        setReading({ state: 'refused', reason: messageOf(error) });
    }
  }

  function take(sketch: TableSketch, uses: readonly ColumnUse[]): void {
    setReading({ state: 'read', sketch, uses });
    const { columns, label, text, classes } = proposeTable(sketch, kind, uses);
    change({ type: 'set', to: { ...(kind === 'table' && { columns }), label: label ?? '', classes } });
    if (text !== null) change({ type: 'text', to: { column: text } });
  }

  return (
    <div className="space-y-4">
      <FileDrop label="Choose a table" accept=".csv,.tsv,.txt,.parquet,text/csv" onFiles={(files) => void read(files)}>
        <p>
          A CSV or Parquet table with some rows as people have them: its columns, their means and spreads and the
          classes are read from it. It is not sent anywhere. Or fill that in below.
        </p>
      </FileDrop>
      {reading?.state === 'reading' && (
        <ProgressBar label="Reading the table" value={reading.share} text={formatShare(reading.share)} />
      )}
      {reading?.state === 'refused' && <Notice tone="bad" title={reading.reason} />}
      {reading?.state === 'read' && (
        <>
          <Notice
            tone="calm"
            testId="found"
            title={`${formatCount(reading.sketch.rows)} rows, ${formatCount(reading.sketch.columns.length)} columns`}
          >
            Check below what they are taken for.
          </Notice>
          <LabelChoice reading={reading} onUses={(uses) => take(reading.sketch, uses)} />
        </>
      )}
    </div>
  );
}

/** Of a table that was read, another column may be the answer. */
function LabelChoice({
  reading: { sketch, uses },
  onUses,
}: {
  reading: Extract<Reading, { state: 'read' }>;
  onUses: (uses: readonly ColumnUse[]) => void;
}) {
  const usual = proposeColumns(sketch, 'table').map(({ use }) => use);
  return (
    <ChoiceField
      label="The answer is in"
      value={uses.indexOf('label')}
      onChange={({ target }) => {
        const at = Number(target.value);
        onUses(
          uses.map((use, i) => {
            if (i === at) return 'label';
            // What was the answer is a column like others.
            return use === 'label'
              ? uses.includes('text') || usual[i] === 'label'
                ? 'none'
                : (usual[i] ?? 'none')
              : use;
          }),
        );
      }}
    >
      {!uses.includes('label') && <option value={-1}>choose a column</option>}
      {sketch.columns.map(({ name, values }, i) => (
        <option key={i} value={i} disabled={values === null || values.length < 2}>
          {name || `column ${i + 1}`}
          {values && values.length <= 1000 ? `, ${formatCount(values.length)} values` : ', too many values'}
        </option>
      ))}
    </ChoiceField>
  );
}
