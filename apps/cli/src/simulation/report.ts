import { formatBytes, formatPercent, formatSeconds, formatSpending, formatTable } from '../table.ts';
import type { SimulatedRound } from './round.ts';
import type { Simulated } from './simulation.ts';

/** What is told of a simulation in words, pure: a line a round while it goes on, and all of it in the end. */

export function roundLine(round: SimulatedRound): string {
  const left = round.groups?.filter(({ kept }) => !kept).length ?? 0;
  const groups = left > 0 ? `, ${left} of ${round.groups!.length} groups left out` : '';
  const caught = round.caught > 0 ? `, ${caughtIn(round.caught)}` : '';
  return round.kind === 'published'
    ? `round ${round.round}: accuracy ${formatPercent(round.testAccuracy)}, ${round.contributors} contributors${groups}${formatSpending(round)}${caught}`
    : `round ${round.round} was abandoned: ${round.reason.replaceAll('_', ' ')}${formatSpending(round)}${caught}`;
}

function caughtIn(count: number): string {
  return count === 1
    ? '1 update was not finite and stayed on its device'
    : `${count} updates were not finite and stayed on their devices`;
}

const EMPTY_ROW = {
  round: '',
  accuracy: '',
  loss: '',
  contributors: '',
  'ε spent': '',
  seal: '',
  sent: '',
  open: '',
  model: '',
};

function rowOf(round: SimulatedRound): typeof EMPTY_ROW {
  const numbered = { ...EMPTY_ROW, round: String(round.round), 'ε spent': round.epsilon?.toFixed(3) ?? '' };
  if (round.kind === 'abandoned') return { ...numbered, accuracy: 'abandoned' };
  const { sealMs, uploadBytes, openMs } = round;
  return {
    ...numbered,
    accuracy: formatPercent(round.testAccuracy),
    loss: round.testLoss.toFixed(4),
    contributors: String(round.contributors),
    seal: sealMs === null ? '' : formatSeconds(sealMs),
    sent: uploadBytes === null ? '' : formatBytes(uploadBytes),
    open: openMs === null ? '' : formatSeconds(openMs),
    model: round.model.slice(0, 12),
  };
}

function describePartition(partition: Simulated['result']['partition']): string {
  if (partition.kind === 'iid') return 'iid';
  return partition.kind === 'shards' ? `${partition.each} shards each` : `Dirichlet α = ${partition.alpha}`;
}

/** What was simulated, in one line. */
export function describeSimulation({ seal, seed, partition, drop, attack, config }: Simulated['result']): string {
  const { strategy, fractionFit, groups, robust } = config;
  return [
    describePartition(partition),
    seal === 'on' ? 'sealed' : 'not sealed',
    ...(strategy.name === 'FedAvg' ? [] : [strategy.name]),
    ...(fractionFit < 1 ? [`${formatPercent(fractionFit)} a round`] : []),
    ...(groups ? [`${groups.count} groups${robust ? `, ${robust.rule.replace('-', ' ')}` : ''}`] : []),
    ...(drop > 0 ? [`${formatPercent(drop)} drop out`] : []),
    ...(attack ? [`${formatPercent(attack.share)} attack (${attack.kind})`] : []),
    `lanes ${config.lanes}`,
    `seed ${seed}`,
  ].join(' · ');
}

/** The table of all rounds, and what else there is to say. */
export function reportOf({ result, rounds, transcripts }: Simulated): string {
  const { initial, seal, parameters, bytesPerParameter, sumExact, best } = result;
  const first = {
    ...EMPTY_ROW,
    round: '0',
    accuracy: formatPercent(initial.testAccuracy),
    loss: initial.testLoss.toFixed(4),
    model: initial.model.slice(0, 12),
  };
  const caught = rounds.reduce((sum, round) => sum + round.caught, 0);
  const { dp } = result.config;
  const rows = [first, ...rounds.map(rowOf)]
    .map((row) => (seal === 'on' ? row : withoutSealing(row)))
    .map((row) => (dp ? row : withoutSpending(row)));
  return [
    formatTable(rows),
    `task ${result.task}, ${describeSimulation(result)}`,
    ...(bytesPerParameter === null
      ? []
      : [`${parameters} parameters, ${bytesPerParameter.toFixed(3)} ciphertext bytes a parameter`]),
    `best: ${formatPercent(best.testAccuracy)} in round ${best.round}`,
    ...(dp ? [describePrivacy(dp, rounds)] : []),
    ...(caught > 0 ? [caughtIn(caught)] : []),
    ...(seal === 'on' && sumExact !== null
      ? [`opened sums ${sumExact ? 'equal' : 'DIFFER FROM'} the sums of the sealed updates, level by level`]
      : []),
    ...(transcripts === null ? [] : [`transcripts in ${transcripts}`]),
  ].join('\n');
}

function withoutSpending<Row extends { 'ε spent'?: string }>({ 'ε spent': _, ...row }: Row) {
  return row;
}

function describePrivacy(
  { epsilon, delta, contributors }: NonNullable<Simulated['result']['config']['dp']>,
  rounds: readonly SimulatedRound[],
): string {
  const spent = rounds.findLast((round) => round.epsilon !== undefined)?.epsilon ?? 0;
  const limit = epsilon === undefined ? '' : ` of ${epsilon}`;
  return `privacy: ε = ${spent.toFixed(3)}${limit} spent at δ = ${delta}, counting on ${contributors} honest contributors in each sum; drawn from a seed, as here, noise hides nothing`;
}

function withoutSealing({ seal: _, sent: __, open: ___, ...row }: typeof EMPTY_ROW) {
  return row;
}
