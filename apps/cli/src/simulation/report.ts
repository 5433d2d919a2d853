import { formatBytes, formatPercent, formatSeconds, formatSpending, formatTable } from '../table.ts';
import { describeSimulation } from './description.ts';
import { describeCaught, divergedAt } from './failures.ts';
import type { SimulatedRound } from './round.ts';
import type { Simulated } from './simulation.ts';

/** What is told of a simulation in words, pure: a line a round while it goes on, and all of it in the end. */

/** `hostile`: how many updates can fail to be sealed without any training having diverged. */
export function roundLine(round: SimulatedRound, hostile = 0): string {
  const left = round.groups?.filter(({ kept }) => !kept).length ?? 0;
  const groups = left > 0 ? `, ${left} of ${round.groups!.length} groups left out` : '';
  const caught = round.caught > 0 ? `, ${describeCaught(round)}` : '';
  const rate = divergedAt(round, hostile);
  if (rate !== null)
    return `round ${round.round} was abandoned: training diverged at a learning rate of ${rate}${formatSpending(round)}${caught}`;
  return round.kind === 'published'
    ? `round ${round.round}: accuracy ${formatPercent(round.testAccuracy)}, ${round.contributors} contributors${groups}${formatSpending(round)}${caught}`
    : `round ${round.round} was abandoned: ${round.reason.replaceAll('_', ' ')}${formatSpending(round)}${caught}`;
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
  const caught = rounds.reduce(
    (sum, round) => ({ caught: sum.caught + round.caught, tooLong: sum.tooLong + round.tooLong }),
    { caught: 0, tooLong: 0 },
  );
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
    ...(caught.caught > 0 ? [describeCaught(caught)] : []),
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
