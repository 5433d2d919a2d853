/**
 * Large byte strings by name: ciphertexts with their boxes, sums, model files. Names are slash-separated words of a-z, 0-9 and -.
 * Whatever a call has answered survives a crash.
 */
export interface Blobs {
  /** The whole blob at once; a reader never sees half of it. Replaces what was there. */
  write(name: string, bytes: Uint8Array): Promise<void>;
  /** Undefined when there is no such blob. */
  read(name: string): Promise<Uint8Array<ArrayBuffer> | undefined>;
  /** Exactly `length` bytes from `from` on; undefined when the blob is missing or ends before. */
  readRange(name: string, from: number, length: number): Promise<Uint8Array<ArrayBuffer> | undefined>;
  /** Bytes of the blob; undefined when there is none. */
  size(name: string): Promise<number | undefined>;
  /** Adds to the end of a blob, or begins it; after a crash it may hold a part of what was not yet answered. @returns its new size. */
  append(name: string, bytes: Uint8Array): Promise<number>;
  /** All blobs whose names go on after `name/`. */
  list(name: string): Promise<string[]>;
  /** Removes the blob, or all blobs whose names go on after `name/`. */
  remove(name: string): Promise<void>;
}

const NAME = /^[a-z0-9-]+(\/[a-z0-9-]+)*$/;

export function isBlobName(name: string): boolean {
  return NAME.test(name);
}
