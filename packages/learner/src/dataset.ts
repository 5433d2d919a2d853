import { sizeOf } from '@sotto/protocol/safetensors';
import { createRandom, shuffledIndices } from './random.ts';
import { TrainingError } from './training-error.ts';

/** Labelled examples of one task, as raw as they were measured: pixels stay bytes until a batch is made of them. */
export interface Dataset {
  /** Example by example, each `sizeOf(shape)` numbers, row-major. */
  readonly inputs: Uint8Array | Float32Array;
  /** Shape of one example. */
  readonly shape: readonly number[];
  /** inputs · scale is what the model sees; 1/255 for images of bytes. */
  readonly scale: number;
  /** One class index an example. */
  readonly labels: Int32Array;
}

/** How many examples there are. */
export function datasetSize(dataset: Dataset): number {
  return dataset.labels.length;
}

/** The examples at these indices, in this order, copied. */
export function pickExamples(dataset: Dataset, indices: ArrayLike<number>): Dataset {
  const { inputs, shape, scale, labels } = dataset;
  const size = sizeOf(shape);
  const picked =
    inputs instanceof Uint8Array ? new Uint8Array(indices.length * size) : new Float32Array(indices.length * size);
  const pickedLabels = new Int32Array(indices.length);
  for (let i = 0; i < indices.length; i++) {
    const from = indices[i]!;
    if (!(from >= 0 && from < labels.length)) throw new RangeError(`no example ${from} among ${labels.length}`);
    picked.set(inputs.subarray(from * size, (from + 1) * size), i * size);
    pickedLabels[i] = labels[from]!;
  }
  return { inputs: picked, shape, scale, labels: pickedLabels };
}

/** Examples `start` … `end − 1`, copied. */
export function sliceDataset(dataset: Dataset, start: number, end = datasetSize(dataset)): Dataset {
  const size = sizeOf(dataset.shape);
  return {
    ...dataset,
    inputs: dataset.inputs.slice(start * size, end * size),
    labels: dataset.labels.slice(start, end),
  };
}

/** One dataset of several with the same shape and scale; bytes stay bytes only when all are bytes. */
export function concatDatasets(datasets: readonly Dataset[]): Dataset {
  const [first] = datasets;
  if (first === undefined) throw new RangeError('nothing to join');
  for (const { shape, scale } of datasets)
    if (shape.join() !== first.shape.join() || scale !== first.scale)
      throw new TrainingError('bad_dataset', 'Only datasets of one shape and one scale can be joined.');
  const total = datasets.reduce((sum, { inputs }) => sum + inputs.length, 0);
  const inputs = datasets.every((d) => d.inputs instanceof Uint8Array)
    ? new Uint8Array(total)
    : new Float32Array(total);
  const labels = new Int32Array(datasets.reduce((sum, d) => sum + d.labels.length, 0));
  let at = 0;
  let labelsAt = 0;
  for (const dataset of datasets) {
    inputs.set(dataset.inputs, at);
    labels.set(dataset.labels, labelsAt);
    at += dataset.inputs.length;
    labelsAt += dataset.labels.length;
  }
  return { inputs, shape: first.shape, scale: first.scale, labels };
}

/** Two parts with the same mix of classes: of each class, `fraction` (rounded) goes to the first. Neither part is ordered by class. */
export function splitStratified(dataset: Dataset, fraction: number, seed: number): [Dataset, Dataset] {
  const random = createRandom(seed);
  const byClass = new Map<number, number[]>();
  for (const index of shuffledIndices(datasetSize(dataset), random)) {
    const label = dataset.labels[index]!;
    const alike = byClass.get(label);
    if (alike) alike.push(index);
    else byClass.set(label, [index]);
  }
  const first: number[] = [];
  const second: number[] = [];
  for (const label of [...byClass.keys()].sort((a, b) => a - b)) {
    const indices = byClass.get(label)!;
    const cut = Math.round(indices.length * fraction);
    first.push(...indices.slice(0, cut));
    second.push(...indices.slice(cut));
  }
  const mixed = (indices: number[]) => Array.from(shuffledIndices(indices.length, random), (i) => indices[i]!);
  return [pickExamples(dataset, mixed(first)), pickExamples(dataset, mixed(second))];
}

/** What is wrong with the dataset for a task with this many classes; undefined when nothing is. */
export function datasetFault(dataset: Dataset, classes: number): string | undefined {
  const { inputs, shape, scale, labels } = dataset;
  const size = sizeOf(shape);
  if (shape.length === 0 || !shape.every((side) => Number.isInteger(side) && side > 0))
    return `[${shape.join(', ')}] is not the shape of an example`;
  if (!(Number.isFinite(scale) && scale > 0)) return `the scale is ${scale}, not a positive number`;
  if (inputs.length !== labels.length * size)
    return `${labels.length} labels need ${labels.length * size} input numbers of shape [${shape.join(', ')}], not ${inputs.length}`;
  const wrong = labels.findIndex((label) => !(label >= 0 && label < classes));
  if (wrong !== -1) return `example ${wrong} has label ${labels[wrong]}, the classes are 0 to ${classes - 1}`;
  if (inputs instanceof Float32Array) {
    const odd = inputs.findIndex((value) => !Number.isFinite(value));
    if (odd !== -1)
      return `input ${odd % size} of example ${Math.floor(odd / size)} is ${inputs[odd]}, not a finite number`;
  }
  return undefined;
}
