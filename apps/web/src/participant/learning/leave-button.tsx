import { Button } from '../../ui/button.tsx';
import { ConfirmButton } from '../../ui/confirm-button.tsx';

/** Leaves at once, unless others depend on this device just now. */
export function LeaveButton({ onDuty, onLeave }: { onDuty: boolean; onLeave: () => void }) {
  if (!onDuty) return <Button onClick={onLeave}>Leave</Button>;
  return (
    <ConfirmButton
      label="Leave"
      title="Others depend on this device just now"
      confirm="Leave all the same"
      keep="Stay"
      onConfirm={onLeave}
    >
      It is on the committee that opens the sum. If too many members leave, the round is lost for everybody and starts
      over.
    </ConfirmButton>
  );
}
