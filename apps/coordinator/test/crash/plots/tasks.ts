import { TaskRevisionView } from '@sotto/protocol/admin/tasks';
import type { Script } from '../script.ts';

const OWN = '/api/admin/tasks/own';

/** While a round goes on, a task is copied, its words are changed, and it is put away and taken out again. */
export function tasks(): Script {
  return {
    async act({ until, admin }) {
      const look = async () => TaskRevisionView.parse(await admin.ask('GET', OWN));
      /** What was done by a process that died of it is not done again. */
      const reach = (there: (task: TaskRevisionView) => boolean, make: () => Promise<unknown>) =>
        until(async () => {
          const task = await look().catch(() => null);
          if (task && there(task)) return task;
          await make();
          return undefined;
        });

      const first = await reach(
        () => true,
        () => admin.ask('POST', '/api/admin/tasks/tiny/copy', { to: 'own' }),
      );
      const { manifest, card, files } = first;
      await reach(
        ({ revision }) => revision === 2,
        () => admin.ask('PUT', OWN, { ...files, card, manifest: { ...manifest, title: 'Own' }, expected: 1 }),
      );
      await reach(
        ({ archived }) => archived,
        () => admin.ask('POST', `${OWN}/archive`),
      );
      await reach(
        ({ archived }) => !archived,
        () => admin.ask('POST', `${OWN}/restore`),
      );
    },
    async examine(store) {
      const revisions = await store.revisions('own');
      const problems = await Promise.all(
        revisions.map(async ({ revision, content: { model, heldOut, sample } }, i) => {
          const kept = await Promise.all([model, heldOut, sample!].map((file) => store.keptFile(file)));
          return revision === i + 1 && kept.every(Boolean) ? [] : `revision ${revision} is not there whole`;
        }),
      );
      return revisions.length === 2 ? problems.flat() : [`there are ${revisions.length} revisions, not 2`];
    },
  };
}
