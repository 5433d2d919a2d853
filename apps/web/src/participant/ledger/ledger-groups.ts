import type { LedgerEntry } from '@sotto/participant/ledger';

const WHAT: Record<LedgerEntry['name'], string> = {
  hello: 'Introduction of this device',
  'one-time-key': 'Public key for committee duty',
  upload: 'Announcement of the sealed update',
  part: 'Sealed update, a part',
  commit: 'All parts are sent',
  withdraw: 'Wish to take the update back',
  remember: 'The last round this device took part in',
  candidates: 'Request for sealed boxes to check',
  answer: 'Committee: answer to the check',
  vote: 'Committee: vote on whose updates count',
  opening: 'Committee: opening of the sum',
};

export interface LedgerGroup {
  readonly first: LedgerEntry;
  readonly what: string;
  readonly count: number;
  readonly bytes: number;
}

/** Latest first; messages of one name that follow one another (the parts of an upload) as one line. */
export function groupLedger(entries: readonly LedgerEntry[]): LedgerGroup[] {
  const groups: LedgerGroup[] = [];
  for (const entry of entries) {
    const last = groups.at(-1);
    if (last?.first.name === entry.name)
      groups[groups.length - 1] = { ...last, count: last.count + 1, bytes: last.bytes + entry.bytes };
    else groups.push({ first: entry, what: WHAT[entry.name], count: 1, bytes: entry.bytes });
  }
  return groups.reverse();
}
