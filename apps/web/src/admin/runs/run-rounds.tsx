import type { RoundTotals } from '@sotto/protocol/admin/runs';
import type { RunSummary } from '@sotto/protocol/run';
import { useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { ScrollRegion } from '../../ui/scroll-region.tsx';
import { RoundRow } from './round-row.tsx';

/** Beyond these the page shows the latest until it is told to show more. */
const AT_ONCE = 30;

/** Every round, published or given up, the latest first. */
export function RunRounds({ run, totals }: { run: RunSummary; totals: readonly RoundTotals[] }) {
  const [count, setCount] = useState(AT_ONCE);
  const byRound = new Map(totals.map((total) => [total.round, total]));
  const isNoisy = run.config.dp !== null;
  const newest = run.rounds.toReversed();
  return (
    <Card title="Rounds">
      <ScrollRegion label="Round by round">
        <table className="w-full min-w-[40rem] text-left text-sm">
          <thead className="text-muted">
            <tr className="border-b border-line">
              <th className="py-2 pr-4 font-medium">Round</th>
              <th className="py-2 pr-4 text-right font-medium">Right</th>
              <th className="py-2 pr-4 text-right font-medium">Loss</th>
              <th className="py-2 pr-4 text-right font-medium">Updates</th>
              <th className="py-2 pr-4 text-right font-medium">Sent by each</th>
              <th className="py-2 pr-4 text-right font-medium">Received</th>
              <th className="py-2 pr-4 text-right font-medium">Refused</th>
              {isNoisy && <th className="py-2 pr-4 text-right font-medium">ε spent</th>}
              <th className="py-2 pr-4 text-right font-medium">Took</th>
              <th className="relative py-2 font-medium">
                <span className="sr-only">More</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {newest.slice(0, count).map((round) => (
              <RoundRow key={round.round} run={run} round={round} totals={byRound.get(round.round)} isNoisy={isNoisy} />
            ))}
          </tbody>
        </table>
      </ScrollRegion>
      {count < newest.length && (
        <Button look="quiet" className="mt-3" onClick={() => setCount((before) => before + 10 * AT_ONCE)}>
          Show earlier rounds ({newest.length - count} more)
        </Button>
      )}
    </Card>
  );
}
