import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { isAbsolute, join, resolve, sep } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { isRejection } from '@sotto/protocol/rejection';
import { sizeOf } from '@sotto/protocol/safetensors';
import { scaleOf, type TaskManifest } from '@sotto/protocol/task';
import { type Dataset, datasetFault, datasetSize, pickExamples, sliceDataset } from './dataset.ts';
import { decodeDataset } from './dataset-file.ts';
import { parseIdx } from './idx.ts';
import { type Shard, shardIndices } from './shard.ts';
import { layoutOf } from './table/layout.ts';
import { parseTable } from './table/parse.ts';
import { type Excerpt, excerptsOf } from './text/excerpts.ts';
import { messageOf, TrainingError } from './training-error.ts';

/** The data of a task folder. Files are read when first asked for, and checked in full. */
export interface DataSource {
  /**
   * Training examples: all, one participant's shard, or the first `limit` of either.
   * @throws TrainingError `bad_dataset`, also when the task comes without any
   */
  train(shard?: Shard, limit?: number): Dataset;
  /** Held-out examples, for evaluation and nothing else. @throws TrainingError `bad_dataset` */
  test(): Dataset;
  /** How many training examples there are in all; 0 when the task comes without any. */
  readonly trainSize: number;
  /** How a few training texts begin; none where the task is of something else than texts. @throws TrainingError `bad_dataset` */
  excerpts(): readonly Excerpt[];
}

/** All participants of a task must deal from the same deck. */
const DECK_SEED = 20_170_228;

/** Reads nothing yet; what is wrong with the data is thrown by the first call that needs them. */
export function openDataSource(folder: string, manifest: TaskManifest): DataSource {
  const train = remember(() => readPart(folder, manifest, 'train'));
  const test = remember(() => readPart(folder, manifest, 'test'));
  const excerpts = remember(() => readExcerpts(folder, manifest));
  return {
    train(shard, limit) {
      const all = train();
      const part = shard === undefined ? all : pickExamples(all, shardIndices(all.labels, shard, DECK_SEED));
      return limit === undefined ? part : sliceDataset(part, 0, Math.min(limit, datasetSize(part)));
    },
    test,
    excerpts,
    get trainSize() {
      return manifest.data.train === undefined ? 0 : datasetSize(train());
    },
  };
}

function remember<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

function readPart(folder: string, manifest: TaskManifest, part: 'train' | 'test'): Dataset {
  const { classes } = manifest;
  const dataset = readDataset(folder, manifest, part);
  const fault =
    datasetFault(dataset, classes.length) ?? (datasetSize(dataset) === 0 ? 'there are no examples' : undefined);
  if (fault !== undefined) throw new TrainingError('bad_dataset', `The ${part} data of task ${manifest.id}: ${fault}.`);
  return dataset;
}

function readDataset(folder: string, manifest: TaskManifest, part: 'train' | 'test'): Dataset {
  const { data, classes, input } = manifest;
  if (data.format === 'idx') return readImages(folder, data[part], manifest, data.scale);
  const file = data[part];
  if (file === undefined)
    throw new TrainingError(
      'bad_dataset',
      `Task ${manifest.id} comes without training data: whoever takes part brings their own.`,
    );
  if (data.format !== 'dataset')
    return parseTable(new TextDecoder().decode(readDataFile(folder, file)), layoutOf(manifest)!, file);
  const dataset = decodeDataset(readDataFile(folder, file), classes.length);
  if (isRejection(dataset)) throw new TrainingError('bad_dataset', `${file}: ${dataset.message}`);
  const [has, wants] = [dataset, input].map(({ shape }) => `[${shape.join(', ')}]`);
  if (has !== wants)
    throw new TrainingError('bad_dataset', `${file} holds examples of shape ${has}, the task's input has ${wants}.`);
  if (dataset.scale !== scaleOf(manifest))
    throw new TrainingError(
      'bad_dataset',
      `${file} is of scale ${dataset.scale}, the task says data.scale ${scaleOf(manifest)}. Make them the same.`,
    );
  return dataset;
}

function readExcerpts(folder: string, manifest: TaskManifest): Excerpt[] {
  const { data } = manifest;
  return data.format === 'text'
    ? excerptsOf(new TextDecoder().decode(readDataFile(folder, data.train)), layoutOf(manifest)!)
    : [];
}

function readImages(
  folder: string,
  pair: { images: string; labels: string },
  { input }: TaskManifest,
  scale: number,
): Dataset {
  const images = parseIdx(readDataFile(folder, pair.images), 3, pair.images);
  const labels = parseIdx(readDataFile(folder, pair.labels), 1, pair.labels);
  const [size, height, width] = images.shape as [number, number, number];
  if (sizeOf(input.shape) !== height * width)
    throw new TrainingError(
      'bad_dataset',
      `${pair.images} holds images of ${width} × ${height}, the task's input has shape [${input.shape.join(', ')}].`,
    );
  if (size !== labels.values.length)
    throw new TrainingError(
      'bad_dataset',
      `${pair.images} holds ${size} images, ${pair.labels} ${labels.values.length} labels.`,
    );
  return { inputs: images.values, shape: input.shape, scale, labels: Int32Array.from(labels.values) };
}

/**
 * A file of the folder, `npm:package/path` of a package that the folder's package.json depends on, or a file of this machine by its
 * absolute path. What is packed with gzip is unpacked.
 */
function readDataFile(folder: string, name: string): Uint8Array {
  const path = name.startsWith('npm:') ? resolvePackageFile(folder, name) : resolve(folder, name);
  // A way out by dots is more likely a slip than meant.
  if (!name.startsWith('npm:') && !isAbsolute(name) && !path.startsWith(resolve(folder) + sep))
    throw new TrainingError(
      'bad_dataset',
      `${name} lies outside the task's folder. Copy it there, or give its absolute path.`,
    );
  try {
    return unpacked(readFileSync(!existsSync(path) && existsSync(`${path}.gz`) ? `${path}.gz` : path));
  } catch (cause) {
    throw new TrainingError('bad_dataset', `Cannot read ${name} of the task in ${folder}: ${messageOf(cause)}.`, {
      cause,
    });
  }
}

/** None of the formats read here begins like a gzip file. */
function unpacked(bytes: Buffer): Uint8Array {
  const plain = bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes;
  // A Buffer's slices would be views of it, and keep all of it alive.
  return new Uint8Array(plain.buffer, plain.byteOffset, plain.byteLength);
}

function resolvePackageFile(folder: string, name: string): string {
  const [, packageName, path] = /^npm:((?:@[^/]+\/)?[^/]+)\/(.+)$/.exec(name) ?? [];
  if (packageName === undefined || path === undefined || path.split('/').includes('..'))
    throw new TrainingError('bad_dataset', `"${name}" does not name a file of a package: write npm:package/path.`);
  const from = createRequire(join(resolve(folder), 'package.json'));
  for (const modules of from.resolve.paths(packageName) ?? []) {
    const root = join(modules, packageName);
    if (existsSync(join(root, 'package.json'))) return join(root, path);
  }
  throw new TrainingError(
    'bad_dataset',
    `The package ${packageName} is not installed for the task in ${folder}. Add it to the folder's package.json and install.`,
  );
}
