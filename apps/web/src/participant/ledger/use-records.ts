import type { LedgerPlace } from '@sotto/participant/ledger';
import type { Records } from '@sotto/participant/records.browser';
import type { ParticipantState } from '@sotto/participant/state';
import { useEffect, useState } from 'react';

/** What this device knows: of the session while there is one, of earlier ones before. Null until it is read. */
export function useRecords(
  { coordinator, task }: LedgerPlace,
  device: string | null,
  participant: ParticipantState | null,
): Records | null {
  const [kept, setKept] = useState<Records | null>(null);
  const live = participant?.coordinator === coordinator;
  useEffect(() => {
    if (live) return;
    let current = true;
    // What cannot be read (storage is blocked) is as if it were not there: taking part says why it cannot.
    import('@sotto/participant/records.browser')
      .then(({ readRecords }) => readRecords(device, { coordinator, task }))
      .then(
        (records) => current && setKept(records),
        () => {},
      );
    return () => {
      current = false;
    };
  }, [coordinator, task, device, live]);
  if (!live) return kept;
  const { ledgerTotals, ledger, history, agreement } = participant;
  return { totals: ledgerTotals, latest: ledger, history, agreement };
}
