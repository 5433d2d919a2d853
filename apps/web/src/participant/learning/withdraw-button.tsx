import type { ParticipantState } from '@sotto/participant/state';
import type { Status } from '@sotto/protocol/run';
import type { RefObject } from 'react';
import { useTranslation } from 'react-i18next';
import { ConfirmButton } from '../../ui/confirm-button.tsx';

interface WithdrawButtonProps {
  participant: ParticipantState;
  status: Status;
  onWithdraw: () => void;
  finalFocus: RefObject<HTMLElement | null>;
}

/** Once the round no longer takes updates, the committee works on those it has: whoever still wondered is told so. */
export function WithdrawButton({ participant, status, onWithdraw, finalFocus }: WithdrawButtonProps) {
  const { t } = useTranslation('learning');
  const why = whyNot(participant, status);
  return (
    <ConfirmButton
      label={t('withdraw.label')}
      title={t('withdraw.title')}
      confirm={t('withdraw.confirm')}
      keep={t('withdraw.keep')}
      onConfirm={onWithdraw}
      finalFocus={finalFocus}
      lapsed={why && { title: t(`withdraw.${why}.title`), text: t(`withdraw.${why}.detail`), ok: t('withdraw.ok') }}
    >
      {t('withdraw.detail')}
    </ConfirmButton>
  );
}

/** Why the update cannot be taken back now; undefined when it can. */
function whyNot({ connection, phase }: ParticipantState, status: Status): 'away' | 'late' | 'over' | undefined {
  if (connection !== 'connected') return 'away';
  if (phase !== 'sending' && phase !== 'sent') return 'over';
  if (status.phase === 'collecting') return undefined;
  return phase === 'sent' ? 'late' : 'over';
}
