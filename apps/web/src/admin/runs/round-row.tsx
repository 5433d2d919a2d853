import { adviseOn } from '@sotto/protocol/admin/abandonment';
import type { RoundTotals } from '@sotto/protocol/admin/runs';
import type { RoundOutcome, RunSummary } from '@sotto/protocol/run';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../ui/button.tsx';
import {
  formatBytes,
  formatCount,
  formatDecimal,
  formatDuration,
  formatPlural,
  formatShare,
  formatSpent,
} from '../../ui/quantity.ts';
import { RoundDetail } from './round-detail.tsx';
import { describeLeftOut } from './run-wording.ts';

interface RoundRowProps {
  run: RunSummary;
  round: RoundOutcome;
  totals: RoundTotals | undefined;
  isNoisy: boolean;
}

/** A round in its line; more of it on demand. */
export function RoundRow({ run, round, totals, isNoisy }: RoundRowProps) {
  const { t } = useTranslation('ledger');
  const [open, setOpen] = useState(false);
  const leftOut = round.groups && describeLeftOut(t, round.groups);
  const columns = isNoisy ? 10 : 9;
  return (
    <>
      <tr
        className={open || leftOut ? '' : 'border-b border-line last:border-0'}
        data-testid="round-row"
        data-kind={round.kind}
      >
        <td className="py-2 pr-4 align-top">{round.round}</td>
        {round.kind === 'published' ? (
          <>
            <Figure>{formatShare(round.testAccuracy)}</Figure>
            <Figure>{formatDecimal(round.testLoss, 3)}</Figure>
            <Figure>
              {formatCount(round.contributors)}
              {round.groups && <p className="text-muted">in {formatPlural(round.groups.length, 'group')}</p>}
            </Figure>
            <Figure>{formatBytes(round.uploadBytes)}</Figure>
          </>
        ) : (
          <td colSpan={4} className="py-2 pr-4">
            <Abandonment reason={round.reason} />
          </td>
        )}
        <Figure>{totals ? formatBytes(totals.received) : '–'}</Figure>
        <Figure>{totals ? formatCount(totals.refused) : '–'}</Figure>
        {isNoisy && <Figure>{round.epsilon === undefined ? '–' : formatSpent(round.epsilon)}</Figure>}
        <Figure>{formatDuration(round.endedAt - round.startedAt)}</Figure>
        <td className="py-1 text-right align-top">
          <Button
            look="quiet"
            aria-expanded={open}
            aria-label={`${open ? 'Less' : 'More'} of round ${round.round}`}
            onClick={() => setOpen((before) => !before)}
          >
            {open ? 'Less' : 'More'}
          </Button>
        </td>
      </tr>
      {leftOut && (
        <tr className={open ? '' : 'border-b border-line last:border-0'} data-testid="left-out">
          <td />
          <td colSpan={columns - 1} className="pr-4 pb-2 text-muted">
            {leftOut}
          </td>
        </tr>
      )}
      {open && (
        <tr className="border-b border-line last:border-0">
          <td colSpan={columns} className="pb-4">
            <RoundDetail run={run} round={round} />
          </td>
        </tr>
      )}
    </>
  );
}

function Figure({ children }: { children: ReactNode }) {
  return <td className="py-2 pr-4 text-right align-top whitespace-nowrap">{children}</td>;
}

function Abandonment({ reason }: { reason: string }) {
  const { why, remedy } = adviseOn(reason);
  return (
    <div className="max-w-xl" data-testid="abandoned" data-reason={reason}>
      <p className="text-warn">Given up. {why}</p>
      {remedy && <p className="mt-1 text-muted">{remedy}</p>}
    </div>
  );
}
