/** How a part of the tests ended. */
export interface Tally {
  passed: number;
  failed: number;
  skipped: number;
}

export const PASSED: Tally = { passed: 1, failed: 0, skipped: 0 };
export const FAILED: Tally = { passed: 0, failed: 1, skipped: 0 };

export function addTallies(tallies: readonly Tally[]): Tally {
  const sum = { passed: 0, failed: 0, skipped: 0 };
  for (const tally of tallies) {
    sum.passed += tally.passed;
    sum.failed += tally.failed;
    sum.skipped += tally.skipped;
  }
  return sum;
}

/** The last line of `npm test`, which CI reads. */
export function tallyLine({ passed, failed, skipped }: Tally): string {
  const line = `${passed} passed, ${failed} failed`;
  return skipped === 0 ? line : `${line}, ${skipped} skipped`;
}

/** The part of Vitest's JSON report that is read here. */
export interface VitestReport {
  testResults: readonly { status: string; assertionResults: readonly { status: string }[] }[];
}

/**
 * Counts a Vitest run. A file that fails without any failed test in it (it does not even load), and a run that fails
 * without any failed file (an unhandled error, a crash, no tests at all), count as one failure each, so that nothing is
 * lost between the counts and the exit code.
 */
export function tallyVitest(report: VitestReport | undefined, exitCode: number): Tally {
  const tally = { passed: 0, failed: 0, skipped: 0 };
  for (const file of report?.testResults ?? []) {
    const failedBefore = tally.failed;
    for (const { status } of file.assertionResults) {
      if (status === 'passed') tally.passed++;
      else if (status === 'failed') tally.failed++;
      else tally.skipped++;
    }
    if (file.status === 'failed' && tally.failed === failedBefore) tally.failed++;
  }
  if (exitCode !== 0 && tally.failed === 0) tally.failed = 1;
  return tally;
}
