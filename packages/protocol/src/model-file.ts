import { z } from 'zod';
import { concat, sameBytes } from './bytes.ts';
import { type Rejection, reject } from './rejection.ts';
import { decodeUtf8, encodeUtf8 } from './utf8.ts';

/**
 * A model is one file, safetensors: u64 LE header length, JSON header, little-endian float32 data. The architecture (TF.js layers
 * topology) stands in `__metadata__`, so that one hash covers weights and architecture, and any safetensors reader opens the weights.
 */
export interface ModelFile {
  /** TF.js layers topology, JSON. */
  readonly topology: string;
  /** In model order; together they cover `weights`. */
  readonly tensors: readonly { readonly name: string; readonly shape: readonly number[] }[];
  readonly weights: Float32Array;
}

export const MAX_MODEL_HEADER_BYTES = 4 * 2 ** 20;

const Entry = z.strictObject({
  dtype: z.literal('F32'),
  shape: z.array(z.number().int().min(0)),
  data_offsets: z.tuple([z.number().int().min(0), z.number().int().min(0)]),
});
const Header = z
  .object({ __metadata__: z.strictObject({ format: z.literal('sotto-1'), topology: z.string() }) })
  .catchall(Entry);

export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, side) => product * side, 1);
}

/** The one spelling of a header: canonical order, padded with spaces to a multiple of 8 bytes. */
function encodeHeader({ topology, tensors }: Omit<ModelFile, 'weights'>): Uint8Array<ArrayBuffer> {
  const header: Record<string, unknown> = { __metadata__: { format: 'sotto-1', topology } };
  let offset = 0;
  for (const { name, shape } of tensors) {
    if (Object.hasOwn(header, name)) throw new RangeError(`two tensors are called ${name}`);
    const end = offset + 4 * sizeOf(shape);
    header[name] = { dtype: 'F32', shape, data_offsets: [offset, end] };
    offset = end;
  }
  const text = encodeUtf8(JSON.stringify(header));
  const padded = new Uint8Array(Math.ceil(text.length / 8) * 8).fill(0x20);
  padded.set(text);
  return padded;
}

/** @throws RangeError when the tensors do not cover the weights exactly: our own bug, not a peer's. */
export function encodeModelFile({ topology, tensors, weights }: ModelFile): Uint8Array<ArrayBuffer> {
  const size = tensors.reduce((total, { shape }) => total + sizeOf(shape), 0);
  if (size !== weights.length) throw new RangeError(`tensors hold ${size} numbers, weights ${weights.length}`);
  const padded = encodeHeader({ topology, tensors });
  const length = new Uint8Array(8);
  new DataView(length.buffer).setUint32(0, padded.length, true);
  const data = new Uint8Array(4 * weights.length);
  const view = new DataView(data.buffer);
  weights.forEach((weight, i) => {
    view.setFloat32(4 * i, weight, true);
  });
  return concat([length, padded, data]);
}

/**
 * Strict: the header's tensors lie one after the other, cover the data exactly, every weight is finite, and the header is spelled as
 * `encodeModelFile` spells it. Otherwise two readers could take one file, hence one model hash, for two models (repeated names).
 */
export function decodeModelFile(bytes: Uint8Array): ModelFile | Rejection<'bad_model_file'> {
  const bad = (what: string) => reject('bad_model_file', `Not a Sotto model file: ${what}.`);
  if (bytes.length < 8) return bad('shorter than its length field');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerLength = view.getUint32(0, true);
  if (view.getUint32(4, true) !== 0 || headerLength > MAX_MODEL_HEADER_BYTES || 8 + headerLength > bytes.length)
    return bad('the header does not fit');
  let json: unknown;
  try {
    json = JSON.parse(decodeUtf8(bytes.subarray(8, 8 + headerLength)));
  } catch {
    return bad('the header is not JSON');
  }
  const header = Header.safeParse(json);
  if (!header.success)
    return bad(`the header has a wrong field (${header.error.issues[0]?.path.join('.') ?? 'unknown'})`);
  const { __metadata__: metadata, ...entries } = header.data;
  const tensors: { name: string; shape: number[] }[] = [];
  let offset = 0;
  for (const [
    name,
    {
      shape,
      data_offsets: [start, end],
    },
  ] of Object.entries(entries).sort((a, b) => a[1].data_offsets[0] - b[1].data_offsets[0])) {
    if (start !== offset || end !== start + 4 * sizeOf(shape)) return bad(`tensor ${name} overlaps or leaves a gap`);
    tensors.push({ name, shape });
    offset = end;
  }
  if (!sameBytes(encodeHeader({ topology: metadata.topology, tensors }), bytes.subarray(8, 8 + headerLength)))
    return bad('the header is not spelled as Sotto spells it');
  if (8 + headerLength + offset !== bytes.length)
    return bad(`it holds ${bytes.length - 8 - headerLength} bytes of weights, not ${offset}`);
  const weights = new Float32Array(offset / 4);
  for (let i = 0; i < weights.length; i++) {
    const weight = view.getFloat32(8 + headerLength + 4 * i, true);
    if (!Number.isFinite(weight)) return bad(`weight ${i} is not a finite number`);
    weights[i] = weight;
  }
  return { topology: metadata.topology, tensors, weights };
}
