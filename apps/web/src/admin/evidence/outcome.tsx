import { Notice } from '../../ui/notice.tsx';
import { ProgressBar } from '../../ui/progress-bar.tsx';
import { formatCount, formatPlural } from '../../ui/quantity.ts';
import type { CheckedFile, CheckedRecord } from './check.ts';
import type { CheckState } from './use-check.ts';

/** Beyond these, rounds that hold are only counted. */
const ROUNDS_SHOWN = 20;
/** What is wrong once is often wrong for every contributor. */
const PROBLEMS_SHOWN = 8;

/** What came of a check: whether it holds, what was checked, what does not hold and where, and what nobody has shown. */
export function Outcome({ state }: { state: CheckState }) {
  if (state.kind === 'idle') return null;
  if (state.kind === 'failed') return <Notice tone="bad" title={state.message} testId="check-outcome" />;
  if (state.kind === 'done') return <Checked file={state.result} />;
  const text = state.kind === 'fetching' ? 'Fetching the records …' : 'Checking …';
  return (
    <div className="space-y-2" data-testid="check-progress">
      <p className="text-sm text-muted">{text}</p>
      <ProgressBar label={text} value={state.kind === 'fetching' ? null : state.share} />
    </div>
  );
}

function Checked({ file: { holds, records, problems, unchecked } }: { file: CheckedFile }) {
  const broken = records.filter(({ report }) => report.problems.length > 0);
  const shown = records.length <= ROUNDS_SHOWN ? records : broken.slice(0, ROUNDS_SHOWN);
  const count = formatPlural(records.length, 'round');
  return (
    <div className="space-y-4" data-testid="check-outcome" data-holds={holds}>
      {holds ? (
        <Notice tone="calm" title={`Everything that was checked holds (${count}).`} />
      ) : (
        <Notice tone="bad" title="This does not hold.">
          {[
            problems.length > 0 && 'Something is wrong with the file itself',
            broken.length > 0 && `${broken.length} of ${count} ${broken.length === 1 ? 'does' : 'do'} not hold`,
          ]
            .filter(Boolean)
            .join('; ')}
          . Do not rely on it: ask whoever gave it to you, and compare it with another copy.
        </Notice>
      )}
      {problems.length > 0 && (
        <ul className="space-y-1 text-sm text-bad" data-testid="file-problems">
          {problems.map((problem) => (
            <li key={problem} className="[overflow-wrap:anywhere]">
              {problem}
            </li>
          ))}
        </ul>
      )}
      {shown.map((record) => (
        <RecordReport key={record.name} record={record} open={records.length === 1 || broken.includes(record)} />
      ))}
      {shown.length < records.length && (
        <p className="text-sm text-muted">
          {formatPlural(records.length - shown.length, 'round')} more {broken.length > shown.length ? '' : 'hold, and '}
          are not listed here.
        </p>
      )}
      <Unchecked title="Not checked, of the file as a whole" lines={unchecked} />
    </div>
  );
}

/** The checks of one round, each with what of it does not hold. */
function RecordReport({ record: { report }, open }: { record: CheckedRecord; open: boolean }) {
  const { round, checks, unchecked, problems } = report;
  const good = problems.length === 0;
  return (
    <details open={open} className="rounded-lg border border-line" data-testid="record-report" data-holds={good}>
      <summary className="cursor-pointer px-4 py-2.5 text-sm font-medium">
        Round {round}: <span className={good ? '' : 'text-bad'}>{good ? 'holds' : 'does not hold'}</span>
        <span className="font-normal text-muted"> · {formatPlural(checks.length, 'check')}</span>
      </summary>
      <div className="space-y-3 border-t border-line px-4 py-3">
        <ul className="grid gap-x-6 gap-y-1.5 text-sm sm:grid-cols-2">
          {checks.map(({ name, problems: wrong }) => (
            <li key={name} className={wrong.length > 0 ? 'sm:col-span-2' : ''} data-testid="check">
              <Mark good={wrong.length === 0} /> <span className="capitalize">{name.slice(0, 1)}</span>
              {name.slice(1)}
              {wrong.slice(0, PROBLEMS_SHOWN).map((problem) => (
                <p key={problem} className="ml-6 text-bad [overflow-wrap:anywhere]">
                  {problem}
                </p>
              ))}
              {wrong.length > PROBLEMS_SHOWN && (
                <p className="ml-6 text-bad">and {formatCount(wrong.length - PROBLEMS_SHOWN)} more of this kind</p>
              )}
            </li>
          ))}
        </ul>
        <Unchecked title="Not checked" lines={unchecked} />
      </div>
    </details>
  );
}

function Mark({ good }: { good: boolean }) {
  return (
    <>
      <span aria-hidden="true" className={`inline-block w-5 font-semibold ${good ? 'text-accent' : 'text-bad'}`}>
        {good ? '✓' : '✗'}
      </span>
      <span className="sr-only">{good ? 'Holds:' : 'Does not hold:'}</span>
    </>
  );
}

function Unchecked({ title, lines }: { title: string; lines: readonly string[] }) {
  if (lines.length === 0) return null;
  return (
    <div className="text-sm">
      <h3 className="font-medium">{title}</h3>
      <ul className="mt-1 list-disc space-y-1 pl-5 text-muted">
        {lines.map((line) => (
          <li key={line} className="[overflow-wrap:anywhere]">
            {line}
          </li>
        ))}
      </ul>
    </div>
  );
}
