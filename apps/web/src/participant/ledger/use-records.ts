import type { LedgerPlace } from '@sotto/participant/ledger';
import type { Records } from '@sotto/participant/records.browser';
import type { ParticipantState } from '@sotto/participant/state';
import { useEffect, useState } from 'react';
import { announceRecords, followRecords } from './record-news.ts';

/** What this device knows: of the session while this tab takes part, else of all before and of other tabs. Null until it is read. */
export function useRecords(
  { coordinator, task }: LedgerPlace,
  device: string | null,
  participant: ParticipantState | null,
  joined: boolean,
): Records | null {
  const [kept, setKept] = useState<Records | null>(null);
  const own = participant?.coordinator === coordinator ? recordsOf(participant) : null;
  const live = joined && own !== null;
  const whose = `${device ?? ''}/${coordinator}/${task}`;
  useEffect(() => {
    if (live) announceRecords(whose);
  }, [live, whose, own?.totals, own?.history, own?.agreement]);
  useEffect(() => {
    setKept(null);
    if (live) return;
    const read = async () => {
      const { readRecords } = await import('@sotto/participant/records.browser');
      return readRecords(device, { coordinator, task });
    };
    return followRecords(whose, read, setKept);
  }, [whose, coordinator, task, device, live]);
  return live ? own : (kept ?? own);
}

function recordsOf({ ledgerTotals, ledger, history, agreement }: ParticipantState): Records {
  return { totals: ledgerTotals, latest: ledger, history, agreement };
}
