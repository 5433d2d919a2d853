import type { ParticipantState } from '@sotto/participant/state';

/** One moment of learning, for the live plot. */
export interface LearningPoint {
  /** Passes done, fractions included. */
  readonly epoch: number;
  readonly loss: number;
  readonly accuracy: number;
  /** Share right of the examples kept aside, where it was measured just then. */
  readonly checked: number | null;
}

/** How a published model does on this device's examples kept aside. */
export interface OwnCheck {
  /** Round that made the model; 0 is the untrained one. */
  readonly round: number;
  readonly accuracy: number;
}

type Progress = NonNullable<ParticipantState['progress']>;

/** More than a picture can show; from there on every second goes, over and over. */
const MOST_POINTS = 400;

export function addPoint(points: readonly LearningPoint[], progress: Progress): readonly LearningPoint[] {
  const { epoch, batch, batches, loss, accuracy, validation } = progress;
  const measured = batch === 0 || batch === batches;
  const checked = measured ? (validation?.accuracy ?? null) : null;
  const all = [...points, { epoch: epoch - 1 + batch / batches, loss, accuracy, checked }];
  return all.length <= MOST_POINTS ? all : all.filter((point, i) => i % 2 === 0 || point.checked !== null);
}

/** The model that a round begins with is the one that the round before it made. */
export function addCheck(checks: readonly OwnCheck[], round: number, progress: Progress): readonly OwnCheck[] {
  if (progress.epoch > 1 || progress.batch > 0 || progress.validation === null) return checks;
  return putCheck(checks, { round: round - 1, accuracy: progress.validation.accuracy });
}

/** Whatever was there of this round or a later one was of another run. */
export function putCheck(checks: readonly OwnCheck[], check: OwnCheck): readonly OwnCheck[] {
  return [...checks.filter(({ round }) => round < check.round), check];
}

/** The last model of a run that is over, as long as it has no check: no round begins with it, so it must be checked by itself. */
export function uncheckedModel(
  checks: readonly OwnCheck[],
  { status, outcomes }: Pick<ParticipantState, 'status' | 'outcomes'>,
): { readonly round: number; readonly model: string } | null {
  const checked = checks.at(-1);
  if (!checked || !status || status.state === null || status.state === 'running' || status.state === 'paused')
    return null;
  const last = outcomes.findLast((outcome) => outcome.kind === 'published');
  return last && last.round > checked.round ? last : null;
}
