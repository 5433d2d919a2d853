import { describe, expect, it } from 'vitest';
import { TaskManifest } from '../src/task.ts';

const COLUMNS = ['a', 'b'].map((name) => ({ type: 'number', name, mean: 0, deviation: 1 }));
const COLOUR = { type: 'category', name: 'colour', values: ['red', 'green', 'blue'] };
const IMAGE = { width: 4, height: 3, channels: 3 };

const DATA = {
  image: { format: 'idx', train: { images: 'a', labels: 'b' }, test: { images: 'c', labels: 'd' }, scale: 1 },
  table: { format: 'csv', train: 'train.csv', test: 'test.csv', label: 'size' },
  text: { format: 'text', train: 'train.csv', test: 'test.csv', text: 'words', label: 'size' },
};

/** The fields of a manifest with this input that are refused. */
function refusedFields(kind: keyof typeof DATA, input: object, change: object = {}): string[] {
  const { error } = TaskManifest.safeParse({
    version: 1,
    id: 'tiny',
    title: 'Tiny',
    summary: 'Tells small from large.',
    kind,
    classes: ['small', 'large'],
    input,
    model: 'model.json',
    data: DATA[kind],
    card: 'DATA.md',
    training: { optimizer: { name: 'sgd', learningRate: 0.1 }, epochs: 1, batchSize: 4 },
    privacy: { clip: 1, range: 1, exampleCap: 10, minimumCohort: 3 },
    rounds: 2,
    ...change,
  });
  return error?.issues.map(({ path }) => path.join('.')) ?? [];
}

it.each(['line\nbreak', 'tab\t', '\u0000', '\u2028'])('a name is one line of letters: %j is refused', (name) => {
  const input = { shape: [2], columns: COLUMNS };
  expect(refusedFields('table', input, { classes: ['small', name] })).toEqual(['classes.1']);
  const columns = [{ ...COLUMNS[0], name }, COLUMNS[1]];
  expect(refusedFields('table', { ...input, columns })).toEqual(['input.columns.0.name']);
});

describe("a task's input shape", () => {
  it('is the number of columns of a table', () => {
    expect(refusedFields('table', { shape: [2], columns: COLUMNS })).toEqual([]);
    expect(refusedFields('table', { shape: [3], columns: COLUMNS })).toEqual(['input.shape']);
    // Rows of a table are read as one side, never folded.
    expect(refusedFields('table', { shape: [2, 1], columns: COLUMNS })).toEqual(['input.shape']);
  });

  it('has a place for each value of a category, and one for each number', () => {
    expect(refusedFields('table', { shape: [5], columns: [...COLUMNS, COLOUR] })).toEqual([]);
    expect(refusedFields('table', { shape: [3], columns: [...COLUMNS, COLOUR] })).toEqual(['input.shape']);
  });

  it('is the number of buckets of a text', () => {
    const text = { buckets: 64, pairs: true, maxCharacters: 1000 };
    expect(refusedFields('text', { shape: [64], text })).toEqual([]);
    expect(refusedFields('text', { shape: [65], text })).toEqual(['input.shape']);
  });

  it('holds all values of an image, flat or not', () => {
    expect(refusedFields('image', { shape: [36], image: IMAGE })).toEqual([]);
    expect(refusedFields('image', { shape: [3, 4, 3], image: IMAGE })).toEqual([]);
    expect(refusedFields('image', { shape: [3, 4], image: IMAGE })).toEqual(['input.shape']);
  });

  it('is not asked for when columns or image are missing altogether', () => {
    expect(refusedFields('table', { shape: [2] })).toEqual(['input.columns']);
    expect(refusedFields('text', { shape: [2] })).toEqual(['input.text']);
  });
});

describe('a task with columns', () => {
  const withColumns = (...columns: object[]) => refusedFields('table', { shape: [2], columns });
  const [a, b] = COLUMNS;

  it('has no two of one name', () => {
    expect(withColumns(a!, a!)).toEqual(['input.columns']);
  });

  it('lists each value of a category once', () => {
    expect(withColumns({ ...COLOUR, values: ['red', 'red'] })).toEqual(['input.columns.0.values']);
  });

  it('gives ranges from the least value to the most', () => {
    expect(withColumns(a!, { ...b, range: [0, 1] })).toEqual([]);
    expect(withColumns(a!, { ...b, range: [1, 0] })).toEqual(['input.columns.1.range']);
  });
});

describe('a task', () => {
  const input = { shape: [2], columns: COLUMNS };

  it('has data of a format that fits its kind', () => {
    expect(refusedFields('table', input, { data: DATA.image })).toEqual(['data.format']);
  });

  it('may have a dataset file of any kind, which says what files of that kind would', () => {
    const data = { format: 'dataset', test: 'test.safetensors', label: 'size' };
    expect(refusedFields('table', input, { data })).toEqual([]);
    expect(refusedFields('table', input, { data: { ...data, aliases: {} } })).toEqual(['data']);
    expect(refusedFields('table', input, { data: { ...data, scale: 1, label: undefined } })).toEqual([
      'data.scale',
      'data.label',
    ]);
    const image = { shape: [36], image: IMAGE };
    expect(refusedFields('image', image, { data: { format: 'dataset', test: 'a', scale: 1 } })).toEqual([]);
    expect(refusedFields('image', image, { data })).toEqual(['data.scale', 'data.label']);
  });

  it('has no two classes of one name, for nobody could tell them apart in a file', () => {
    expect(refusedFields('table', input, { classes: ['yes', 'yes'] })).toEqual(['classes']);
  });

  it('is translated whole: every class, and columns that there are', () => {
    const de = { title: 'Klein', summary: 'Unterscheidet klein von groß.', columns: { a: 'Breite' } };
    expect(refusedFields('table', input, { translations: { de } })).toEqual([]);
    const bad = { ...de, classes: ['klein'], columns: { width: 'Breite' } };
    expect(refusedFields('table', input, { translations: { de: bad } })).toEqual([
      'translations.de.classes',
      'translations.de.columns.width',
    ]);
  });

  it('may be known to files by other names, which are those of columns and classes that there are', () => {
    const aliases = { columns: { a: ['wide'], size: ['what'] }, classes: { small: ['S'] } };
    expect(refusedFields('table', input, { aliases })).toEqual([]);
    const bad = { columns: { nothing: ['what'] }, classes: { none: ['no'] } };
    expect(refusedFields('table', input, { aliases: bad })).toEqual([
      'aliases.columns.nothing',
      'aliases.classes.none',
    ]);
  });
});
