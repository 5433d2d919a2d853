import { sizeOf } from '@sotto/protocol/safetensors';
import { TrainingError } from './training-error.ts';

export interface IdxFile {
  readonly shape: readonly number[];
  readonly values: Uint8Array;
}

/**
 * The IDX format of the MNIST files (LeCun, yann.lecun.com/exdb/mnist): two zero bytes, type (0x08, unsigned byte), number of dimensions,
 * one u32 big-endian a dimension, then the values, row-major, and nothing after them.
 * @throws TrainingError `bad_dataset`, naming `file`
 */
export function parseIdx(bytes: Uint8Array, dimensions: number, file: string): IdxFile {
  const bad = (what: string) =>
    new TrainingError(
      'bad_dataset',
      `${file} is not an IDX file of ${dimensions} dimensions: ${what}. Replace it with the original.`,
    );
  const headerLength = 4 + 4 * dimensions;
  if (bytes.length < headerLength) throw bad(`it has ${bytes.length} bytes, the header alone has ${headerLength}`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const magic = view.getUint32(0);
  if (magic !== 0x800 + dimensions) throw bad(`it begins with 0x${magic.toString(16).padStart(8, '0')}`);
  const shape = Array.from({ length: dimensions }, (_, i) => view.getUint32(4 + 4 * i));
  const size = sizeOf(shape);
  if (bytes.length !== headerLength + size)
    throw bad(`${shape.join(' × ')} values need ${headerLength + size} bytes, it has ${bytes.length}`);
  // Not subarray: of a Node Buffer that is a Buffer, whose slice() does not copy.
  return { shape, values: new Uint8Array(bytes.buffer, bytes.byteOffset + headerLength, size) };
}
