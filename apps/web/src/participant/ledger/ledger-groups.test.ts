import type { LedgerEntry } from '@sotto/participant/ledger';
import { expect, it } from 'vitest';
import { ledgerCsv, ledgerLines } from './ledger-files.ts';
import { groupLedger } from './ledger-groups.ts';

const entry = (name: LedgerEntry['name'], bytes: number, round: number | null = 1): LedgerEntry => ({
  at: bytes,
  name,
  nature: 'public',
  bytes,
  digest: `${bytes}`,
  round,
  planHash: null,
});

it('the ledger shows the parts of an upload as one, the latest first, and loses no byte', () => {
  const entries = [
    entry('upload', 1),
    entry('part', 2),
    entry('part', 3),
    entry('commit', 4),
    entry('part', 5),
    entry('part', 6, 2),
  ];
  const groups = groupLedger(entries);
  expect(groups.map(({ first, count, bytes }) => [first.name, count, bytes])).toEqual([
    ['part', 1, 6],
    ['part', 1, 5],
    ['commit', 1, 4],
    ['part', 2, 5],
    ['upload', 1, 1],
  ]);
});

it('the downloads list every message in the order in which it left, as CSV and as JSON Lines', () => {
  const entries = [entry('hello', 10, null), entry('part', 20)];
  expect(ledgerCsv('digits', entries)).toBe(
    [
      'when,task,round,message,nature,bytes,sha256,plan',
      '1970-01-01T00:00:00.010Z,digits,,hello,public,10,10,',
      '1970-01-01T00:00:00.020Z,digits,1,part,public,20,20,',
      '',
    ].join('\r\n'),
  );
  const lines = ledgerLines('digits', entries).trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { when: '1970-01-01T00:00:00.010Z', task: 'digits', round: null, message: 'hello', sha256: '10', plan: null },
    { round: 1, message: 'part', bytes: 20 },
  ]);
});
