import { AlertDialog } from '@base-ui/react/alert-dialog';
import type { ReactNode } from 'react';
import { buttonLook } from './button.tsx';

interface ConfirmButtonProps {
  label: string;
  title: string;
  children: ReactNode;
  /** What confirming is called, and what staying as it is. */
  confirm: string;
  keep: string;
  onConfirm: () => void;
  /** A milder way of doing it. */
  instead?: string;
  onInstead?: () => void;
}

/** A button for what cannot be taken back: it asks first. */
export function ConfirmButton({
  label,
  title,
  children,
  confirm,
  keep,
  onConfirm,
  instead,
  onInstead,
}: ConfirmButtonProps) {
  return (
    <AlertDialog.Root>
      <AlertDialog.Trigger className={buttonLook()}>{label}</AlertDialog.Trigger>
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className="fixed inset-0 z-10 bg-[#000]/45" />
        <AlertDialog.Popup className="fixed left-1/2 top-1/2 z-20 max-h-[calc(100dvh-2rem)] w-[min(28rem,calc(100vw-2rem))] overflow-y-auto -translate-x-1/2 -translate-y-1/2 rounded-2xl border border-line bg-surface p-6 shadow-2xl">
          <AlertDialog.Title className="text-lg font-semibold">{title}</AlertDialog.Title>
          <AlertDialog.Description className="mt-2 text-muted">{children}</AlertDialog.Description>
          <div className="mt-6 flex flex-wrap justify-end gap-3">
            <AlertDialog.Close className={buttonLook('primary')}>{keep}</AlertDialog.Close>
            {instead && (
              <AlertDialog.Close className={buttonLook('danger')} onClick={onInstead}>
                {instead}
              </AlertDialog.Close>
            )}
            <AlertDialog.Close className={buttonLook('danger')} onClick={onConfirm}>
              {confirm}
            </AlertDialog.Close>
          </div>
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
