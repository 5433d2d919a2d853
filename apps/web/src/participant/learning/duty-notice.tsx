import type { ParticipantState } from '@sotto/participant/state';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Notice } from '../../ui/notice.tsx';
import { formatDuration, formatMinute } from '../../ui/quantity.ts';
import { isOver } from './moment.ts';

/** On the committee, closing the tab may cost everybody the round. */
export function DutyNotice({ participant }: { participant: ParticipantState }) {
  const { t } = useTranslation('trust');
  const { seat, dutyUntil, phase, status } = participant;
  if (dutyUntil !== null)
    return (
      <Notice tone="warn" title={t('duty.title', { until: formatMinute(dutyUntil) })} testId="duty">
        {seat === 'asked' ? t('duty.asked') : t('duty.text')} <Countdown until={dutyUntil} />
      </Notice>
    );
  // In the next round it would be untimely.
  if (seat !== 'served' || (phase !== 'idle' && phase !== 'sent')) return null;
  const goesOn = status !== null && !isOver(status);
  return (
    <Notice tone="calm" title={goesOn ? t('duty.roundOver') : t('duty.over')} testId="duty-over">
      {goesOn ? t('duty.roundOverText') : t('duty.overText')}
    </Notice>
  );
}

/** Second by second to the eye; a screen reader hears the time once, from the title. */
function Countdown({ until }: { until: number }) {
  const { t } = useTranslation('trust');
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const tick = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(tick);
  }, []);
  const left = Math.max(0, until - now);
  return (
    <span aria-live="off" data-testid="duty-left">
      {t('duty.left', { left: formatDuration(Math.ceil(left / 1000) * 1000) })}
    </span>
  );
}
