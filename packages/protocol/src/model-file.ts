import { z } from 'zod';
import { sameBytes, toHex } from './bytes.ts';
import { hashJson } from './digest.ts';
import { isRejection, type Rejection, reject } from './rejection.ts';
import { readSafetensors, sizeOf, writeSafetensors } from './safetensors.ts';

/**
 * A model is one safetensors file of little-endian float32 data. The architecture (TF.js layers topology) stands in `__metadata__`, so
 * that one hash covers weights and architecture, and any safetensors reader opens the weights.
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

/** The header, its fields in their one order. @throws RangeError when two tensors share a name */
function headerOf({ topology, tensors }: Omit<ModelFile, 'weights'>): object {
  const header: Record<string, unknown> = { __metadata__: { format: 'sotto-1', topology } };
  let offset = 0;
  for (const { name, shape } of tensors) {
    if (Object.hasOwn(header, name)) throw new RangeError(`two tensors are called ${name}`);
    const end = offset + 4 * sizeOf(shape);
    header[name] = { dtype: 'F32', shape, data_offsets: [offset, end] };
    offset = end;
  }
  return header;
}

/** @throws RangeError when the tensors do not cover the weights exactly: our own bug, not a peer's. */
export function encodeModelFile({ topology, tensors, weights }: ModelFile): Uint8Array<ArrayBuffer> {
  const size = tensors.reduce((total, { shape }) => total + sizeOf(shape), 0);
  if (size !== weights.length) throw new RangeError(`tensors hold ${size} numbers, weights ${weights.length}`);
  const data = new Uint8Array(4 * weights.length);
  const view = new DataView(data.buffer);
  weights.forEach((weight, i) => {
    view.setFloat32(4 * i, weight, true);
  });
  return writeSafetensors(headerOf({ topology, tensors }), data);
}

/**
 * Strict: the header's tensors lie one after the other, cover the data exactly, every weight is finite, and the header is spelled as
 * `encodeModelFile` spells it. Otherwise two readers could take one file, hence one model hash, for two models (repeated names).
 */
export function decodeModelFile(bytes: Uint8Array): ModelFile | Rejection<'bad_model_file'> {
  const file = readModelFile(bytes);
  if (isRejection(file)) return file;
  const { topology, tensors, data } = file;
  const weights = new Float32Array(data.length / 4);
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  for (let i = 0; i < weights.length; i++) {
    const weight = view.getFloat32(4 * i, true);
    if (!Number.isFinite(weight)) return bad(`weight ${i} is not a finite number`);
    weights[i] = weight;
  }
  return { topology, tensors, weights };
}

/**
 * SHA-256, hex, of the canonical JSON of a topology: the same for two models that differ in their weights alone.
 * @throws SyntaxError when it is not JSON
 */
export function architectureHash(topology: string): string {
  return toHex(hashJson(JSON.parse(topology)));
}

/** The architecture of a model file, as strict as `decodeModelFile` but for the weights, which are not looked at. */
export function architectureOf(bytes: Uint8Array): string | Rejection<'bad_model_file'> {
  const file = readModelFile(bytes);
  if (isRejection(file)) return file;
  try {
    return architectureHash(file.topology);
  } catch {
    return bad('its topology is not JSON');
  }
}

function bad(what: string): Rejection<'bad_model_file'> {
  return reject('bad_model_file', `Not a Sotto model file: ${what}.`);
}

/** `data`: the weights, still as bytes. */
function readModelFile(
  bytes: Uint8Array,
): (Omit<ModelFile, 'weights'> & { readonly data: Uint8Array }) | Rejection<'bad_model_file'> {
  const file = readSafetensors(bytes, Header, MAX_MODEL_HEADER_BYTES);
  if (typeof file === 'string') return bad(file);
  const { data } = file;
  const { __metadata__: metadata, ...entries } = file.header;
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
  const spelled = writeSafetensors(headerOf({ topology: metadata.topology, tensors }));
  if (!sameBytes(spelled, bytes.subarray(0, bytes.length - data.length)))
    return bad('the header is not spelled as Sotto spells it');
  if (offset !== data.length) return bad(`it holds ${data.length} bytes of weights, not ${offset}`);
  return { topology: metadata.topology, tensors, data };
}
