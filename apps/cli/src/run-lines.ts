import { adviseOn } from '@sotto/protocol/admin/abandonment';
import { differences, factsOf, leavesOf } from '@sotto/protocol/admin/comparison';
import type { RunDetail, RunLine, RunPreview } from '@sotto/protocol/admin/runs';
import type { RoundOutcome, RunSummary } from '@sotto/protocol/run';
import type { Watched } from './runs.ts';
import { formatBytes, formatPercent, formatSeconds, formatSpending, formatTable } from './table.ts';

/** How runs are told to people. */

export function runTable(runs: readonly RunLine[]): string {
  if (runs.length === 0) return 'No run yet. “sotto run start TASK” starts one.';
  return formatTable(
    runs.map(({ run, task, state, config, published, abandoned, testAccuracy, startedAt, budget }) => ({
      run,
      task,
      state,
      rounds: `${published}/${config.rounds}${abandoned > 0 ? ` (+${abandoned} given up)` : ''}`,
      right: formatPercent(testAccuracy),
      'ε spent': budget === null ? '–' : budget.spent.toFixed(3),
      strategy: config.strategy.name,
      started: new Date(startedAt).toISOString().slice(0, 16).replace('T', ' '),
    })),
  );
}

export function runLines({ run, totals }: RunDetail): string {
  const { state, note, initial, best, config, rounds } = run;
  const received = new Map(totals.map((total) => [total.round, total.received]));
  const head = [
    `${run.run}: ${state}${note === null ? '' : `. ${note}`}`,
    `best      ${formatPercent(best.testAccuracy)} right, after round ${best.round}`,
    ...(run.budget === null ? [] : [`budget    ε = ${run.budget.spent.toFixed(3)} spent`]),
    `begins    ${formatPercent(initial.testAccuracy)} right, loss ${initial.testLoss.toFixed(3)}`,
  ];
  const told = leavesOf(config, '').map(([name, value]) => `  ${name}=${value}`);
  const lines = rounds.map((round) => `  ${roundLine(round, received.get(round.round))}`);
  return [...head, '', 'rounds', ...(lines.length === 0 ? ['  none yet'] : lines), '', 'settings', ...told].join('\n');
}

export function roundLine(round: RoundOutcome, received?: number): string {
  const took = formatSeconds(round.endedAt - round.startedAt);
  if (round.kind === 'abandoned') {
    const { why, remedy } = adviseOn(round.reason);
    return `round ${round.round}: given up after ${took}. ${why}${remedy === null ? '' : ` ${remedy}`}`;
  }
  const came = received === undefined ? '' : `, ${formatBytes(received)} received`;
  return `round ${round.round}: ${formatPercent(round.testAccuracy)} right, loss ${round.testLoss.toFixed(3)}, ${round.contributors} updates${came}${formatSpending(round)}, ${took}`;
}

export function previewLines(preview: RunPreview): string {
  const { config, uploadBytes, ciphertextBytes, parameters, modelBytes, privacy, lanes, lambda, members } = preview;
  return [
    `each device sends    ${formatBytes(uploadBytes)} a round: ${(ciphertextBytes / parameters).toFixed(2)} bytes a weight, and ${members} sealed boxes`,
    `each device fetches  ${formatBytes(modelBytes)} a round: ${parameters} weights`,
    `the server receives  ${formatBytes(uploadBytes * config.cohort.least)} a round of ${config.cohort.least} devices`,
    `a round lasts        ${formatSeconds(preview.longestRoundMs)} at the most`,
    privacy === null
      ? `privacy              no noise; only sums of ${config.minimumCohort} or more are opened`
      : `privacy              ε = ${privacy.atEnd.toFixed(3)} after ${privacy.rounds} rounds (${privacy.oneRound.toFixed(3)} for one), δ = ${privacy.delta}, noise ${privacy.noiseMultiplier.toFixed(2)}×`,
    `precision            ${2 * lambda + 1} levels a weight, ${lanes} weights to a coefficient`,
    ...(preview.isBusy ? ['Another run of the task is under way: this one can start once that is over.'] : []),
  ].join('\n');
}

/** What changed between two looks at a run: a line each, and nothing where nothing did. */
export function newsLines(before: Watched | null, { run, live }: Watched): string[] {
  const known = before?.run.rounds.length ?? 0;
  const lines = run.rounds.slice(known).map((round) => roundLine(round));
  const said = live && progressOf(run, live);
  if (said && said !== (before?.live ? progressOf(before.run, before.live) : null)) lines.push(said);
  if (run.state !== before?.run.state && run.state !== 'running')
    lines.push(`${run.run} is ${run.state}${run.note === null ? '' : `. ${run.note}`}`);
  return lines;
}

function progressOf({ rounds }: RunSummary, { status, round }: NonNullable<Watched['live']>): string {
  const { phase, contributors, cohort, present, needed } = status;
  if (!round) return `waiting: ${present} of ${needed} devices are here`;
  return `round ${rounds.length + 1}: ${phase}, ${contributors} of ${cohort} updates`;
}

export function comparisonLines(details: readonly RunDetail[]): string {
  const facts = details.map(factsOf);
  const text = (value: number | string | null): string =>
    typeof value === 'number' && !Number.isInteger(value) ? value.toPrecision(4) : String(value ?? '–');
  const names = Object.keys(facts[0]!) as (keyof (typeof facts)[number])[];
  const row = (what: string, values: readonly string[]) => ({
    '': what,
    ...Object.fromEntries(details.map(({ run }, i) => [run.run, values[i]!])),
  });
  const came = names.map((name) =>
    row(
      name,
      facts.map((each) => text(each[name])),
    ),
  );
  const told = differences(details.map(({ run }) => run.config)).map(({ name, values }) => row(name, values.map(text)));
  return formatTable([...came, ...told]);
}
