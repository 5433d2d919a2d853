import { describeFailures, failedFor, remediesFor, whyGiveUp } from '@sotto/coordinator/rounds/tries';
import { anotherSimulation, needsForNoise } from './advice.ts';
import { isPublished } from './figures.ts';
import { optionOf } from './option-names.ts';
import type { Caught, SimulatedRound } from './round.ts';
import { attackersIn, type SimulationSettings } from './settings.ts';
import type { Simulated } from './simulation.ts';

/** How many updates can fail to be sealed without any training having diverged. */
export function hostileIn(settings: Pick<SimulationSettings, 'participants' | 'attack' | 'seed'>): number {
  return settings.attack?.kind === 'label-flip' ? 0 : attackersIn(settings).size;
}

/** The learning rate at which training diverged so that the round came to nothing; null where it did not. */
export function divergedAt(round: SimulatedRound, hostile: number): number | null {
  if (round.kind === 'published' || round.caught <= hostile || !round.reason.startsWith('too_few')) return null;
  return round.learningRate ?? null;
}

/** “2 updates were not finite and stayed on their devices”. */
export function describeCaught({ caught, tooLong }: Caught): string {
  const were = (count: number) => `${count} ${count === 1 ? 'update was' : 'updates were'}`;
  const ways = [
    ...(caught > tooLong ? [`${were(caught - tooLong)} not finite`] : []),
    ...(tooLong > 0 ? [`${were(tooLong)} too long to count`] : []),
  ];
  return `${ways.join(' and ')} and stayed on ${caught === 1 ? 'its device' : 'their devices'}`;
}

/** Why a simulation ended before its last round, and what to do; null when it did not. A run knows nothing of the options it came of. */
export function noteOn({ result, rounds }: Simulated): string | null {
  const { note, drop, attack, config } = result;
  if (note === null || note !== whyGiveUp(rounds)) return note;
  const last = rounds.slice(rounds.findLastIndex(isPublished) + 1);
  const rates = last.map((round) => divergedAt(round, hostileIn(result)));
  const [rate] = rates;
  if (rate == null || rates.includes(null)) {
    const reasons = failedFor(rounds);
    // Nobody is slow here, and nobody comes later: whether enough stay is a matter of the options alone.
    const others = reasons.filter((reason) => !reason.startsWith('too_few'));
    const more =
      others.length < reasons.length
        ? anotherSimulation({ drop: drop > 0, attack: attack !== null, noise: needsForNoise(config) })
        : '';
    return [describeFailures(reasons), more, remediesFor(others, optionOf)].filter(Boolean).join(' ');
  }
  const given = 'eta_l' in config.strategy && config.strategy.eta_l !== undefined;
  return `Training diverged in ${last.length} rounds in a row, at a learning rate of ${rate}. Lower ${given ? '--eta-l' : 'training.optimizer.learningRate in the task’s task.json'}, and begin anew.`;
}
