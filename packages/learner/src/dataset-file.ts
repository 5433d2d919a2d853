import { concat } from '@sotto/protocol/bytes';
import { type Rejection, reject } from '@sotto/protocol/rejection';
import { decodeUtf8, encodeUtf8 } from '@sotto/protocol/utf8';
import { z } from 'zod';
import { type Dataset, datasetFault, datasetSize, sizeOfExample } from './dataset.ts';

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
 * A dataset as one safetensors file: u64 LE header length, JSON header padded to 8 bytes, `labels` (I32) then `inputs` (U8 or F32),
 * little-endian. `labels` come first so that both stay aligned.
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
  const text = encodeUtf8(JSON.stringify(header));
  const padded = new Uint8Array(Math.ceil(text.length / 8) * 8).fill(0x20);
  padded.set(text);
  const length = new Uint8Array(8);
  new DataView(length.buffer).setUint32(0, padded.length, true);
  return concat([length, padded, littleEndian(labels), inputs instanceof Uint8Array ? inputs : littleEndian(inputs)]);
}

/** Strict: exactly the two tensors, no gap, no byte more, every label a class of the task, every input finite. */
export function decodeDataset(bytes: Uint8Array, classes: number): Dataset | Rejection<'bad_dataset'> {
  const bad = (what: string) =>
    reject('bad_dataset', `Not a dataset of this task: ${what}. Export it again and retry.`);
  if (bytes.length < 8) return bad('shorter than its length field');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerLength = view.getUint32(0, true);
  if (view.getUint32(4, true) !== 0 || headerLength > MAX_HEADER_BYTES || 8 + headerLength > bytes.length)
    return bad('the header does not fit');
  let json: unknown;
  try {
    json = JSON.parse(decodeUtf8(bytes.subarray(8, 8 + headerLength)));
  } catch {
    return bad('the header is not JSON');
  }
  const parsed = Header.safeParse(json);
  if (!parsed.success)
    return bad(`the header has a wrong field (${parsed.error.issues[0]?.path.join('.') ?? 'unknown'})`);
  const { inputs, labels, __metadata__: metadata } = parsed.data;
  const [size, ...shape] = inputs.shape as [number, ...number[]];
  const labelsEnd = 4 * labels.shape[0];
  const inputsEnd = labelsEnd + size * sizeOfExample(shape) * (inputs.dtype === 'U8' ? 1 : 4);
  if (labels.data_offsets.join() !== `0,${labelsEnd}` || inputs.data_offsets.join() !== `${labelsEnd},${inputsEnd}`)
    return bad('the tensors overlap, leave a gap or disagree with their shapes');
  if (8 + headerLength + inputsEnd !== bytes.length)
    return bad(`it holds ${bytes.length - 8 - headerLength} bytes of data, not ${inputsEnd}`);
  const data = bytes.subarray(8 + headerLength);
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
