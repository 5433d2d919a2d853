import { sizeOf } from '@sotto/protocol/safetensors';
import { encodeUtf8 } from '@sotto/protocol/utf8';
import { strToU8, zipSync } from 'fflate';
import { openModel } from './tfjs.ts';

/** Files of one model are the same whenever and wherever they are made. */
const NO_TIME = new Date(1980, 0, 1);

/**
 * A model file as NumPy's `np.load` opens it: each tensor under its name, and the architecture (Keras layers, JSON) as the bytes of
 * `topology.json`. Nothing is compressed: random-looking numbers do not get smaller.
 * @throws TrainingError `bad_model`
 */
export function exportNpz(file: Uint8Array): Uint8Array<ArrayBuffer> {
  const { topology, tensors, weights } = openModel(file);
  const members: Record<string, Uint8Array> = { 'topology.json': strToU8(topology) };
  let at = 0;
  for (const { name, shape } of tensors) {
    const end = at + sizeOf(shape);
    members[`${name}.npy`] = npy(shape, weights.subarray(at, end));
    at = end;
  }
  return zipSync(members, { level: 0, mtime: NO_TIME }) as Uint8Array<ArrayBuffer>;
}

/** Where an array's data may begin: at multiples of so many bytes. */
const ALIGNMENT = 64;

/** An array in NumPy's own format, version 1.0: little-endian float32, the last index the fastest. */
export function npy(shape: readonly number[], values: Float32Array): Uint8Array<ArrayBuffer> {
  const sides = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;
  const header = `{'descr': '<f4', 'fortran_order': False, 'shape': ${sides}, }`;
  const start = Math.ceil((10 + header.length + 1) / ALIGNMENT) * ALIGNMENT;
  const bytes = new Uint8Array(start + 4 * values.length);
  bytes.set([0x93, ...encodeUtf8('NUMPY'), 1, 0]);
  const view = new DataView(bytes.buffer);
  view.setUint16(8, start - 10, true);
  bytes.set(encodeUtf8(`${header.padEnd(start - 11)}\n`), 10);
  values.forEach((value, i) => {
    view.setFloat32(start + 4 * i, value, true);
  });
  return bytes;
}
