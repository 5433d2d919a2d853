import { z } from 'zod';
import { Slug } from '../ids.ts';
import { Status } from '../run.ts';

/** How a task stands now, without what changes only when a round ends. */
export const LiveStatus = Status.omit({ history: true, budget: true });
export type LiveStatus = z.infer<typeof LiveStatus>;

/** Told over the `/admin` socket as `live`, each time that something has happened in a task. */
export const LiveNews = z.strictObject({ task: Slug, status: LiveStatus });
export type LiveNews = z.infer<typeof LiveNews>;
