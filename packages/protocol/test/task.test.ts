import { describe, expect, it } from 'vitest';
import { TaskManifest } from '../src/task.ts';

const COLUMNS = ['a', 'b'].map((name) => ({ name, mean: 0, deviation: 1 }));
const IMAGE = { width: 4, height: 3, channels: 3 };

/** The fields of a manifest with this input that are refused. */
function refusedFields(kind: 'table' | 'image', input: object): string[] {
  const { error } = TaskManifest.safeParse({
    version: 1,
    id: 'tiny',
    title: 'Tiny',
    summary: 'Tells small from large.',
    kind,
    classes: ['small', 'large'],
    input,
    model: 'model.json',
    data: { format: 'csv', train: 'train.csv', test: 'test.csv', label: 'size' },
    card: 'DATA.md',
    training: { optimizer: { name: 'sgd', learningRate: 0.1 }, epochs: 1, batchSize: 4 },
    privacy: { clip: 1, range: 1, exampleCap: 10, minimumCohort: 3 },
    rounds: 2,
  });
  return error?.issues.map(({ path }) => path.join('.')) ?? [];
}

describe("a task's input shape", () => {
  it('is the number of columns of a table', () => {
    expect(refusedFields('table', { shape: [2], columns: COLUMNS })).toEqual([]);
    expect(refusedFields('table', { shape: [3], columns: COLUMNS })).toEqual(['input.shape']);
    // Rows of a table are read as one side, never folded.
    expect(refusedFields('table', { shape: [2, 1], columns: COLUMNS })).toEqual(['input.shape']);
  });

  it('holds all values of an image, flat or not', () => {
    expect(refusedFields('image', { shape: [36], image: IMAGE })).toEqual([]);
    expect(refusedFields('image', { shape: [3, 4, 3], image: IMAGE })).toEqual([]);
    expect(refusedFields('image', { shape: [3, 4], image: IMAGE })).toEqual(['input.shape']);
  });

  it('is not asked for when columns or image are missing altogether', () => {
    expect(refusedFields('table', { shape: [2] })).toEqual(['input.columns']);
  });
});
