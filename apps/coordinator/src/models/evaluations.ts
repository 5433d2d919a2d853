import { createHash } from 'node:crypto';
import { encodeDataset } from '@sotto/learner/dataset-file';
import type { Evaluation, Evaluator } from '@sotto/learner/evaluate';
import { TrainingError } from '@sotto/learner/training-error';
import type { ModelEvaluation } from '@sotto/protocol/admin/models';
import { type Rejection, reject } from '@sotto/protocol/rejection';
import { modelBlob } from '../aggregation/upload-layout.ts';
import type { Blobs } from '../blobs/blobs.ts';
import type { EvaluationRecord } from '../store/model-records.ts';
import type { Store } from '../store/store.ts';
import type { Task } from '../tasks/tasks.ts';
import { createTurns } from '../turns.ts';
import { classScores } from './class-scores.ts';

type HeldOut = ReturnType<Task['data']['test']>;

export interface EvaluationPorts {
  readonly store: Pick<Store, 'evaluation' | 'keepEvaluation'>;
  readonly blobs: Pick<Blobs, 'read'>;
  readonly evaluator: Pick<Evaluator, 'evaluate'>;
  readonly now: () => number;
}

export interface Evaluations {
  /** What is known of the model on the examples that the task holds out now. */
  kept(task: Task, model: string): Promise<ModelEvaluation | null>;
  /** The same, measured when it is not known yet. */
  measure(task: Task, model: string): Promise<ModelEvaluation | Rejection<'cannot_evaluate'>>;
}

/** How versions of models do on held-out examples, class by class. Measured once for each model and examples, and one at a time: rounds wait for the same thread. */
export function createEvaluations({ store, blobs, evaluator, now }: EvaluationPorts): Evaluations {
  const digests = new WeakMap<HeldOut, string>();
  const inTurn = createTurns();

  function digestOf(dataset: HeldOut): string {
    const known = digests.get(dataset);
    if (known !== undefined) return known;
    const digest = createHash('sha256').update(encodeDataset(dataset)).digest('hex');
    digests.set(dataset, digest);
    return digest;
  }

  async function kept({ manifest, data }: Task, model: string): Promise<ModelEvaluation | null> {
    const record = await store.evaluation(model, digestOf(data.test()));
    return record ? told(manifest.classes, record) : null;
  }

  async function measureNow(task: Task, model: string): Promise<ModelEvaluation | Rejection<'cannot_evaluate'>> {
    const known = await kept(task, model);
    if (known) return known;
    const file = await blobs.read(modelBlob(model));
    if (!file) return reject('cannot_evaluate', 'The file of this model is no longer there. Restore it from a backup.');
    const dataset = task.data.test();
    let found: Evaluation;
    try {
      found = await evaluator.evaluate({ model: file, dataset });
    } catch (error) {
      if (error instanceof TrainingError) return reject('cannot_evaluate', error.message);
      throw error;
    }
    const { examples, correct, loss, confusion } = found;
    const record = { heldOut: digestOf(dataset), at: now(), examples, correct, loss, confusion };
    await store.keepEvaluation(model, record);
    return told(task.manifest.classes, record);
  }

  return { kept, measure: (task, model) => inTurn(() => measureNow(task, model)) };
}

function told(names: readonly string[], record: EvaluationRecord): ModelEvaluation {
  const { correct, examples, confusion } = record;
  return { ...record, accuracy: correct / examples, classes: classScores(names, confusion) };
}
