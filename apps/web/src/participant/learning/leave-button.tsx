import { useTranslation } from 'react-i18next';
import { Button } from '../../ui/button.tsx';
import { ConfirmButton } from '../../ui/confirm-button.tsx';
import type { Duty } from '../duty.ts';

/** Leaves at once, unless others depend on this device just now. */
export function LeaveButton({ duty, onLeave }: { duty: Duty | null; onLeave: () => void }) {
  const { t } = useTranslation('learning');
  if (!duty) return <Button onClick={onLeave}>{t('leave.leave')}</Button>;
  return (
    <ConfirmButton
      label={t('leave.leave')}
      title={t(`leave.title.${duty.place}`)}
      confirm={t('leave.confirm')}
      keep={t('leave.stay')}
      onConfirm={onLeave}
    >
      {t(`leave.detail.${duty.place}`)}
    </ConfirmButton>
  );
}
