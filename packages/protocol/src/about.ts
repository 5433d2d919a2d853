import { z } from 'zod';

/** Short, printable, and nothing that a terminal or a page could take for anything else. */
const Word = z
  .string()
  .min(1)
  .max(40)
  .regex(/^[\x20-\x7e]+$/, 'must be printable ASCII');

/**
 * What a device says of itself, so that whoever runs the study can tell why it fails: kinds and versions, nothing that singles it out.
 * Nobody makes sure of it, and nothing is decided by it.
 */
export const About = z.strictObject({
  /** Of the operating system: `Linux`, `Android`. */
  platform: Word,
  /** The browser or runtime, and its major version: `Chrome 141`, `Node 24`. */
  agent: Word,
  /** What it learns with; null: not known yet. */
  backend: Word.nullable(),
  /** Of Sotto. */
  version: Word,
});
export type About = z.infer<typeof About>;
