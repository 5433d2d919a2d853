import { TaskList, TaskView } from '@sotto/protocol/views';
import { createCoordinatorRequest, notACoordinator } from './coordinator-request.ts';
import { Failure } from './failure.ts';

/** A coordinator's HTTP interface. Everything it says is checked; @throws Failure with what it answered. */
export function createCoordinatorApi(url: string) {
  const request = createCoordinatorRequest(url);

  async function json(path: string): Promise<unknown> {
    try {
      return await (await request(path)).json();
    } catch (error) {
      throw error instanceof Failure ? error : notACoordinator(url);
    }
  }

  return {
    /** @throws Failure that names the tasks there are, when this is none of them */
    async task(name: string): Promise<TaskView> {
      const list = TaskList.safeParse(await json('/api/tasks'));
      if (!list.success) throw notACoordinator(url);
      if (!list.data.tasks.some(({ id }) => id === name))
        throw new Failure(`${url} has no task ${name}. It has: ${list.data.tasks.map(({ id }) => id).join(', ')}.`);
      const view = TaskView.safeParse(await json(`/api/tasks/${name}`));
      if (!view.success) throw notACoordinator(url);
      return view.data;
    },
    bytes: async (path: string): Promise<Uint8Array> => new Uint8Array(await (await request(path)).arrayBuffer()),
    /** Signs in with the one-time token, posts each of the bodies, signs out again. @returns the answers */
    async postAsAdmin(token: string, path: string, bodies: readonly unknown[]): Promise<unknown[]> {
      // No page of anybody's speaks here: what browsers would say of the coordinator's own.
      const own = { 'sec-fetch-site': 'same-origin' };
      const headers = { ...own, 'content-type': 'application/json' };
      const opened = await request('/api/admin/session', { method: 'POST', headers, body: JSON.stringify({ token }) });
      const cookie = opened.headers.get('set-cookie')?.split(';')[0] ?? '';
      const answers: unknown[] = [];
      try {
        for (const body of bodies) {
          const init = { method: 'POST', headers: { ...headers, cookie }, body: JSON.stringify(body) };
          answers.push(await (await request(path, init)).json());
        }
        return answers;
      } finally {
        await request('/api/admin/session', { method: 'DELETE', headers: { ...own, cookie } });
      }
    },
  };
}

export type CoordinatorApi = ReturnType<typeof createCoordinatorApi>;
