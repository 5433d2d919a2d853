import { useState } from 'react';
import { Button, buttonLook } from '../ui/button.tsx';
import { Card } from '../ui/card.tsx';
import { TextField } from '../ui/field.tsx';
import { Notice } from '../ui/notice.tsx';
import { PageTitle } from '../ui/page-title.tsx';

interface SignInProps {
  /** Why the sign-in service brought nobody back. */
  notice: string | null;
  refusal: string | null;
  /** Whether there is a sign-in service. */
  openId: boolean;
  onSignIn: (token: string) => Promise<void>;
}

export function SignIn({ notice, refusal, openId, onSignIn }: SignInProps) {
  const [token, setToken] = useState('');
  const [busy, setBusy] = useState(false);
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
        <form
          className="space-y-5"
          onSubmit={async (event) => {
            event.preventDefault();
            setBusy(true);
            // The whole link is as good as the token in it.
            await onSignIn(token.trim().replace(/^.*#token=/, ''));
            setBusy(false);
          }}
        >
          <TextField
            label="Token"
            name="token"
            autoComplete="off"
            spellCheck={false}
            required
            value={token}
            onChange={(event) => setToken(event.target.value)}
            error={refusal ?? undefined}
          />
          <Button type="submit" look={openId ? 'plain' : 'primary'} disabled={busy}>
            Sign in
          </Button>
        </form>
      </Card>
    </main>
  );
}
