import { sha256 } from '../bytes.ts';

export function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** The first numbers of a list, as many as a file shows. */
export function head(values: ArrayLike<number>, count = 8): number[] {
  return Array.from({ length: count }, (_, i) => values[i]!);
}

/** SHA-256 of numbers written one after another, `width` bytes each. */
export function hashNumbers(
  values: ArrayLike<number>,
  width: number,
  write: (view: DataView, at: number, value: number) => void,
): Promise<string> {
  const view = new DataView(new ArrayBuffer(width * values.length));
  for (let i = 0; i < values.length; i++) write(view, width * i, values[i]!);
  return sha256(new Uint8Array(view.buffer)).then(hex);
}
