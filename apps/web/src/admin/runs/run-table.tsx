import type { RunLine } from '@sotto/protocol/admin/runs';
import { useState } from 'react';
import { Link } from 'react-router';
import { buttonLook } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { formatDate, formatDuration, formatShare, formatSpent } from '../../ui/quantity.ts';
import { ScrollRegion } from '../../ui/scroll-region.tsx';
import { describeSettings } from './run-wording.ts';
import { Sparkline } from './sparkline.tsx';
import { StateMark } from './state-mark.tsx';

const CELL = 'py-2 pr-4';
/** Beyond these the page shows the latest until it is told to show all. */
const FIRST = 50;

/** All runs, the newest first; those that are ticked can be compared. */
export function RunTable({ task, runs }: { task: string; runs: readonly RunLine[] }) {
  const [ticked, setTicked] = useState<readonly string[]>([]);
  const [all, setAll] = useState(false);
  const shown = all ? runs : runs.slice(0, FIRST);
  const isNoisy = runs.some(({ budget }) => budget !== null);
  const tick = (run: string) =>
    setTicked((before) => (before.includes(run) ? before.filter((other) => other !== run) : [...before, run]));
  return (
    <Card
      title="All runs"
      testId="run-table"
      aside={
        ticked.length > 1 ? (
          <Link to={`/admin/t/${task}/compare?runs=${ticked.join(',')}`} className={buttonLook('primary')}>
            Compare {ticked.length} runs
          </Link>
        ) : (
          runs.length > 1 && 'Tick two or more to compare them'
        )
      }
    >
      <ScrollRegion label="Run by run">
        <table className="w-full min-w-[44rem] text-left text-sm">
          <thead className="text-muted">
            <tr className="border-b border-line">
              <th className={`${CELL} relative w-8`}>
                <span className="sr-only">Compare</span>
              </th>
              <th className={`${CELL} font-medium`}>Run</th>
              <th className={`${CELL} font-medium`}>State</th>
              <th className={`${CELL} font-medium`}>Learns by</th>
              <th className={`${CELL} text-right font-medium`}>Rounds</th>
              <th className={`${CELL} text-right font-medium`}>Right</th>
              <th className={`${CELL} font-medium`}>So far</th>
              {isNoisy && <th className={`${CELL} text-right font-medium`}>ε spent</th>}
              <th className={`${CELL} font-medium`}>Started</th>
              <th className="py-2 text-right font-medium">Took</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((run) => (
              <tr key={run.run} className="border-b border-line last:border-0" data-testid="run-row" data-run={run.run}>
                <td className={CELL}>
                  <input
                    type="checkbox"
                    aria-label={`Compare ${run.run}`}
                    checked={ticked.includes(run.run)}
                    onChange={() => tick(run.run)}
                    className="size-4 accent-accent"
                  />
                </td>
                <td className={CELL}>
                  <Link
                    to={`/admin/t/${task}/runs/${run.run}`}
                    className="whitespace-nowrap font-medium text-accent underline underline-offset-4"
                  >
                    {run.run}
                  </Link>
                </td>
                <td className={CELL}>
                  <StateMark state={run.state} />
                </td>
                <td className={CELL}>{describeSettings(run.config)[0]}</td>
                <td className={`${CELL} text-right whitespace-nowrap`}>
                  {run.published} of {run.config.rounds}
                  {run.abandoned > 0 && <span className="text-warn"> + {run.abandoned} given up</span>}
                </td>
                <td className={`${CELL} text-right whitespace-nowrap`}>{formatShare(run.testAccuracy)}</td>
                <td className={CELL}>
                  <Sparkline values={run.curve} />
                </td>
                {isNoisy && (
                  <td className={`${CELL} text-right whitespace-nowrap`}>
                    {run.budget ? formatSpent(run.budget.spent) : 'no noise'}
                  </td>
                )}
                <td className={`${CELL} whitespace-nowrap`}>{formatDate(run.startedAt)}</td>
                <td className="py-2 text-right whitespace-nowrap">
                  {run.endedAt === null ? '–' : formatDuration(run.endedAt - run.startedAt)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollRegion>
      {shown.length < runs.length && (
        <button type="button" className={`${buttonLook('quiet')} mt-3`} onClick={() => setAll(true)}>
          Show all {runs.length} runs
        </button>
      )}
    </Card>
  );
}
