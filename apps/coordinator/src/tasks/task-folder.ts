import { readFile } from 'node:fs/promises';
import { encodeDataset } from '@sotto/learner/dataset-file';
import type { TaskFolder } from '@sotto/learner/task-folder/archive';
import { columnOf, scaleOf, type TaskManifest } from '@sotto/protocol/task';
import { encodeUtf8 } from '@sotto/protocol/utf8';
import { withOwnNames } from './own-task.ts';
import type { Task } from './tasks.ts';

/** A task of any origin as a folder of its own: with dataset files, whatever its data were read from. */
export async function folderOf(task: Task): Promise<TaskFolder> {
  const { data, weights, card, topology } = task;
  const sample = data.trainSize === 0 ? null : encodeDataset(data.train());
  return {
    manifest: withOwnNames({ ...task.manifest, data: asDataset(task.manifest) }, { sample, weights }),
    card,
    model: encodeUtf8(topology),
    heldOut: encodeDataset(data.test()),
    sample,
    weights: weights === null ? null : new Uint8Array(await readFile(weights)),
  };
}

function asDataset(manifest: TaskManifest): TaskManifest['data'] {
  const [label, text] = (['label', 'text'] as const).map((column) => columnOf(manifest.data, column));
  return {
    format: 'dataset',
    test: '',
    ...(manifest.kind === 'image' && { scale: scaleOf(manifest) }),
    ...(label !== undefined && { label }),
    ...(text !== undefined && { text }),
  };
}
