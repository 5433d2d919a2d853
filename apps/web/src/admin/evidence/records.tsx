import type { PublishedRound } from '@sotto/protocol/run';
import { useState } from 'react';
import { Link } from 'react-router';
import { Button } from '../../ui/button.tsx';
import { Fingerprint } from '../../ui/fingerprint.tsx';
import { formatCount, formatDate, formatShare } from '../../ui/quantity.ts';
import { ScrollRegion } from '../../ui/scroll-region.tsx';

/** Beyond these the page shows the latest until it is told to show more. */
const AT_ONCE = 30;

/** The published rounds of a run, the latest first, each with the way to its record. */
export function Records({ task, rounds }: { task: string; rounds: readonly PublishedRound[] }) {
  const [count, setCount] = useState(AT_ONCE);
  const newest = rounds.toReversed();
  return (
    <>
      <ScrollRegion label="Rounds and their records">
        <table className="w-full min-w-[34rem] text-left text-sm" data-testid="records">
          <thead className="text-muted">
            <tr className="border-b border-line">
              <th className="py-2 pr-4 font-medium">Round</th>
              <th className="py-2 pr-4 font-medium">Published</th>
              <th className="py-2 pr-4 text-right font-medium">Contributors</th>
              <th className="py-2 pr-4 text-right font-medium">Right</th>
              <th className="py-2 font-medium">Record</th>
            </tr>
          </thead>
          <tbody>
            {newest.slice(0, count).map(({ round, endedAt, contributors, testAccuracy, transcript }) => (
              <tr key={round} className="border-b border-line last:border-0">
                <td className="py-2 pr-4">
                  <Link
                    className="text-accent underline underline-offset-4"
                    to={`/admin/t/${task}/evidence/${transcript}`}
                  >
                    Round {round}
                  </Link>
                </td>
                <td className="whitespace-nowrap py-2 pr-4">{formatDate(endedAt)}</td>
                <td className="py-2 pr-4 text-right">{formatCount(contributors)}</td>
                <td className="py-2 pr-4 text-right">{formatShare(testAccuracy)}</td>
                <td className="py-2">
                  <Fingerprint of={transcript} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollRegion>
      {count < newest.length && (
        <Button look="quiet" className="mt-3" onClick={() => setCount((before) => before + 10 * AT_ONCE)}>
          Show earlier rounds ({newest.length - count} more)
        </Button>
      )}
    </>
  );
}
