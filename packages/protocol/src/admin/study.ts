import { z } from 'zod';
import { PublicKey, Time } from '../ids.ts';

/** The public half of the study key, as the coordinator was told of it. */
export const StudyKeyView = z.strictObject({
  key: PublicKey.nullable(),
  /** When it came; null: with the settings, or there is none. */
  since: Time.nullable(),
  /** By SOTTO_STUDY_KEY: it cannot be changed over HTTP. */
  fixed: z.boolean(),
  /** Those before it, the latest first. */
  earlier: z.array(z.strictObject({ key: PublicKey, since: Time })),
});
export type StudyKeyView = z.infer<typeof StudyKeyView>;

/** `replaces` is the key that whoever asks has seen here, null for none: so that nobody replaces what they do not know of. */
export const StudyKeyChange = z.strictObject({ key: PublicKey.nullable(), replaces: PublicKey.nullable() });
