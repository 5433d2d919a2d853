import { useTranslation } from 'react-i18next';
import { Button } from '../../ui/button.tsx';
import { ConfirmButton } from '../../ui/confirm-button.tsx';

/** Leaves at once, unless others depend on this device just now. */
export function LeaveButton({ onDuty, onLeave }: { onDuty: boolean; onLeave: () => void }) {
  const { t } = useTranslation('learning');
  if (!onDuty) return <Button onClick={onLeave}>{t('leave.leave')}</Button>;
  return (
    <ConfirmButton
      label={t('leave.leave')}
      title={t('leave.title')}
      confirm={t('leave.confirm')}
      keep={t('leave.stay')}
      onConfirm={onLeave}
    >
      {t('leave.detail')}
    </ConfirmButton>
  );
}
