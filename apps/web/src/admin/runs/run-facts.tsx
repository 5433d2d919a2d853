import type { RoundTotals } from '@sotto/protocol/admin/runs';
import type { Budget } from '@sotto/protocol/budget';
import type { RunSummary } from '@sotto/protocol/run';
import type { ReactNode } from 'react';
import { ProgressBar } from '../../ui/progress-bar.tsx';
import {
  formatBytes,
  formatCount,
  formatDecimal,
  formatDuration,
  formatExact,
  formatPlural,
  formatShare,
  formatSpent,
} from '../../ui/quantity.ts';
import { describeSettings } from './run-wording.ts';

/** How the run learns, which of its models did best, and what of its privacy budget is spent. */
export function RunFacts({ run, totals }: { run: RunSummary; totals: readonly RoundTotals[] }) {
  const { config, best, budget } = run;
  const published = run.rounds.filter((round) => round.kind === 'published');
  const latest = published.at(-1) ?? run.initial;
  const received = totals.reduce((sum, round) => sum + round.received, 0);
  const ended = run.rounds.at(-1)?.endedAt;
  return (
    <dl className="grid gap-5 text-sm sm:grid-cols-2 lg:grid-cols-3" data-testid="run-facts">
      <Fact name="Right on test data">
        <span data-testid="run-accuracy">{formatShare(latest.testAccuracy)}</span>, loss{' '}
        {formatDecimal(latest.testLoss, 3)}, after {formatPlural(published.length, 'round')}
      </Fact>
      <Fact name="Strategy">
        {describeSettings(config).map((line) => (
          <p key={line}>{line}</p>
        ))}
      </Fact>
      <Fact name="Best model">
        {formatShare(best.testAccuracy)} right, after round {best.round}
      </Fact>
      {received > 0 && <Fact name="Received from devices">{formatBytes(received)} in all</Fact>}
      {ended !== undefined && <Fact name="Took so far">{formatDuration(ended - run.startedAt)}</Fact>}
      {budget && (
        <Fact name="Privacy budget">
          <Spending budget={budget} />
        </Fact>
      )}
    </dl>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="min-w-0">
      <dt className="text-muted">{name}</dt>
      <dd className="mt-0.5 [overflow-wrap:anywhere]">{children}</dd>
    </div>
  );
}

function Spending({ budget: { epsilon, delta, contributors, spent, atEnd, roundsLeft } }: { budget: Budget }) {
  const soFar =
    epsilon === null
      ? `ε = ${formatSpent(spent)} spent, about ${formatSpent(atEnd)} at the end`
      : `ε = ${formatSpent(spent)} of ${formatExact(epsilon)} spent`;
  return (
    <div data-testid="run-budget" data-spent={spent}>
      <p className="tabular-nums">
        {soFar}
        {roundsLeft !== null &&
          `, ${roundsLeft === 0 ? 'not enough left for another round' : `${formatPlural(roundsLeft, 'round')} left`}`}
      </p>
      {epsilon !== null && (
        <div className="my-2">
          <ProgressBar label="Privacy budget" value={Math.min(1, spent / epsilon)} text={soFar} />
        </div>
      )}
      <p className="text-muted">
        δ = {formatExact(delta)}, counting on the noise of {formatCount(contributors)} honest contributors in each sum
      </p>
    </div>
  );
}
