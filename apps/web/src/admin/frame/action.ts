import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ADMIN, isSignedOut, sessionQuery } from '../../api/queries.ts';

/** Something the admin does: whether it is under way, and why it was refused. What it changed is fetched anew. */
export function useAction(): {
  busy: boolean;
  refusal: string | null;
  run: (work: () => Promise<unknown>) => Promise<boolean>;
} {
  const client = useQueryClient();
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  return {
    busy,
    refusal,
    async run(work) {
      setBusy(true);
      setRefusal(null);
      try {
        await work();
        await client.invalidateQueries({ queryKey: ADMIN });
        return true;
      } catch (error) {
        if (isSignedOut(error)) void client.invalidateQueries({ queryKey: sessionQuery.queryKey });
        setRefusal(error instanceof Error ? error.message : String(error));
        return false;
      } finally {
        setBusy(false);
      }
    },
  };
}
