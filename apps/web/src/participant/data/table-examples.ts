import { readTable } from '@sotto/learner/csv';
import { type Dataset, datasetSize } from '@sotto/learner/dataset';
import { TrainingError } from '@sotto/learner/training-error';
import type { TaskManifest } from '@sotto/protocol/task';

interface OwnTable {
  /** The good lines; null when there are none. */
  readonly dataset: Dataset | null;
  /** What is wrong with each of the others, by line, column and value. */
  readonly faults: readonly string[];
}

/** Name of the column with the class. */
export function labelColumnOf({ data }: TaskManifest): string {
  return data.format === 'csv' ? data.label : 'class';
}

/** A person's own table, scaled like the task's own data. */
export function readOwnTable(text: string, task: TaskManifest, file: string): OwnTable {
  const layout = { columns: task.input.columns ?? [], label: labelColumnOf(task), classes: task.classes };
  try {
    const { dataset, faults } = readTable(text, layout, file);
    if (datasetSize(dataset) === 0 && faults.length === 0)
      return { dataset: null, faults: [`${file}: there is no line below the header.`] };
    return { dataset: datasetSize(dataset) > 0 ? dataset : null, faults: faults.map(({ message }) => message) };
  } catch (error) {
    if (!(error instanceof TrainingError)) throw error;
    return { dataset: null, faults: [error.message] };
  }
}
