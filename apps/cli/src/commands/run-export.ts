import type { MetricsFormat } from '@sotto/protocol/admin/evidence';
import { type Command, Option } from 'commander';
import { type AdminOptions, addAdminOptions, openAdmin } from '../admin-session.ts';
import { wholeNumber } from '../arguments.ts';
import { Failure } from '../failure.ts';
import type { Wanted } from '../run-export.ts';

const RUN = ['<run>', 'the run’s name'] as const;
const round = wholeNumber(1, 0xffff_ffff);

interface ExportOptions extends AdminOptions {
  readonly format: MetricsFormat | 'mlflow';
  readonly out?: string;
  readonly to?: string;
}

/** Adds to `sotto run` what a run leaves for others. */
export function addRunExport(program: Command): void {
  const run = program.commands.find((command) => command.name() === 'run') ?? program.command('run');
  addAdminOptions(run.command('export'))
    .description('save a run’s numbers, round by round, or send them to MLflow')
    .argument(...RUN)
    .addOption(new Option('--format <format>', 'how').choices(['csv', 'jsonl', 'tensorboard', 'mlflow']).default('csv'))
    .option('--out <path>', 'where to (default: a file named by the run; of tensorboard a folder, “logs”)')
    .addOption(
      new Option('--to <address>', 'of mlflow: the server; MLFLOW_TRACKING_TOKEN is its token').env(
        'MLFLOW_TRACKING_URI',
      ),
    )
    .action(async (name: string, options: ExportOptions) => {
      const { saveMetrics, sendToMlflow } = await import('../run-export.ts');
      const admin = openAdmin(options.url);
      const { format, out, to } = options;
      if (format !== 'mlflow') return tell(options, { file: await saveMetrics(admin, name, { format, out }) });
      if (to === undefined) throw new Failure('Say where MLflow is: --to https://mlflow.example.org.');
      const token = process.env.MLFLOW_TRACKING_TOKEN || null;
      tell(options, { server: await sendToMlflow(admin, name, { address: to, token }) });
    });

  addAdminOptions(run.command('evidence'))
    .description('save the records of a run’s rounds as one file, which “sotto verify” checks without a server')
    .argument(...RUN)
    .option('--round <n>', 'of this round alone', round)
    .option('--from <n>', 'from this round on', round)
    .option('--to <n>', 'up to this round', round)
    .option('--whole', 'with the models, and the sums that are still kept: then they are computed again')
    .option('--out <file>', 'where to (default: named by the run, here)')
    .action(async (name: string, options: AdminOptions & Wanted) => {
      const { saveEvidence } = await import('../run-export.ts');
      tell(options, { file: await saveEvidence(openAdmin(options.url), name, options) });
    });
}

function tell({ json }: AdminOptions, made: { readonly file: string } | { readonly server: string }): void {
  console.log(json ? JSON.stringify(made, null, 2) : Object.values(made).join());
}
