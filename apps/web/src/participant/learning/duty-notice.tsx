import { Notice } from '../../ui/notice.tsx';
import { formatClock } from '../../ui/quantity.ts';

/** On the committee, closing the tab may cost everybody the round. */
export function DutyNotice({ until }: { until: number }) {
  return (
    <Notice tone="warn" title={`Please keep this tab open until ${formatClock(until)} at the latest`} testId="duty">
      This device is on the committee of this round: it helps to open the sum, and nothing but the sum. It is usually
      over much sooner; this notice then goes away.
    </Notice>
  );
}
