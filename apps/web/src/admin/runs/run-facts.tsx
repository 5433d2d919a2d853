import type { Budget } from '@sotto/protocol/budget';
import type { RunSummary } from '@sotto/protocol/run';
import type { ReactNode } from 'react';
import { ProgressBar } from '../../ui/progress-bar.tsx';
import { formatCount, formatExact, formatPlural, formatShare, formatSpent } from '../../ui/quantity.ts';
import { describeSettings } from './run-wording.ts';

/** How the run learns, which of its models did best, and what of its privacy budget is spent. */
export function RunFacts({ run: { config, best, budget } }: { run: RunSummary }) {
  return (
    <dl className="mt-6 grid gap-5 text-sm sm:grid-cols-2" data-testid="run-facts">
      <Fact name="Strategy">
        {describeSettings(config).map((line) => (
          <p key={line}>{line}</p>
        ))}
      </Fact>
      {best && (
        <Fact name="Best model">
          {formatShare(best.testAccuracy)} right, after round {best.round}
        </Fact>
      )}
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
