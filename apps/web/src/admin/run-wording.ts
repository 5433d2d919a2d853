import type { RunConfig } from '@sotto/protocol/run';

type Settings = Pick<RunConfig, 'strategy' | 'schedule' | 'earlyStopping' | 'fractionFit'>;

/** How a run learns, in Flower's names: its strategy, and what else is not as by default. */
export function describeSettings({
  strategy: { name, ...hyperparameters },
  schedule: { name: course, ...steps },
  earlyStopping,
  fractionFit,
}: Settings): string[] {
  return [
    withNumbers(name, hyperparameters),
    ...(course !== 'constant' || steps.warmup > 0 ? [withNumbers(`learning rate ${course}`, steps)] : []),
    ...(fractionFit < 1 ? [`updates of ${100 * fractionFit} % of those present`] : []),
    ...(earlyStopping
      ? [`ends once ${earlyStopping.patience} rounds in a row bring no better ${earlyStopping.metric}`]
      : []),
  ];
}

function withNumbers(what: string, numbers: Readonly<Record<string, unknown>>): string {
  const listed = Object.entries(numbers).map(([name, value]) => `${name} ${value}`);
  return listed.length === 0 ? what : `${what} (${listed.join(', ')})`;
}
