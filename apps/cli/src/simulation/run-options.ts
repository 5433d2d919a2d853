import { type Command, Option } from 'commander';
import { wholeNumber } from '../arguments.ts';
import type { SimulationSettings } from './settings.ts';

/** Options of a command that say how a run goes. */
export interface RunOptions {
  readonly rounds?: number;
  readonly committee: 'drawn' | 'named';
  readonly lanes: number;
}

export function addRunOptions(command: Command): Command {
  return command
    .optionsGroup('Rounds:')
    .option('--rounds <n>', 'how many (default: the task’s)', wholeNumber(1, 100_000))
    .addOption(
      new Option('--committee <kind>', 'drawn from the cohort, or named by a study key')
        .choices(['drawn', 'named'])
        .default('drawn'),
    )
    .optionsGroup('Bytes:')
    .option('--lanes <n>', 'weights to a coefficient', wholeNumber(1, 8), 2);
}

/** What the run is asked to be. */
export function runOf({ rounds, committee, lanes }: RunOptions): SimulationSettings['run'] {
  return { ...(rounds !== undefined && { rounds }), committee, lanes };
}
