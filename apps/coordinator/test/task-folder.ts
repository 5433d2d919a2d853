import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { newFolder } from './hall.ts';

export const manifest = {
  version: 1,
  id: 'tiny',
  title: 'Tiny',
  summary: 'Tells small from large.',
  kind: 'table',
  classes: ['small', 'large'],
  input: {
    shape: [2],
    columns: [
      { type: 'number', name: 'a', mean: 0, deviation: 1 },
      { type: 'number', name: 'b', mean: 0, deviation: 1 },
    ],
  },
  model: 'model.json',
  data: { format: 'csv', train: 'train.csv', test: 'test.csv', label: 'size' },
  card: 'DATA.md',
  training: { optimizer: { name: 'sgd', learningRate: 0.1 }, epochs: 1, batchSize: 4 },
  privacy: { clip: 1, range: 1, exampleCap: 10, minimumCohort: 3 },
  rounds: 2,
};

/** One dense layer from two columns. */
export const topology = ({ columns = 2, units = 2, activation = 'softmax' } = {}) => ({
  class_name: 'Sequential',
  config: {
    name: 'tiny',
    layers: [
      {
        class_name: 'Dense',
        config: { name: 'dense', units, activation, batch_input_shape: [null, columns], use_bias: true },
      },
    ],
  },
});

/** A folder of tasks with one task of six parameters in it. `change` edits its manifest, `files` replaces files. */
export function makeTasks(change: object = {}, files: Readonly<Record<string, string>> = {}): string {
  const parent = newFolder();
  const folder = join(parent, 'tiny');
  mkdirSync(folder);
  const rows = (count: number) =>
    ['a,b,size', ...Array.from({ length: count }, (_, i) => `${i},${-i},${i % 2 === 0 ? 'small' : 'large'}`)].join(
      '\n',
    );
  const contents: Record<string, string> = {
    'task.json': JSON.stringify({ ...manifest, ...change }),
    'model.json': JSON.stringify(topology()),
    'train.csv': `${rows(12)}\n`,
    'test.csv': `${rows(4)}\n`,
    'DATA.md': '# Tiny data',
    ...files,
  };
  for (const [name, text] of Object.entries(contents)) writeFileSync(join(folder, name), text);
  return parent;
}
