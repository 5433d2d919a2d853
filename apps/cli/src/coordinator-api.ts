import { Refusal } from '@sotto/protocol/messages';
import { TaskList, TaskView } from '@sotto/protocol/views';
import { Failure, reasonOf } from './failure.ts';

/** Too many requests, and a coordinator that is away, behind a proxy or by its own word. */
const FOR_NOW = [429, 502, 503, 504];

/** A coordinator's HTTP interface. Everything it says is checked; @throws Failure with what it answered. */
export function createCoordinatorApi(url: string) {
  async function request(path: string, init?: RequestInit): Promise<Response> {
    let response: Response;
    try {
      response = await fetch(new URL(path, url), init);
    } catch (error) {
      throw new Failure(`No coordinator answers at ${url} (${reasonOf(error)}). Check the address, or start one.`, {
        retryAfterMs: 0,
      });
    }
    if (response.ok) return response;
    const refusal = Refusal.safeParse(await response.json().catch(() => undefined));
    const { message, retryAfterMs = 0 } = refusal.success
      ? refusal.data
      : { message: `${url}${path} answers HTTP ${response.status}.` };
    throw new Failure(message, { retryAfterMs: FOR_NOW.includes(response.status) ? retryAfterMs : null });
  }

  async function json(path: string): Promise<unknown> {
    try {
      return await (await request(path)).json();
    } catch (error) {
      throw error instanceof Failure ? error : notACoordinator();
    }
  }

  const notACoordinator = () => new Failure(`What answers at ${url} is not a Sotto coordinator of this version.`);

  return {
    /** @throws Failure that names the tasks there are, when this is none of them */
    async task(name: string): Promise<TaskView> {
      const list = TaskList.safeParse(await json('/api/tasks'));
      if (!list.success) throw notACoordinator();
      if (!list.data.tasks.some(({ id }) => id === name))
        throw new Failure(`${url} has no task ${name}. It has: ${list.data.tasks.map(({ id }) => id).join(', ')}.`);
      const view = TaskView.safeParse(await json(`/api/tasks/${name}`));
      if (!view.success) throw notACoordinator();
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
