import { expect, test } from 'vitest';
import { addTallies, tallyLine, tallyVitest } from './tally.ts';

test('the last line names skipped tests only when there are any', () => {
  expect(tallyLine({ passed: 12, failed: 0, skipped: 0 })).toBe('12 passed, 0 failed');
  expect(tallyLine({ passed: 12, failed: 1, skipped: 3 })).toBe('12 passed, 1 failed, 3 skipped');
});

test('tallies add up', () => {
  const parts = [
    { passed: 1, failed: 2, skipped: 3 },
    { passed: 10, failed: 20, skipped: 30 },
  ];
  expect(addTallies(parts)).toEqual({ passed: 11, failed: 22, skipped: 33 });
});

test('a report is counted by its single tests; pending and to-do tests are skipped', () => {
  const statuses = ['passed', 'passed', 'failed', 'pending', 'todo', 'skipped'];
  const report = { testResults: [{ status: 'failed', assertionResults: statuses.map((status) => ({ status })) }] };
  expect(tallyVitest(report, 1)).toEqual({ passed: 2, failed: 1, skipped: 3 });
});

test('a file that does not load is a failure', () => {
  const report = {
    testResults: [
      { status: 'passed', assertionResults: [{ status: 'passed' }] },
      { status: 'failed', assertionResults: [] },
    ],
  };
  expect(tallyVitest(report, 1)).toEqual({ passed: 1, failed: 1, skipped: 0 });
});

test('a run that fails without a failed test, or without a report, is a failure', () => {
  const report = { testResults: [{ status: 'passed', assertionResults: [{ status: 'passed' }] }] };
  expect(tallyVitest(report, 1)).toEqual({ passed: 1, failed: 1, skipped: 0 });
  expect(tallyVitest(undefined, 1)).toEqual({ passed: 0, failed: 1, skipped: 0 });
});
