import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import type { Part } from './parts.ts';
import type { LearnedRun, Run } from './run.ts';

/** Runs of a part as their file has them, a run a line. */
interface PartResult {
  readonly bench: 'learning';
  readonly part: string;
  readonly runs: readonly LearnedRun[];
}

export function fileOf(folder: string, part: string): string {
  return `${folder}/learning-${part}.json`;
}

/** Those of the part's runs that are in the file, as they are asked for now. */
export function readResults(path: string, { runs }: Part): LearnedRun[] {
  if (!existsSync(path)) return [];
  const known = (JSON.parse(readFileSync(path, 'utf8')) as PartResult).runs;
  return runs.flatMap((run) => known.find((each) => isSame(each, run)) ?? []);
}

function isSame({ name, settings, target }: LearnedRun, run: Run): boolean {
  // As JSON, which knows no undefined.
  return isDeepStrictEqual({ name, settings, target }, JSON.parse(JSON.stringify(run)));
}

/** Whole or not at all: whoever interrupts hours of learning finds all runs that had ended. */
export function writeResults(path: string, part: string, runs: readonly LearnedRun[]): void {
  const lines = runs.map((run) => `\n    ${JSON.stringify(run)}`);
  writeFileSync(
    `${path}.new`,
    `{\n  "bench": "learning",\n  "part": "${part}",\n  "runs": [${lines.join(',')}\n  ]\n}\n`,
  );
  renameSync(`${path}.new`, path);
}
