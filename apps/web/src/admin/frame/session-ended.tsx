import { Dialog } from '@base-ui/react/dialog';
import { buttonLook } from '../../ui/button.tsx';
import type { Session } from './session.ts';
import { TokenForm } from './token-form.tsx';

/** Over the page, which stays as it is: nothing that was typed is lost. It goes once somebody is signed in, here or in another tab. */
export function SessionEnded({ session }: { session: Session }) {
  return (
    <Dialog.Root open modal>
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-30 bg-[#000]/45" />
        <Dialog.Popup
          lang="en"
          data-testid="session-ended"
          className="fixed left-1/2 top-1/2 z-40 max-h-[calc(100dvh-2rem)] w-[min(30rem,calc(100vw-2rem))] overflow-y-auto -translate-x-1/2 -translate-y-1/2 rounded-2xl border border-line bg-surface p-6 shadow-2xl"
        >
          <Dialog.Title className="text-lg font-semibold">Your session has ended</Dialog.Title>
          <Dialog.Description className="mt-2 mb-5 text-muted">
            Sign in again and go on where you were: the page behind this is as you left it, with all you typed. “sotto
            token” on the coordinator’s machine makes a link with a one-time token.
          </Dialog.Description>
          {session.openId && (
            <p className="mb-5">
              <a
                href="/api/admin/openid/start"
                target="_blank"
                rel="noopener"
                className={buttonLook('primary')}
                aria-label="Sign in with your organisation, in another tab"
              >
                Sign in with your organisation
              </a>
            </p>
          )}
          <TokenForm session={session} />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
