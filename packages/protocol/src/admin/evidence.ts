import { z } from 'zod';
import { RoundNumber, Time } from '../ids.ts';

const Flag = z.enum(['true', 'false']).default('false');

/** Which rounds of a run an evidence file is about. */
export const EvidenceQuery = z
  .strictObject({
    from: z.coerce.number().pipe(RoundNumber).default(1),
    to: z.coerce.number().pipe(RoundNumber).default(0xffff_ffff),
    /** With the models they began and ended with, and the sums and states that are still kept. */
    whole: Flag.transform((flag) => flag === 'true'),
  })
  .refine(({ from, to }) => from <= to, { path: ['from'], error: 'must not be after `to`' });

/** How a run's numbers are written down. */
export const MetricsFormat = z.enum(['csv', 'jsonl', 'tensorboard']);
export type MetricsFormat = z.infer<typeof MetricsFormat>;

const Text = z.string().max(200);

/** Entries of the audit log that fit all of these. */
export const AuditFilter = z.strictObject({
  /** The whole name. */
  who: Text.optional(),
  /** How the action begins, such as `start run`. */
  action: Text.optional(),
  /** Anywhere in action, name or detail; capitals do not matter. */
  search: Text.optional(),
  since: z.coerce.number().pipe(Time).optional(),
  /** Not included. */
  until: z.coerce.number().pipe(Time).optional(),
});
export type AuditFilter = z.infer<typeof AuditFilter>;

/** Whom and what the audit log has entries of: to choose from. */
export const AuditNames = z.strictObject({ people: z.array(z.string()), actions: z.array(z.string()) });
export type AuditNames = z.infer<typeof AuditNames>;
