import { useTranslation } from 'react-i18next';
import { Notice } from '../../ui/notice.tsx';
import { formatClock } from '../../ui/quantity.ts';

/** On the committee, closing the tab may cost everybody the round. */
export function DutyNotice({ until }: { until: number }) {
  const { t } = useTranslation('learning');
  return (
    <Notice tone="warn" title={t('duty.title', { time: formatClock(until) })} testId="duty">
      {t('duty.detail')}
    </Notice>
  );
}
