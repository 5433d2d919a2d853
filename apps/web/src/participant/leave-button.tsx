import { AlertDialog } from '@base-ui/react/alert-dialog';
import { Button, buttonLook } from '../ui/button.tsx';

/** Leaves at once, unless others depend on this device just now. */
export function LeaveButton({ onDuty, onLeave }: { onDuty: boolean; onLeave: () => void }) {
  if (!onDuty) return <Button onClick={onLeave}>Leave</Button>;
  return (
    <AlertDialog.Root>
      <AlertDialog.Trigger className={buttonLook()}>Leave</AlertDialog.Trigger>
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className="fixed inset-0 bg-[#000]/40" />
        <AlertDialog.Popup className="fixed left-1/2 top-1/2 w-[min(28rem,calc(100vw-2rem))] -translate-x-1/2 -translate-y-1/2 rounded-2xl border border-line bg-surface p-6 shadow-2xl">
          <AlertDialog.Title className="text-lg font-semibold">Others depend on this device just now</AlertDialog.Title>
          <AlertDialog.Description className="mt-2 text-muted">
            It is on the committee that opens the sum. If too many members leave, the round is lost for everybody and
            starts over.
          </AlertDialog.Description>
          <div className="mt-6 flex flex-wrap justify-end gap-3">
            <AlertDialog.Close className={buttonLook('primary')}>Stay</AlertDialog.Close>
            <AlertDialog.Close className={buttonLook('danger')} onClick={onLeave}>
              Leave all the same
            </AlertDialog.Close>
          </div>
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
