import { z } from 'zod';
import { Slug } from '../ids.ts';
import { LiveView } from './live.ts';

/** What the admin pages show, by what a change of it makes out of date: what to ask for again; of one task, or of all. */
export const Changed = z.strictObject({
  what: z.enum(['tasks', 'runs', 'devices', 'models', 'audit', 'study']),
  task: Slug.optional(),
});
export type Changed = z.infer<typeof Changed>;

/**
 * What the `/admin` socket tells whoever is signed in, by event. As with devices, each is a hint: all of it can be asked for over HTTP, and
 * is asked for again after each connect.
 */
export const ADMIN_NEWS = { changed: Changed, live: LiveView } as const;
export type AdminNewsName = keyof typeof ADMIN_NEWS;
export type AdminNewsOf<Name extends AdminNewsName> = z.infer<(typeof ADMIN_NEWS)[Name]>;
