import { parseTable } from '@sotto/learner/csv';
import type { Dataset } from '@sotto/learner/dataset';
import { TrainingError } from '@sotto/learner/training-error';
import type { TaskManifest } from '@sotto/protocol/task';

export interface TableFault {
  readonly where: string;
  readonly why: string;
}

/** A person's own table. A fault in it is told by line, column and value, and nothing of the file is used before it is mended. */
export function readOwnTable(
  text: string,
  task: TaskManifest,
  file: string,
): { dataset: Dataset | null; faults: TableFault[] } {
  const label = task.data.format === 'csv' ? task.data.label : 'class';
  try {
    const dataset = parseTable(text, { columns: task.input.columns ?? [], label, classes: task.classes }, file);
    if (dataset.labels.length > 0) return { dataset, faults: [] };
    return { dataset: null, faults: [{ where: file, why: 'there is no line below the header' }] };
  } catch (error) {
    if (!(error instanceof TrainingError)) throw error;
    return { dataset: null, faults: [{ where: file, why: error.message }] };
  }
}
