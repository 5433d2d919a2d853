import type { LedgerEntry } from '@sotto/participant/ledger';
import { expect, it } from 'vitest';
import { groupLedger } from './ledger-groups.ts';

const entry = (name: LedgerEntry['name'], bytes: number): LedgerEntry => ({
  at: bytes,
  name,
  nature: 'public',
  bytes,
  digest: `${bytes}`,
});

it('the ledger shows the parts of an upload as one line, the latest first, and loses no byte', () => {
  const entries = [entry('upload', 1), entry('part', 2), entry('part', 3), entry('commit', 4), entry('part', 5)];
  const groups = groupLedger(entries);
  expect(groups.map(({ first, count, bytes }) => [first.name, count, bytes])).toEqual([
    ['part', 1, 5],
    ['commit', 1, 4],
    ['part', 2, 5],
    ['upload', 1, 1],
  ]);
});
