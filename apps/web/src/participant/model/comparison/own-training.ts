import type { Dataset } from '@sotto/learner/dataset';
import type { Evaluation } from '@sotto/learner/evaluation';
import type { TrainingProgress } from '@sotto/learner/training';
import type { Trainer } from '@sotto/learner/worker/client';
import { decodeModelFile, encodeModelFile } from '@sotto/protocol/model-file';
import { isRejection } from '@sotto/protocol/rejection';
import type { Training } from '@sotto/protocol/training';
import type { Score } from '../check/confusion.ts';

/** How far a model was after so many passes over the own examples. */
export interface CoursePoint {
  readonly passes: number;
  /** On the examples kept aside. */
  readonly accuracy: number;
}

export interface OwnTraining {
  readonly model: Uint8Array<ArrayBuffer>;
  readonly evaluation: Evaluation;
  readonly course: readonly CoursePoint[];
}

export interface OwnTrainingRequest {
  /** Model file of round 0: where the shared model began, too. */
  readonly initial: Uint8Array;
  readonly train: Dataset;
  readonly held: Dataset;
  readonly training: Training;
  /** As many as each contributor to the shared model made in all. */
  readonly passes: number;
}

/** Fixes the order of the examples, so that the same examples give the same model. */
const SEED = 0x50_74_74;

/**
 * A model of the same architecture, from the same weights, trained as the task says on the own examples and nobody else's.
 * @throws TrainingError
 */
export async function trainAlone(
  trainer: Pick<Trainer, 'train' | 'evaluate'>,
  { initial, train, held, training, passes }: OwnTrainingRequest,
  onProgress: (progress: TrainingProgress) => void,
): Promise<OwnTraining> {
  const course: CoursePoint[] = [];
  const { delta } = await trainer.train(
    { ...training, model: initial, dataset: train, validation: held, epochs: passes, seed: SEED },
    (progress) => {
      const point = pointOf(progress);
      if (point && course.at(-1)?.passes !== point.passes) course.push(point);
      onProgress(progress);
    },
  );
  const before = decodeModelFile(initial);
  if (isRejection(before)) throw new Error(before.message);
  const model = encodeModelFile({ ...before, weights: before.weights.map((weight, i) => weight + delta[i]!) });
  const evaluation = await trainer.evaluate({ model, dataset: held });
  return { model, evaluation, course };
}

/**
 * How the own model did on as many examples kept aside when it had made this many passes, which is the only fair thing to compare a shared
 * model of as many with; null: it never made so many.
 */
export function scoreAfter(
  { course, evaluation }: Pick<OwnTraining, 'course' | 'evaluation'>,
  passes: number,
): (Score & { readonly accuracy: number }) | null {
  const { examples } = evaluation;
  const accuracy = course.find((point) => point.passes === passes)?.accuracy;
  return accuracy === undefined ? null : { accuracy, correct: Math.round(accuracy * examples), examples };
}

/** What was measured last was measured at the end of a pass: of this one, if it is over. */
function pointOf({ epoch, batch, batches, validation }: TrainingProgress): CoursePoint | null {
  return validation && { passes: batch === batches ? epoch : epoch - 1, accuracy: validation.accuracy };
}
