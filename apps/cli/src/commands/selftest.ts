import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { Failure, reasonOf } from '../failure.ts';
import type { CaseResult } from '../known-answers/vector-file.ts';
import { REPOSITORY } from '../repository.ts';

/** Differences shown of one case; the rest are counted. */
const SHOWN = 3;

export function addSelftest(program: Command): void {
  program
    .command('selftest')
    .description('recompute known answers and compare every value')
    .option('--vectors <folder>', 'folder of known-answer files', join(REPOSITORY, 'test-vectors'))
    .action(({ vectors }: { vectors: string }) => selftest(vectors));
}

async function selftest(folder: string): Promise<void> {
  const { verifyKnownAnswers } = await import('../known-answers.ts');
  let cases = 0;
  let failed = 0;
  for (const name of filesOf(folder))
    for (const result of await resultsOf(join(folder, name), verifyKnownAnswers)) {
      cases += 1;
      if (!result.ok) failed += 1;
      const more = result.differences.length - SHOWN;
      const differences = [...result.differences.slice(0, SHOWN), ...(more > 0 ? [`and ${more} more`] : [])];
      console.log(
        result.ok ? `ok    ${name}: ${result.case}` : `FAIL  ${name}: ${result.case}: ${differences.join('; ')}`,
      );
    }
  if (failed > 0) throw new Failure(`${failed} of ${cases} cases in ${folder} differ from what this build computes.`);
  console.log(`${cases} cases agree.`);
}

/** What cannot be read fails as a case of its own, so that the other files are still reported. */
async function resultsOf(
  path: string,
  verify: (text: string) => Promise<readonly CaseResult[]>,
): Promise<readonly CaseResult[]> {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    return [{ case: 'file', ok: false, differences: [`it cannot be read: ${reasonOf(error)}`] }];
  }
  return verify(text);
}

/** Everything in the folder has to be a known-answer file: one that is skipped would pass unseen. */
function filesOf(folder: string): string[] {
  let entries: string[];
  try {
    entries = readdirSync(folder).sort();
  } catch (error) {
    throw new Failure(`The folder of known answers ${folder} cannot be read: ${reasonOf(error)}.`);
  }
  if (entries.length === 0) throw new Failure(`There are no known answers in ${folder}: it is empty.`);
  const stranger = entries.find((name) => !name.endsWith('.json'));
  if (stranger) throw new Failure(`${join(folder, stranger)} is not a known-answer file. Move it elsewhere.`);
  return entries;
}
