import { type Rejection, reject } from './rejection.ts';

/** The opened mean of a round, or of one group of it, as bytes: d float64 numbers, little-endian, in model order, and nothing else. */
export function encodeMeanFile(mean: Float64Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(8 * mean.length);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < mean.length; i++) view.setFloat64(8 * i, mean[i]!, true);
  return bytes;
}

/** Strict: every number is finite. */
export function decodeMeanFile(bytes: Uint8Array): Float64Array<ArrayBuffer> | Rejection<'bad_mean_file'> {
  if (bytes.length === 0 || bytes.length % 8 !== 0)
    return reject('bad_mean_file', `A mean is made of float64 numbers; ${bytes.length} bytes are not.`);
  const mean = new Float64Array(bytes.length / 8);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let i = 0; i < mean.length; i++) {
    mean[i] = view.getFloat64(8 * i, true);
    if (!Number.isFinite(mean[i]!)) return reject('bad_mean_file', `Value ${i} of the mean is not a finite number.`);
  }
  return mean;
}
