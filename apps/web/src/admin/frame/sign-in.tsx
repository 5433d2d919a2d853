import { buttonLook } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { Notice } from '../../ui/notice.tsx';
import { PageTitle } from '../../ui/page-title.tsx';
import type { Session } from './session.ts';
import { TokenForm } from './token-form.tsx';

interface SignInProps {
  /** Why the sign-in service brought nobody back. */
  notice: string | null;
  session: Session;
}

export function SignIn({ notice, session }: SignInProps) {
  const { openId } = session;
  return (
    <main lang="en" data-testid="sign-in" className="mx-auto max-w-xl px-5 py-12">
      <PageTitle>Sign in to run a study</PageTitle>
      <p className="mt-3 text-muted">
        When the coordinator starts it prints a link with a one-time token. Open that link, or paste the token here.
        “sotto token” on its machine makes another.
      </p>
      {notice && (
        <div className="mt-6">
          <Notice tone="bad" title={notice} />
        </div>
      )}
      {openId && (
        <Card className="mt-8">
          <a href="/api/admin/openid/start" className={buttonLook('primary')}>
            Sign in with your organisation
          </a>
        </Card>
      )}
      <Card className={openId ? 'mt-5' : 'mt-8'}>
        <TokenForm session={session} />
      </Card>
    </main>
  );
}
