import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { formatCount, formatShare } from '../../ui/quantity.ts';
import { ScrollRegion } from '../../ui/scroll-region.tsx';
import { useTask } from '../frame/context.ts';
import { lineageQuery, modelPath } from './queries.ts';
import { Trouble } from './trouble.tsx';
import { nameOf } from './wording.ts';

const LINK = 'font-mono text-xs text-accent underline underline-offset-4';

/** What made the version, and what made the one before: round by round, over runs. */
export function Lineage({ model }: { model: string }) {
  const { id } = useTask();
  const query = useInfiniteQuery(lineageQuery(id, model));
  const steps = query.data?.pages.flatMap((page) => page.steps) ?? [];
  return (
    <Card title="Where it is from" testId="lineage">
      {query.error && <Trouble error={query.error} onRetry={() => void query.refetch()} />}
      <ScrollRegion label="Rounds behind this version">
        <table className="w-full min-w-[40rem] text-left text-sm">
          <thead className="text-muted">
            <tr className="border-b border-line">
              <th className="py-2 pr-4 font-medium">Round</th>
              <th className="py-2 pr-4 text-right font-medium">Right</th>
              <th className="py-2 pr-4 text-right font-medium">Updates</th>
              <th className="py-2 pr-4 font-medium">Transcript</th>
              <th className="py-2 pr-4 font-medium">Plan</th>
              <th className="py-2 font-medium">Model before</th>
            </tr>
          </thead>
          <tbody>
            {steps.map((step, i) => (
              <tr key={step.model} className="border-b border-line last:border-0" data-testid="step">
                <td className="py-2 pr-4">
                  {nameOf(step)}
                  {step.run !== steps[i - 1]?.run && <span className="block text-xs text-muted">{step.run}</span>}
                </td>
                <td className="py-2 pr-4 text-right">{formatShare(step.testAccuracy)}</td>
                <td className="py-2 pr-4 text-right">
                  {step.transcript === null ? '–' : formatCount(step.contributors)}
                </td>
                <td className="py-2 pr-4">
                  {step.transcript === null ? (
                    '–'
                  ) : (
                    <Link className={LINK} to={`/admin/t/${id}/evidence/${step.transcript}`}>
                      {step.transcript.slice(0, 8)}
                    </Link>
                  )}
                </td>
                <td className="space-x-2 py-2 pr-4">
                  {step.plans.map((plan) => (
                    <a key={plan} className={LINK} href={`/api/plans/${plan}`}>
                      {plan.slice(0, 8)}
                    </a>
                  ))}
                  {step.plans.length === 0 && '–'}
                </td>
                <td className="py-2">
                  {step.before === null ? (
                    '–'
                  ) : (
                    <Link className={LINK} to={modelPath(id, step.before)}>
                      {step.before.slice(0, 8)}
                    </Link>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollRegion>
      {query.hasNextPage && (
        <Button className="mt-4" disabled={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          Show earlier rounds
        </Button>
      )}
    </Card>
  );
}
