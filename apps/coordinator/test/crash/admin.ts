import type { Whereabouts } from './coordinator-process.ts';

/** An admin over HTTP. Every call throws when the coordinator is gone or refuses; the session outlives restarts, the token does not. */
export interface Admin {
  ask(method: string, path: string, body?: unknown): Promise<unknown>;
  signOut(): Promise<void>;
}

const SESSION = '/api/admin/session';

export function createAdmin(at: () => Pick<Whereabouts, 'url' | 'adminToken'>): Admin {
  let cookie = '';

  async function request(method: string, path: string, body?: unknown): Promise<Response> {
    const { url } = at();
    const given = body === undefined ? {} : { body: JSON.stringify(body) };
    const type: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' };
    const answer = await fetch(new URL(path, url), { method, headers: { origin: url, cookie, ...type }, ...given });
    if (answer.status === 401) cookie = '';
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return answer;
  }

  return {
    async ask(method, path, body) {
      if (cookie === '') {
        const answer = await request('POST', SESSION, { token: at().adminToken });
        cookie = answer.headers.getSetCookie()[0]?.split(';')[0] ?? '';
      }
      const answer = await request(method, path, body);
      return answer.status === 204 ? undefined : answer.json();
    },
    async signOut() {
      if (cookie !== '') await request('DELETE', SESSION);
      cookie = '';
    },
  };
}
