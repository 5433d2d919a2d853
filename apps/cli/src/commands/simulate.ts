import { randomInt } from 'node:crypto';
import { resolve } from 'node:path';
import type { RoundOutcome } from '@sotto/protocol/run';
import { type Command, Option } from 'commander';
import { probability, wholeNumber } from '../arguments.ts';
import { expectWritable, writeJson } from '../json-file.ts';
import type { RoundResult } from '../result.ts';
import { formatBytes, formatPercent, formatSeconds, formatTable } from '../table.ts';

interface Options {
  readonly task: string;
  readonly participants: number;
  readonly rounds?: number;
  readonly seed?: number;
  readonly by: 'iid' | 'label';
  readonly committee: 'drawn' | 'named';
  readonly drop: number;
  readonly lanes: number;
  readonly json?: string;
  readonly keep?: string;
}

export function addSimulate(program: Command): void {
  program
    .command('simulate')
    .description('run the real protocol with many participants on this machine')
    .requiredOption('--task <name>', 'what is learned')
    .option('--participants <n>', 'how many take part', wholeNumber(3, 10_000), 10)
    .option('--rounds <n>', 'how many rounds (default: the task’s)', wholeNumber(1, 100_000))
    .option(
      '--seed <n>',
      'repeats a simulation: data order, initial weights, rounding, drop-outs',
      wholeNumber(0, 2 ** 32 - 1),
    )
    .addOption(new Option('--by <way>', 'how the data are dealt').choices(['iid', 'label']).default('iid'))
    .addOption(
      new Option('--committee <kind>', 'drawn from the cohort, or named by a study key')
        .choices(['drawn', 'named'])
        .default('drawn'),
    )
    .option('--drop <p>', 'probability that a participant drops out of a round', probability, 0)
    .option('--lanes <n>', 'weights to a coefficient', wholeNumber(1, 8), 2)
    .option('--json <file>', 'write the figures to this file')
    .option('--keep <folder>', 'keep the coordinator’s data in this folder')
    .action(run);
}

async function run(options: Options): Promise<void> {
  const { simulate } = await import('../simulation.ts');
  const { createProgress } = await import('../progress.ts');
  const { task, participants, by, committee, drop, lanes, json, keep } = options;
  if (json !== undefined) expectWritable(json);
  const seed = options.seed ?? randomInt(2 ** 32);
  const rows: Record<string, string>[] = [];
  const { result, summary, transcripts } = await simulate(
    {
      task,
      participants,
      rounds: options.rounds ?? null,
      seed,
      by,
      committee,
      drop,
      lanes,
      tasksDir: process.env.SOTTO_TASKS_DIR || null,
      keep: keep === undefined ? null : resolve(keep),
    },
    createProgress(),
    (outcome, measured) => {
      const row = rowOf(outcome, measured);
      rows.push(row);
      console.error(
        outcome.kind === 'published'
          ? `round ${outcome.round}: accuracy ${row.accuracy}, ${row.contributors} contributors`
          : `round ${outcome.round} was abandoned: ${outcome.reason.replaceAll('_', ' ')}`,
      );
    },
  );
  if (json !== undefined) writeJson(json, result);
  const { initial } = summary;
  console.log(
    formatTable([
      { ...EMPTY_ROW, round: '0', accuracy: formatPercent(initial.testAccuracy), model: initial.model.slice(0, 12) },
      ...rows,
    ]),
  );
  console.log(
    [
      `task ${task}, seed ${seed}`,
      `${result.parameters} parameters, ${result.bytesPerParameter?.toFixed(3)} ciphertext bytes a parameter`,
      `opened sums ${result.sumExact ? 'equal' : 'DIFFER FROM'} the sums of the sealed updates, level by level`,
      ...(transcripts === null ? [] : [`transcripts in ${transcripts}`]),
    ].join('\n'),
  );
  if (result.sumExact !== true) process.exitCode = 1;
}

const EMPTY_ROW = { round: '', accuracy: '', contributors: '', seal: '', sent: '', open: '', model: '' };

function rowOf(outcome: RoundOutcome, measured: RoundResult | null): typeof EMPTY_ROW {
  const round = String(outcome.round);
  if (outcome.kind === 'abandoned' || !measured) return { ...EMPTY_ROW, round, accuracy: 'abandoned' };
  return {
    round,
    accuracy: formatPercent(measured.testAccuracy),
    contributors: String(measured.contributors),
    seal: formatSeconds(measured.sealMs),
    sent: formatBytes(measured.uploadBytes),
    open: formatSeconds(measured.openMs),
    model: outcome.model.slice(0, 12),
  };
}
