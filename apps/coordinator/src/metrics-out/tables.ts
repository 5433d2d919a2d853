import { Phase, type RoundOutcome, type RunSummary } from '@sotto/protocol/run';
import { formatCsv } from './csv.ts';
import { phaseSeconds } from './scalars.ts';

const PHASES = Phase.options.filter((phase) => phase !== 'waiting');
const COLUMNS = [
  'task',
  'run',
  'round',
  'outcome',
  'reason',
  'started',
  'ended',
  'seconds',
  'contributors',
  'test_accuracy',
  'test_loss',
  'train_accuracy',
  'train_loss',
  'groups',
  'groups_kept',
  'norm',
  'saturated',
  'learning_rate',
  'upload_bytes',
  'epsilon',
  ...PHASES.map((phase) => `${phase}_seconds` as const),
  'model',
  'transcript',
] as const;
type Row = Record<(typeof COLUMNS)[number], string | number | null>;

const EMPTY = Object.fromEntries(COLUMNS.map((column) => [column, null])) as Row;

/** A run as a table: the model it began with as round 0, then a row a round, abandoned ones too. Times are ISO 8601, in UTC. */
export function runAsCsv(run: RunSummary): string {
  const about = { ...EMPTY, task: run.task, run: run.run };
  const { initial, startedAt } = run;
  const first: Row = {
    ...about,
    round: 0,
    outcome: 'initial',
    started: isoTime(startedAt),
    test_accuracy: initial.testAccuracy,
    test_loss: initial.testLoss,
    model: initial.model,
  };
  return formatCsv(COLUMNS, [first, ...run.rounds.map((outcome) => ({ ...about, ...rowOf(outcome) }))]);
}

/** A line of JSON for the run with its settings, then one for each round, all that is known of it. */
export function runAsJsonLines({ rounds, ...run }: RunSummary): string {
  const lines = [{ kind: 'run', ...run }, ...rounds.map((outcome) => ({ run: run.run, ...outcome }))];
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
}

function rowOf(outcome: RoundOutcome): Partial<Row> {
  const { round, kind, startedAt, endedAt, epsilon = null, groups } = outcome;
  const seconds = Object.fromEntries(phaseSeconds(outcome).map(([phase, value]) => [`${phase}_seconds`, value]));
  return {
    round,
    outcome: kind,
    started: isoTime(startedAt),
    ended: isoTime(endedAt),
    seconds: (endedAt - startedAt) / 1000,
    groups: groups?.length ?? null,
    groups_kept: groups?.filter(({ kept }) => kept).length ?? null,
    epsilon,
    ...seconds,
    ...(outcome.kind === 'abandoned'
      ? { reason: outcome.reason }
      : {
          contributors: outcome.contributors,
          test_accuracy: outcome.testAccuracy,
          test_loss: outcome.testLoss,
          train_accuracy: outcome.trainAccuracy,
          train_loss: outcome.trainLoss ?? null,
          norm: outcome.norm ?? null,
          saturated: outcome.saturated ?? null,
          learning_rate: outcome.learningRate ?? null,
          upload_bytes: outcome.uploadBytes,
          model: outcome.model,
          transcript: outcome.transcript,
        }),
  };
}

function isoTime(at: number): string {
  return new Date(at).toISOString();
}
