import { readFile } from 'node:fs/promises';
import type { ModelEnds } from '@sotto/learner/architecture';
import type { Evaluator } from '@sotto/learner/evaluate';
import { TASK_FILES } from '@sotto/learner/task-folder/archive';
import type { TaskCheck, TaskContent } from '@sotto/protocol/admin/tasks';
import { architectureHash, decodeModelFile } from '@sotto/protocol/model-file';
import { isRejection, type Rejection, reject } from '@sotto/protocol/rejection';
import { inBrief } from '../error-message.ts';
import { openRevision, withOwnNames } from './own-task.ts';
import type { TaskFiles } from './task-files.ts';
import type { Task } from './tasks.ts';

export interface TaskCheckPorts {
  readonly files: Pick<TaskFiles, 'look' | 'pathOf'>;
  readonly makeInitialModel: (topology: string, seed: number, expected: ModelEnds) => Promise<Uint8Array<ArrayBuffer>>;
  readonly evaluator: Pick<Evaluator, 'judge'>;
}

interface Checked {
  readonly content: TaskContent;
  readonly check: TaskCheck;
}

const MOST_TOPOLOGY_BYTES = 4 * 2 ** 20;

/**
 * Makes sure that a task can be learned: its files are here, its model is built and judged on its held-out examples. What is wrong is said
 * with the field that it is wrong in.
 */
export async function checkTask(
  { files, makeInitialModel, evaluator }: TaskCheckPorts,
  id: string,
  given: TaskContent,
): Promise<Checked | Rejection<'bad_task'>> {
  const bad = (field: string, what: string) => reject('bad_task', `${field}: ${what}`);
  if (given.manifest.id !== id)
    return bad('manifest.id', `must be “${id}”, as the address says, not “${given.manifest.id}”.`);
  if (given.manifest.data.format !== 'dataset')
    return bad(
      'manifest.data.format',
      `must be “dataset”, not “${given.manifest.data.format}”: upload the examples as dataset files.`,
    );
  for (const field of ['model', 'heldOut', 'sample', 'weights'] as const) {
    const file = given[field];
    if (file !== null && !(await files.look(file)).whole)
      return bad(field, `the file ${file} is not here. Upload it with PUT /api/admin/files/${file}, then save again.`);
  }
  const { received: size } = await files.look(given.model);
  if (size > MOST_TOPOLOGY_BYTES)
    return bad(
      'model',
      `a topology has at most ${MOST_TOPOLOGY_BYTES} bytes, not ${size}: upload model.json without its weights.`,
    );
  const content = { ...given, manifest: withOwnNames(given.manifest, given) };
  const task = await openRevision(files, { revision: 1, content }, { alike: new Set(), archived: false });
  const { manifest } = task;
  const ends = { inputShape: manifest.input.shape, classes: manifest.classes.length };
  let model: Uint8Array<ArrayBuffer>;
  try {
    model = await makeInitialModel(task.topology, 0, ends);
  } catch (error) {
    return bad('model', inBrief(error));
  }
  if (task.weights !== null) {
    const given = await readFile(task.weights);
    const why = whyNotItsWeights(task, given, model);
    if (why !== null) return bad('weights', why);
    model = new Uint8Array(given);
  }
  for (const [field, read] of [
    ['heldOut', () => task.data.test()],
    ['sample', () => (content.sample === null ? null : task.data.train(undefined, 1))],
  ] as const)
    try {
      read();
    } catch (error) {
      const { heldOut, sample } = content;
      const said = inBrief(error).replaceAll(files.pathOf(heldOut), TASK_FILES.heldOut);
      return bad(field, sample === null ? said : said.replaceAll(files.pathOf(sample), TASK_FILES.sample));
    }
  const dataset = task.data.test();
  const { accuracy, loss } = await evaluator.judge({ model, dataset });
  if (!Number.isFinite(loss))
    return bad(
      'heldOut',
      'the loss of the model that a run starts from is not a finite number on these examples. Check the scale of the inputs (columns: mean and deviation), or the initial weights.',
    );
  const built = decodeModelFile(model);
  if (isRejection(built)) return bad('model', built.message);
  return {
    content,
    check: {
      parameters: built.weights.length,
      heldOutExamples: dataset.labels.length,
      sampleExamples: task.data.trainSize,
      accuracy,
      loss,
    },
  };
}

/** Why a model file is none of the task's model; null when it is. */
export function whyNotItsWeights(
  { topology }: Pick<Task, 'topology'>,
  file: Uint8Array,
  built: Uint8Array,
): string | null {
  const [own, wanted] = [decodeModelFile(file), decodeModelFile(built)];
  if (isRejection(own)) return own.message;
  if (isRejection(wanted)) return wanted.message;
  if (architectureHash(own.topology) !== architectureHash(topology))
    return 'they are of another architecture than model.json. Make them for this one.';
  const shapes = ({ tensors }: typeof own) => tensors.map(({ shape }) => shape.join('×')).join(' ');
  return shapes(own) === shapes(wanted)
    ? null
    : 'its tensors are not those of the model, in their order. Export them again.';
}
