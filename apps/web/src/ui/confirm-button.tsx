import { AlertDialog } from '@base-ui/react/alert-dialog';
import { type ReactNode, type RefObject, useEffect, useRef, useState } from 'react';
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
  /** Where the focus goes when the button is gone by then. */
  finalFocus?: RefObject<HTMLElement | null>;
  /** It can no longer be done, and why: the button is gone, and whoever was being asked is told so. */
  lapsed?: Lapsed | undefined;
}

interface Lapsed {
  title: string;
  text: string;
  ok: string;
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
  lapsed,
}: ConfirmButtonProps) {
  const confirmed = useRef(false);
  const stay = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  /** What was asked does not come back, even if the like of it can soon be done again. */
  const [tooLate, setTooLate] = useState<Lapsed | null>(null);
  if (open && lapsed && !tooLate) setTooLate(lapsed);
  useEffect(() => {
    if (tooLate) stay.current?.focus();
  }, [tooLate]);
  const change = (open: boolean) => {
    setOpen(open);
    if (!open) return;
    setTooLate(null);
    confirmed.current = false;
    onAsk?.();
  };
  return (
    <AlertDialog.Root open={open} onOpenChange={change}>
      {!lapsed && <AlertDialog.Trigger className={buttonLook()}>{label}</AlertDialog.Trigger>}
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className="fixed inset-0 z-10 bg-[#000]/45" />
        <AlertDialog.Popup
          finalFocus={() => ((confirmed.current || tooLate) && finalFocus?.current) || true}
          className="fixed left-1/2 top-1/2 z-20 max-h-[calc(100dvh-2rem)] w-[min(28rem,calc(100vw-2rem))] overflow-y-auto -translate-x-1/2 -translate-y-1/2 rounded-2xl border border-line bg-surface p-6 shadow-2xl"
        >
          <div aria-live="polite">
            <AlertDialog.Title className="text-lg font-semibold">{tooLate?.title ?? title}</AlertDialog.Title>
            <AlertDialog.Description className="mt-2 text-muted">{tooLate?.text ?? children}</AlertDialog.Description>
          </div>
          <div className="mt-6 flex flex-wrap justify-end gap-3">
            <AlertDialog.Close ref={stay} className={buttonLook('primary')}>
              {tooLate?.ok ?? keep}
            </AlertDialog.Close>
            {instead && !tooLate && (
              <AlertDialog.Close className={buttonLook('danger')} onClick={onInstead}>
                {instead}
              </AlertDialog.Close>
            )}
            {!tooLate && (
              <AlertDialog.Close
                className={buttonLook('danger')}
                onClick={() => {
                  confirmed.current = true;
                  onConfirm();
                }}
              >
                {confirm}
              </AlertDialog.Close>
            )}
          </div>
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
