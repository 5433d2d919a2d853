import { type Command, Option } from 'commander';
import { wholeNumber } from '../arguments.ts';
import type { SimulationSettings } from './settings.ts';

/** Options of a command that say how a run goes. */
export interface RunOptions {
  readonly rounds?: number;
  readonly committee: 'drawn' | 'named';
  readonly lanes: number | 'auto';
  readonly bits: number;
  readonly rotation: 'auto' | 'on' | 'off';
  readonly ranges: 'adaptive' | 'fixed';
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
    .option('--lanes <n>', 'weights to a coefficient; auto: the most, of four, that leave --bits to each', lanes, 2)
    .option('--bits <n>', 'of --lanes auto', wholeNumber(2, 24), 8)
    .addOption(
      new Option('--rotation <state>', 'of updates before they are rounded; auto: where levels are few')
        .choices(['auto', 'on', 'off'])
        .default('auto'),
    )
    .addOption(
      new Option('--ranges <kind>', 'of weights: as earlier rounds were opened, or always the task’s')
        .choices(['adaptive', 'fixed'])
        .default('adaptive'),
    );
}

const lanes = (text: string) => (text === 'auto' ? text : wholeNumber(1, 8)(text));

/** What the run is asked to be. */
export function runOf({ rounds, rotation, committee, lanes, bits, ranges }: RunOptions): SimulationSettings['run'] {
  return {
    ...(rounds !== undefined && { rounds }),
    committee,
    lanes,
    bits,
    rotation: rotation === 'auto' ? rotation : rotation === 'on',
    ranges,
  };
}
