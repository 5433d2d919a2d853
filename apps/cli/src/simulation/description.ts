import type { RunConfig } from '@sotto/protocol/run';
import { Schedule, Strategy } from '@sotto/protocol/strategy';
import { formatPercent } from '../table.ts';
import type { SimulationResult } from './figures.ts';

/** What was simulated, in one line: what is not as a run has it by itself, the number of rounds, and the seed. */
export function describeSimulation({ seal, seed, partition, drop, attack, config }: SimulationResult): string {
  const { fractionFit, groups, robust, earlyStopping } = config;
  return [
    describePartition(partition),
    seal === 'on' ? 'sealed' : 'not sealed',
    `${config.rounds} rounds`,
    ...describeNamed(config.strategy, Strategy, 'FedAvg'),
    ...describeNamed(config.schedule, Schedule, 'constant'),
    ...(earlyStopping ? [`early stopping by ${earlyStopping.metric}, patience ${earlyStopping.patience}`] : []),
    ...(fractionFit < 1 ? [`${formatPercent(fractionFit)} a round`] : []),
    ...(groups ? [`${groups.count} groups${robust ? `, ${robust.rule.replace('-', ' ')}` : ''}`] : []),
    ...describeNoise(config.dp),
    ...(drop > 0 ? [`${formatPercent(drop)} drop out`] : []),
    ...(attack ? [`${formatPercent(attack.share)} attack (${attack.kind})`] : []),
    `lanes ${config.lanes}`,
    `seed ${seed}`,
  ].join(' · ');
}

function describePartition(partition: SimulationResult['partition']): string {
  if (partition.kind === 'iid') return 'iid';
  return partition.kind === 'shards' ? `${partition.each} shards each` : `Dirichlet α = ${partition.alpha}`;
}

/** Nothing of what is usual; else its name, and those of its values that are not its defaults. */
function describeNamed(
  { name, ...values }: Strategy | Schedule,
  schema: typeof Strategy | typeof Schedule,
  usual: string,
): string[] {
  const parsed = schema.safeParse({ name });
  const defaults: Readonly<Record<string, unknown>> = parsed.success ? parsed.data : { warmup: 0 };
  const told = Object.entries(values)
    .filter(([key, value]) => value !== undefined && value !== defaults[key])
    .map(([key, value]) => `${key} ${value}`);
  return name === usual && told.length === 0 ? [] : [[name, ...told].join(', ')];
}

function describeNoise(dp: RunConfig['dp']): string[] {
  if (dp === null) return [];
  const { epsilon, noiseMultiplier, delta, contributors, clip } = dp;
  return [
    [
      ...(epsilon === undefined ? [] : [`ε ${epsilon}`]),
      ...(noiseMultiplier === undefined ? [] : [`noise multiplier ${noiseMultiplier}`]),
      `δ ${delta}`,
      `${contributors} contributors`,
      ...(clip === undefined ? [] : [`clip ${clip}`]),
    ].join(', '),
  ];
}
