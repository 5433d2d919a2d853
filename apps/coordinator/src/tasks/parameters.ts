import { readFile } from 'node:fs/promises';
import type { ModelEnds } from '@sotto/learner/architecture';
import { decodeModelFile } from '@sotto/protocol/model-file';
import { isRejection } from '@sotto/protocol/rejection';
import { inBrief } from '../error-message.ts';
import { StartError } from '../start-error.ts';
import type { Store } from '../store/store.ts';
import { whyNotItsWeights } from './task-check.ts';
import type { Task } from './tasks.ts';

interface CountingPorts {
  readonly store: Pick<Store, 'parametersOf' | 'saveTask'>;
  readonly makeInitialModel: (topology: string, seed: number, expected: ModelEnds) => Promise<Uint8Array>;
  readonly now: () => number;
}

/**
 * Parameters of the model of a folder's task; it is built when it has changed.
 * @throws StartError when it cannot be built, or is no model of this task
 */
export async function countParameters({ store, makeInitialModel, now }: CountingPorts, task: Task): Promise<number> {
  const { topology, folder, manifest, weights } = task;
  const expected = { inputShape: manifest.input.shape, classes: manifest.classes.length };
  // A model is known together with what it was checked against: the manifest may change and the topology stay.
  const checked = JSON.stringify([topology, expected]);
  const known = weights === null ? await store.parametersOf(manifest.id, checked) : undefined;
  if (known !== undefined) return known;
  try {
    const built = await makeInitialModel(topology, 0, expected);
    const why = weights === null ? null : whyNotItsWeights(task, await readFile(weights), built);
    if (why !== null) throw new StartError(`${folder}/${manifest.weights}: ${why}`);
    const model = decodeModelFile(built);
    if (isRejection(model)) throw new Error(model.message);
    await store.saveTask(manifest.id, checked, model.weights.length, now());
    return model.weights.length;
  } catch (cause) {
    if (cause instanceof StartError) throw cause;
    throw new StartError(`${folder}/${manifest.model}: ${inBrief(cause)}`, { cause });
  }
}
