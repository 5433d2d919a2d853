import { useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import type { Session } from './session.ts';

export function TokenForm({ session: { openId, refusal, signIn } }: { session: Session }) {
  const [token, setToken] = useState('');
  const [busy, setBusy] = useState(false);
  return (
    <form
      className="space-y-5"
      onSubmit={async (event) => {
        event.preventDefault();
        setBusy(true);
        // The whole link is as good as the token in it.
        await signIn(token.trim().replace(/^.*#token=/, ''));
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
  );
}
