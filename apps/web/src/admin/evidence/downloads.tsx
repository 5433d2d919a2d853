import type { MetricsFormat } from '@sotto/protocol/admin/evidence';
import { useId, useState } from 'react';
import { buttonLook } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { CommandLine } from '../frame/command-line.tsx';
import { evidenceCommand, evidenceName, evidencePath } from './queries.ts';

/** Lets others check a run, or one of its rounds: one file, as it comes from the coordinator. */
export function EvidenceDownload({ run, round }: { run: string; round?: number }) {
  const [whole, setWhole] = useState(false);
  const id = useId();
  const extent = { run, ...(round !== undefined && { round }), whole };
  return (
    <Card title="Evidence for others" testId="evidence-download">
      <div className="space-y-4">
        <p className="text-sm text-muted">
          {round === undefined ? 'The records of all published rounds' : 'The record of this round'} in one file: plans,
          certificates, signatures and openings. Whoever has it can check it without this server.
        </p>
        <div className="flex items-start gap-2 text-sm">
          <input
            id={id}
            type="checkbox"
            className="mt-1 size-4 accent-(--accent)"
            checked={whole}
            onChange={(event) => setWhole(event.target.checked)}
          />
          <label htmlFor={id}>
            With models and sums
            <span className="block text-muted">Then it can be computed again, bit for bit. Much larger.</span>
          </label>
        </div>
        <a className={buttonLook('primary')} href={evidencePath(extent)} download={evidenceName(extent)}>
          Save the evidence file
        </a>
        <CommandLine words={evidenceCommand(extent)} />
        <CommandLine words={['verify', evidenceName(extent)]} label="To check it, from a shell" />
      </div>
    </Card>
  );
}

const FORMATS: readonly { readonly format: MetricsFormat; readonly name: string; readonly text: string }[] = [
  { format: 'csv', name: 'CSV', text: 'A row a round, for spreadsheets and data frames.' },
  { format: 'jsonl', name: 'JSON lines', text: 'The run with its settings, then each round with all that is known.' },
  {
    format: 'tensorboard',
    name: 'TensorBoard',
    text: 'An event file. Put it into a folder of its own below --logdir.',
  },
];

/** A run's numbers, for other programs. */
export function NumbersDownload({ run, startedAt }: { run: string; startedAt: number }) {
  const [last, setLast] = useState<MetricsFormat>('csv');
  const names: Readonly<Record<MetricsFormat, string>> = {
    csv: `${run}.csv`,
    jsonl: `${run}.jsonl`,
    // TensorBoard looks for files of such a name only.
    tensorboard: `events.out.tfevents.${Math.floor(startedAt / 1000)}.${run}`,
  };
  return (
    <Card title="Numbers for other programs" testId="numbers">
      <ul className="divide-y divide-line text-sm">
        {FORMATS.map(({ format, name, text }) => (
          <li key={format} className="flex items-center justify-between gap-4 py-3 first:pt-0">
            <div className="min-w-0">
              <p className="font-medium">{name}</p>
              <p className="text-muted">{text}</p>
            </div>
            <a
              className={buttonLook()}
              href={`/api/admin/runs/${encodeURIComponent(run)}/metrics?format=${format}`}
              download={names[format]}
              aria-label={`Save as ${name}`}
              onClick={() => setLast(format)}
            >
              Save
            </a>
          </li>
        ))}
        <li className="py-3">
          <p className="font-medium">MLflow</p>
          <p className="text-muted">
            A coordinator with SOTTO_MLFLOW_URL tells it of every round by itself. One run, whenever you like:
          </p>
        </li>
      </ul>
      <div className="space-y-3">
        <CommandLine words={['run', 'export', run, '--format', 'mlflow', '--to', 'http://localhost:5000']} />
        <CommandLine words={['run', 'export', run, '--format', last]} />
      </div>
    </Card>
  );
}
