import { type Command, Option } from 'commander';
import { address, shard, wholeNumber } from '../arguments.ts';
import type { JoinOptions } from '../device.ts';

export function addJoin(program: Command): void {
  program
    .command('join')
    .description('take part in a task without a browser')
    .requiredOption('--url <address>', 'where the coordinator is, or the whole invite link', address)
    .option('--task <name>', 'what is learned (default: what the link says)')
    .addOption(
      new Option('--shard <i/n>', 'which part of the data to learn from, counted from 1')
        .argParser(shard)
        .default(shard('1/1'), 'all of it'),
    )
    .addOption(new Option('--by <way>', 'how the data are dealt').choices(['iid', 'label']).default('iid'))
    .option('--limit <n>', 'learn from this many examples at most', wholeNumber(1, 100_000_000))
    .option(
      '--data <path>',
      'your own examples instead of the coordinator’s sample data: a CSV or Parquet file with the task’s columns, a folder of such, or a task folder',
    )
    .addOption(
      new Option(
        '--invite <fragment>',
        'what follows # in the invite link: keys to insist on, a code to be let in by',
      ).env('SOTTO_INVITE'),
    )
    .option('--state <folder>', 'keep this device’s key and records here; without it they end with the process')
    .option('--certificate <file...>', 'certificates of the study key for this device')
    .option('--agree', 'agree to terms that changed since this device last took part')
    .option('--committee-only', 'serve on the committee, contribute nothing')
    .addOption(
      new Option('--rounds <n>', 'leave after this many published rounds').argParser(wholeNumber(1, 1_000_000)),
    )
    .addOption(new Option('--once', 'leave after one published round').conflicts('rounds'))
    .action(async (options: JoinOptions) => {
      const { runDevice } = await import('../device.ts');
      await runDevice(options);
    });
}
