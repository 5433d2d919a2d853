import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TaskManifest } from '@sotto/protocol/task';

export const TASK = 'load';

const INPUTS = 30;
const HIDDEN = 300;
const CLASSES = ['no', 'yes'];
const COLUMNS = Array.from({ length: INPUTS }, (_, i) => `x${i}`);

/** 30 × 300 × 300 × 2 with biases: 100,202 parameters. */
const TOPOLOGY = {
  class_name: 'Sequential',
  config: {
    name: 'load',
    layers: [
      dense('first', HIDDEN, 'relu', { batch_input_shape: [null, INPUTS] }),
      dense('second', HIDDEN, 'relu'),
      dense('answer', CLASSES.length, 'softmax'),
    ],
  },
};

const MANIFEST: TaskManifest = {
  version: 1,
  id: TASK,
  title: 'Load',
  summary: 'A model of the size that is asked for; what it learns does not matter.',
  kind: 'table',
  classes: CLASSES,
  input: {
    shape: [INPUTS],
    columns: COLUMNS.map((name) => ({ type: 'number', name, mean: 0, deviation: 1, missing: 'refuse' })),
  },
  model: 'model.json',
  data: { format: 'csv', train: 'examples.csv', test: 'examples.csv', label: 'class' },
  card: 'DATA.md',
  training: { optimizer: { name: 'sgd', learningRate: 0.1 }, epochs: 1, batchSize: 1 },
  privacy: { clip: 100, range: 0.01, exampleCap: 1, minimumCohort: 3 },
  rounds: 1,
};

/** Writes the task's folder into `parent`. */
export async function writeTask(parent: string): Promise<void> {
  const folder = join(parent, TASK);
  const row = (label: string, value: number) => [...COLUMNS.map(() => value), label].join(',');
  const examples = [[...COLUMNS, 'class'].join(','), ...CLASSES.map((label, i) => row(label, i))].join('\n');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'task.json'), JSON.stringify(MANIFEST));
  await writeFile(join(folder, MANIFEST.model), JSON.stringify(TOPOLOGY));
  await writeFile(join(folder, MANIFEST.card), '# Load\n');
  await writeFile(join(folder, 'examples.csv'), `${examples}\n`);
}

/** What participant `i` says it learned, in every coordinate. */
export function deltaOf(participant: number): number {
  return ((participant % 7) - 2) / 1000;
}

function dense(name: string, units: number, activation: string, more: object = {}) {
  const config = { name, units, activation, kernel_initializer: { class_name: 'GlorotUniform', config: {} }, ...more };
  return { class_name: 'Dense', config };
}
