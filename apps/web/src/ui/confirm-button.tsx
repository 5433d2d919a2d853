import { AlertDialog } from '@base-ui/react/alert-dialog';
import { type ReactNode, type RefObject, useRef } from 'react';
import { buttonLook } from './button.tsx';

interface ConfirmButtonProps {
  label: string;
  title: string;
  children: ReactNode;
  /** What confirming is called, and what staying as it is. */
  confirm: string;
  keep: string;
  onConfirm: () => void;
  /** It is about to ask. */
  onAsk?: () => void;
  /** A milder way of doing it. */
  instead?: string;
  onInstead?: () => void;
  /** Where the focus goes after confirming, if the button is gone by then. */
  finalFocus?: RefObject<HTMLElement | null>;
}

/** A button for what cannot be taken back: it asks first. */
export function ConfirmButton({
  label,
  title,
  children,
  confirm,
  keep,
  onConfirm,
  onAsk,
  instead,
  onInstead,
  finalFocus,
}: ConfirmButtonProps) {
  const confirmed = useRef(false);
  const ask = () => {
    confirmed.current = false;
    onAsk?.();
  };
  return (
    <AlertDialog.Root onOpenChange={(open) => open && ask()}>
      <AlertDialog.Trigger className={buttonLook()}>{label}</AlertDialog.Trigger>
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className="fixed inset-0 z-10 bg-[#000]/45" />
        <AlertDialog.Popup
          finalFocus={() => (confirmed.current && finalFocus?.current) || true}
          className="fixed left-1/2 top-1/2 z-20 max-h-[calc(100dvh-2rem)] w-[min(28rem,calc(100vw-2rem))] overflow-y-auto -translate-x-1/2 -translate-y-1/2 rounded-2xl border border-line bg-surface p-6 shadow-2xl"
        >
          <AlertDialog.Title className="text-lg font-semibold">{title}</AlertDialog.Title>
          <AlertDialog.Description className="mt-2 text-muted">{children}</AlertDialog.Description>
          <div className="mt-6 flex flex-wrap justify-end gap-3">
            <AlertDialog.Close className={buttonLook('primary')}>{keep}</AlertDialog.Close>
            {instead && (
              <AlertDialog.Close className={buttonLook('danger')} onClick={onInstead}>
                {instead}
              </AlertDialog.Close>
            )}
            <AlertDialog.Close
              className={buttonLook('danger')}
              onClick={() => {
                confirmed.current = true;
                onConfirm();
              }}
            >
              {confirm}
            </AlertDialog.Close>
          </div>
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
