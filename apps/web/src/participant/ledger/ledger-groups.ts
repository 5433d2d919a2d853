import type { LedgerEntry } from '@sotto/participant/ledger';

export interface LedgerGroup {
  readonly first: LedgerEntry;
  readonly count: number;
  readonly bytes: number;
}

/** Latest first; messages of one name and round that follow one another (the parts of an upload) as one. */
export function groupLedger(entries: readonly LedgerEntry[]): LedgerGroup[] {
  const groups: LedgerGroup[] = [];
  for (const entry of entries) {
    const last = groups.at(-1);
    if (last?.first.name === entry.name && last.first.round === entry.round)
      groups[groups.length - 1] = { ...last, count: last.count + 1, bytes: last.bytes + entry.bytes };
    else groups.push({ first: entry, count: 1, bytes: entry.bytes });
  }
  return groups.reverse();
}
