import type { Dataset } from '@sotto/learner/dataset';
import type { TaskManifest } from '@sotto/protocol/task';

/** One example to ask the model about; its label is unknown, and not looked at. */
export function questionOf(task: TaskManifest, inputs: Dataset['inputs']): Dataset {
  return {
    inputs,
    shape: task.input.shape,
    scale: task.data.format === 'idx' ? task.data.scale : 1,
    labels: new Int32Array(1),
  };
}
