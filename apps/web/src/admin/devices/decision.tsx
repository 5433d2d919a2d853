import type { DeviceEntry } from '@sotto/protocol/admin/devices';
import type { TaskAdmission } from '@sotto/protocol/admission';
import { Button } from '../../ui/button.tsx';
import { ConfirmButton } from '../../ui/confirm-button.tsx';

export type Decide = (device: DeviceEntry, verdict: 'admitted' | 'revoked') => void;

interface DecisionProps {
  device: DeviceEntry;
  admission: TaskAdmission;
  onDecide: Decide;
}

/** Whether a device is let in, and what can be done about it. */
export function Decision({ device, admission, onDecide }: DecisionProps) {
  const { verdict } = device;
  const allow = (label: string) => <Button onClick={() => onDecide(device, 'admitted')}>{label}</Button>;
  const shutOut = (
    <ConfirmButton
      label={verdict === 'waiting' ? 'Refuse' : 'Shut out'}
      title="Shut this device out?"
      confirm="Shut it out"
      keep="Leave it"
      onConfirm={() => onDecide(device, 'revoked')}
    >
      Its session ends at once. An update of a round that is still collecting is dropped; what the committee has been
      shown already stays in the sum. You can let it in again.
    </ConfirmButton>
  );
  if (verdict === 'revoked')
    return (
      <span className="inline-flex items-center gap-2">
        <span className="text-bad">shut out</span> {allow('Let in again')}
      </span>
    );
  if (verdict === 'waiting')
    return (
      <span className="inline-flex items-center gap-2">
        {admission === 'certified' ? <span className="text-warn">no certificate</span> : allow('Approve')}
        {shutOut}
      </span>
    );
  return shutOut;
}
