import type { ModelPage } from '@sotto/protocol/admin/models';
import type { Script } from '../script.ts';

const TASK = 'tiny';

/** What the first round makes is evaluated and pinned. */
export function models(): Script {
  const at = `/api/admin/tasks/${TASK}`;
  let pinned: string | undefined;
  return {
    async act({ admin, until }) {
      const model = await until(async () => {
        const { versions } = (await admin.ask('GET', `${at}/models`)) as ModelPage;
        return versions.find(({ transcript }) => transcript !== null)?.model;
      });
      await until(() => admin.ask('POST', `${at}/models/${model}/evaluation`));
      await until(() => admin.ask('PUT', `${at}/pin`, { model }));
      pinned = model;
    },
    async examine(store) {
      return (await store.pinnedModel(TASK))?.model === pinned
        ? []
        : ['another model is pinned than the admin was told'];
    },
  };
}
