import { type Rejection, reject } from '@sotto/protocol/rejection';
import { readSafetensors, sizeOf, writeSafetensors } from '@sotto/protocol/safetensors';
import { z } from 'zod';
import { type Dataset, datasetFault, datasetSize } from './dataset.ts';

const MAX_HEADER_BYTES = 65_536;

const Offsets = z.tuple([z.number().int().min(0), z.number().int().min(0)]);
const Header = z.strictObject({
  __metadata__: z.strictObject({ format: z.literal('sotto-dataset-1'), scale: z.string().max(40) }),
  inputs: z.strictObject({
    dtype: z.enum(['U8', 'F32']),
    shape: z.array(z.number().int().min(0)).min(2).max(5),
    data_offsets: Offsets,
  }),
  labels: z.strictObject({
    dtype: z.literal('I32'),
    shape: z.tuple([z.number().int().min(0)]),
    data_offsets: Offsets,
  }),
});

/**
 * A dataset as one safetensors file: `labels` (I32), then `inputs` (U8 or F32), little-endian. `labels` come first so that both stay
 * aligned.
 */
export function encodeDataset(dataset: Dataset): Uint8Array<ArrayBuffer> {
  const { inputs, shape, scale, labels } = dataset;
  const size = datasetSize(dataset);
  const labelsEnd = 4 * size;
  const header: z.infer<typeof Header> = {
    __metadata__: { format: 'sotto-dataset-1', scale: String(scale) },
    labels: { dtype: 'I32', shape: [size], data_offsets: [0, labelsEnd] },
    inputs: {
      dtype: inputs instanceof Uint8Array ? 'U8' : 'F32',
      shape: [size, ...shape],
      data_offsets: [labelsEnd, labelsEnd + inputs.byteLength],
    },
  };
  return writeSafetensors(header, littleEndian(labels), inputs instanceof Uint8Array ? inputs : littleEndian(inputs));
}

/** Strict: exactly the two tensors, no gap, no byte more, every label a class of the task, every input finite. */
export function decodeDataset(bytes: Uint8Array, classes: number): Dataset | Rejection<'bad_dataset'> {
  const bad = (what: string) =>
    reject('bad_dataset', `Not a dataset of this task: ${what}. Export it again and retry.`);
  const file = readSafetensors(bytes, Header, MAX_HEADER_BYTES);
  if (typeof file === 'string') return bad(file);
  const { header, data } = file;
  const { inputs, labels, __metadata__: metadata } = header;
  const [size, ...shape] = inputs.shape as [number, ...number[]];
  const labelsEnd = 4 * labels.shape[0];
  const inputsEnd = labelsEnd + size * sizeOf(shape) * (inputs.dtype === 'U8' ? 1 : 4);
  if (labels.data_offsets.join() !== `0,${labelsEnd}` || inputs.data_offsets.join() !== `${labelsEnd},${inputsEnd}`)
    return bad('the tensors overlap, leave a gap or disagree with their shapes');
  if (inputsEnd !== data.length) return bad(`it holds ${data.length} bytes of data, not ${inputsEnd}`);
  const words = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const dataset: Dataset = {
    labels: Int32Array.from({ length: labels.shape[0] }, (_, i) => words.getInt32(4 * i, true)),
    inputs:
      inputs.dtype === 'U8'
        ? data.slice(labelsEnd, inputsEnd)
        : Float32Array.from({ length: (inputsEnd - labelsEnd) / 4 }, (_, i) =>
            words.getFloat32(labelsEnd + 4 * i, true),
          ),
    shape,
    scale: Number(metadata.scale),
  };
  const fault = datasetFault(dataset, classes);
  return fault === undefined ? dataset : bad(fault);
}

function littleEndian(numbers: Int32Array | Float32Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(numbers.byteLength);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < numbers.length; i++)
    if (numbers instanceof Int32Array) view.setInt32(4 * i, numbers[i]!, true);
    else view.setFloat32(4 * i, numbers[i]!, true);
  return bytes;
}
