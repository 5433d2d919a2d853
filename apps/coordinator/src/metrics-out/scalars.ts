import { Phase, type RoundOutcome, type RunSummary } from '@sotto/protocol/run';

/** One point of a curve, as TensorBoard and MLflow draw them. */
export interface Scalar {
  readonly tag: string;
  readonly value: number;
  /** The round; 0 is the model that the run began with. */
  readonly step: number;
  /** Milliseconds since 1970-01-01 UTC. */
  readonly at: number;
}

/** The model that the run began with. */
export function initialScalars({ initial, startedAt }: Pick<RunSummary, 'initial' | 'startedAt'>): Scalar[] {
  return pointsOf(0, startedAt, { 'test/accuracy': initial.testAccuracy, 'test/loss': initial.testLoss });
}

/** Everything of a round that is a number and known. Times are in seconds. */
export function roundScalars(outcome: RoundOutcome): Scalar[] {
  const { round, startedAt, endedAt, epsilon } = outcome;
  const any = {
    'round/abandoned': outcome.kind === 'abandoned' ? 1 : 0,
    'round/seconds': (endedAt - startedAt) / 1000,
  };
  if (outcome.kind === 'abandoned') return pointsOf(round, endedAt, { ...any, 'privacy/epsilon': epsilon });
  return pointsOf(round, endedAt, {
    'test/accuracy': outcome.testAccuracy,
    'test/loss': outcome.testLoss,
    'train/accuracy': outcome.trainAccuracy,
    'train/loss': outcome.trainLoss,
    ...any,
    'round/contributors': outcome.contributors,
    'round/upload_bytes': outcome.uploadBytes,
    'round/groups_kept': outcome.groups?.filter(({ kept }) => kept).length,
    ...Object.fromEntries(
      phaseSeconds(outcome).map(([phase, seconds]) => [`phase/${phase}_seconds`, seconds ?? undefined]),
    ),
    'update/norm': outcome.norm,
    'update/saturated': outcome.saturated,
    'update/learning_rate': outcome.learningRate,
    'privacy/epsilon': epsilon,
  });
}

/** How long each phase lasted that has a length; null for one that the round did not come to. */
export function phaseSeconds(outcome: RoundOutcome): [Phase, number | null][] {
  const phases = outcome.kind === 'published' ? outcome.phases : {};
  return Phase.options
    .filter((phase) => phase !== 'waiting')
    .map((phase) => [phase, phases[phase] === undefined ? null : phases[phase] / 1000]);
}

function pointsOf(step: number, at: number, values: Readonly<Record<string, number | null | undefined>>): Scalar[] {
  return Object.entries(values).flatMap(([tag, value]) =>
    value === null || value === undefined ? [] : [{ tag, value, step, at }],
  );
}
