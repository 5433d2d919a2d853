import { StudyKeyChange, StudyKeyView } from '@sotto/protocol/admin/study';
import type { Desk } from '../desk/desk.ts';
import type { AdminHints } from '../rounds/admin-hints.ts';
import type { StudyKey } from '../study-key.ts';
import { type Route, route } from './route.ts';
import type { ViewPorts } from './views.ts';

export interface StudyPorts extends Pick<ViewPorts, 'tasks' | 'runs' | 'store'> {
  readonly study: StudyKey;
  readonly desk: Pick<Desk, 'review'>;
  readonly changed: AdminHints['changed'];
}

/** The public half of the study key. The private one is its holder's, and never here. */
export function studyRoutes({ study, store, tasks, desk, runs, changed }: StudyPorts): Route[] {
  async function view(): Promise<StudyKeyView> {
    const key = study.current();
    const known = await store.studyKeys();
    const present = known[0]?.key === key ? known[0] : undefined;
    const earlier = new Map<string, number>();
    for (const { key: one, since } of known)
      if (one !== null && one !== key && !earlier.has(one)) earlier.set(one, since);
    return {
      key,
      since: key === null ? null : (present?.since ?? null),
      fixed: study.isFixed,
      earlier: [...earlier].map(([one, since]) => ({ key: one, since })),
    };
  }

  return [
    route({
      method: 'GET',
      path: '/api/admin/study-key',
      summary: 'The public half of the study key, and of those before it',
      role: 'viewer',
      answer: StudyKeyView,
      cache: 'never',
      handle: view,
    }),
    route({
      method: 'PUT',
      path: '/api/admin/study-key',
      summary: 'Tell the coordinator the public half of the study key, or that there is none; holds at once',
      role: 'admin',
      body: StudyKeyChange,
      answer: StudyKeyView,
      audit: { action: 'set study key', detail: ({ body }) => body },
      async handle({ body: { key, replaces } }) {
        const refused = await study.set(key, replaces);
        if (refused) return refused;
        // Whoever was let in by a certificate of the key before may stand otherwise now, and a named committee with them.
        await desk.review(null, null);
        for (const task of tasks.keys()) await runs.reconsider(task);
        changed('study');
        changed('devices');
        return view();
      },
    }),
  ];
}
