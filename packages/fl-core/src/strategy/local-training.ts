import type { Schedule, Strategy } from '@sotto/protocol/strategy';
import type { Training } from '@sotto/protocol/training';

/**
 * The devices' learning rate in published round r of R, 1 ≤ r ≤ R. In the first W rounds, those of the warm-up, it is base·r/(W + 1).
 * After them, with i = r − W − 1 and N = R − W:
 *
 *   constant     base
 *   step         base·factor^⌊i/every⌋
 *   exponential  base·factor^i
 *   cosine       base·(least + (1 − least)·(1 + cos(πi/N))/2)   (Loshchilov and Hutter 2017, without restarts)
 */
export function learningRateAt(schedule: Schedule, base: number, round: number, rounds: number): number {
  const { warmup } = schedule;
  if (round <= warmup) return (base * round) / (warmup + 1);
  const i = round - warmup - 1;
  return base * shareAt(schedule, i, Math.max(1, rounds - warmup));
}

function shareAt(schedule: Schedule, i: number, rounds: number): number {
  switch (schedule.name) {
    case 'constant':
      return 1;
    case 'step':
      return schedule.factor ** Math.floor(i / schedule.every);
    case 'exponential':
      return schedule.factor ** i;
    case 'cosine':
      return schedule.least + ((1 - schedule.least) * (1 + Math.cos((Math.PI * i) / rounds))) / 2;
  }
}

/** No rate is 0, however far a schedule has come down: a plan's rate is positive. */
const LEAST_RATE = 1e-12;

/** What devices do in published round r of R: the task's own training, with the rate and the proximal term that the run asks for. */
export function localTraining(
  task: Training,
  { strategy, schedule, rounds }: { readonly strategy: Strategy; readonly schedule: Schedule; readonly rounds: number },
  round: number,
): Training {
  const base = ('eta_l' in strategy ? strategy.eta_l : undefined) ?? task.optimizer.learningRate;
  const learningRate = Math.max(LEAST_RATE, learningRateAt(schedule, base, Math.min(round, rounds), rounds));
  const mu = strategy.name === 'FedProx' ? strategy.proximal_mu : (task.proximalMu ?? 0);
  const { proximalMu: _, ...training } = task;
  return {
    ...training,
    optimizer: { ...task.optimizer, learningRate },
    ...(mu > 0 && { proximalMu: mu }),
  };
}
