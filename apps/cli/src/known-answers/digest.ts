import { sha256Hex } from '@sotto/protocol/digest';

/** The first numbers of a list, as many as a file shows. */
export function head(values: ArrayLike<number>, count = 8): number[] {
  return Array.from({ length: count }, (_, i) => values[i]!);
}

/** SHA-256 of numbers written one after another, `width` bytes each. */
export function hashNumbers(
  values: ArrayLike<number>,
  width: number,
  write: (view: DataView, at: number, value: number) => void,
): string {
  const view = new DataView(new ArrayBuffer(width * values.length));
  for (let i = 0; i < values.length; i++) write(view, width * i, values[i]!);
  return sha256Hex(new Uint8Array(view.buffer));
}
