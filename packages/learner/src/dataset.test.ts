import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  concatDatasets,
  type Dataset,
  datasetFault,
  datasetSize,
  pickExamples,
  sliceDataset,
  splitStratified,
} from './dataset.ts';
import { decodeDataset, encodeDataset } from './dataset-file.ts';

const CLASSES = 4;

const datasets = fc
  .record({
    size: fc.integer({ min: 0, max: 12 }),
    shape: fc.constantFrom<number[]>([3], [2, 2], [2, 1, 3]),
    bytes: fc.boolean(),
    scale: fc.constantFrom(1, 1 / 255, 0.5),
    seed: fc.integer({ min: 1, max: 1000 }),
  })
  .map(({ size, shape, bytes, scale, seed }): Dataset => {
    const numbers = Array.from({ length: size * shape.reduce((a, b) => a * b, 1) }, (_, i) => (seed * (i + 1)) % 251);
    const inputs = bytes ? Uint8Array.from(numbers) : Float32Array.from(numbers, (n) => n / 7 - 9);
    return { inputs, shape, scale, labels: Int32Array.from({ length: size }, (_, i) => (seed + i) % CLASSES) };
  });

describe('datasets', () => {
  it('are put together again from their slices', () => {
    fc.assert(
      fc.property(datasets, fc.integer({ min: 0, max: 12 }), (dataset, cut) => {
        const at = Math.min(cut, datasetSize(dataset));
        expect(concatDatasets([sliceDataset(dataset, 0, at), sliceDataset(dataset, at)])).toEqual(dataset);
      }),
    );
  });

  it('keep each label with its example when picked in another order', () => {
    const dataset = {
      inputs: Uint8Array.of(10, 11, 20, 21, 30, 31),
      shape: [2],
      scale: 1,
      labels: Int32Array.of(1, 2, 3),
    };
    const picked = pickExamples(dataset, [2, 0]);
    expect([...picked.inputs]).toEqual([30, 31, 10, 11]);
    expect([...picked.labels]).toEqual([3, 1]);
    expect(() => pickExamples(dataset, [3])).toThrow('no example 3 among 3');
  });

  it('split by class: both parts have the same mix, together they are the whole, and the seed decides', () => {
    const labels = Int32Array.from({ length: 50 }, (_, i) => (i < 30 ? 0 : 1));
    const dataset = { inputs: Float32Array.from({ length: 50 }, (_, i) => i), shape: [1], scale: 1, labels };
    const [first, second] = splitStratified(dataset, 0.8, 3);
    expect(first.labels.filter((label) => label === 1)).toHaveLength(16);
    expect(second.labels.filter((label) => label === 1)).toHaveLength(4);
    expect([...first.inputs, ...second.inputs].sort((a, b) => a - b)).toEqual([...dataset.inputs]);
    expect(splitStratified(dataset, 0.8, 3)).toEqual([first, second]);
    expect(splitStratified(dataset, 0.8, 4)).not.toEqual([first, second]);
  });

  it('of different scales are not joined', () => {
    const dataset = { inputs: Uint8Array.of(1), shape: [1], scale: 1, labels: Int32Array.of(0) };
    expect(() => concatDatasets([dataset, { ...dataset, scale: 2 }])).toThrow('one scale');
  });
});

describe('a dataset file', () => {
  it('gives back what was put in', () => {
    fc.assert(
      fc.property(datasets, (dataset) => {
        expect(datasetFault(dataset, CLASSES)).toBeUndefined();
        expect(decodeDataset(encodeDataset(dataset), CLASSES)).toEqual(dataset);
      }),
    );
  });

  const sample: Dataset = { inputs: Float32Array.of(1, 2, 3, 4), shape: [2], scale: 1, labels: Int32Array.of(0, 1) };
  const file = encodeDataset(sample);
  const edited = (from: string, to: string) => {
    const text = new TextDecoder('latin1').decode(file);
    return Uint8Array.from(text.replace(from, to), (character) => character.charCodeAt(0));
  };
  it.each([
    ['nothing', new Uint8Array(), 'shorter'],
    ['one byte less', file.slice(0, -1), 'bytes of data'],
    ['one byte more', Uint8Array.of(...file, 0), 'bytes of data'],
    [
      'a header longer than the file',
      Uint8Array.of(255, 255, 0, 0, 0, 0, 0, 0, ...file.slice(8)),
      'header does not fit',
    ],
    ['no JSON', edited('{"__metadata__"', '["__metadata__"'), 'not JSON'],
    ['another type', edited('"F32"', '"F64"'), 'inputs.dtype'],
    ['a gap', edited('[8,24]', '[9,25]'), 'overlap'],
    ['a shape that does not fit', edited('"shape":[2,2]', '"shape":[2,3]'), 'overlap'],
    ['more labels than examples', edited('"shape":[2,2]', '"shape":[1,4]'), '2 labels need'],
    ['a scale that is no number', edited('"scale":"1"', '"scale":"x"'), 'scale'],
    ['a label outside the classes', encodeDataset({ ...sample, labels: Int32Array.of(0, 4) }), 'label 4'],
    ['a negative label', encodeDataset({ ...sample, labels: Int32Array.of(-1, 0) }), 'label -1'],
    [
      'an input that is not a number',
      encodeDataset({ ...sample, inputs: Float32Array.of(1, Number.NaN, 3, 4) }),
      'NaN',
    ],
  ])('is refused when it holds %s', (_, bytes, message) => {
    expect(decodeDataset(bytes, CLASSES)).toMatchObject({
      rejected: 'bad_dataset',
      message: expect.stringContaining(message),
    });
  });

  it('never throws, whatever byte is changed', () => {
    fc.assert(
      fc.property(fc.nat(file.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const bytes = file.slice();
        bytes[at]! ^= change;
        const decoded = decodeDataset(bytes, CLASSES);
        expect('rejected' in decoded || datasetFault(decoded, CLASSES) === undefined).toBe(true);
      }),
    );
  });
});
