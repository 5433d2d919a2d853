import { Refusal } from '@sotto/protocol/messages';
import { Failure, reasonOf } from './failure.ts';

/** Too many requests, and a coordinator that is away, behind a proxy or by its own word. */
const FOR_NOW = [429, 502, 503, 504];

export type CoordinatorRequest = (path: string, init?: RequestInit) => Promise<Response>;

/** Asks one coordinator over HTTP. An answer is one that grants what was asked; @throws Failure with what it refused by. */
export function createCoordinatorRequest(url: string): CoordinatorRequest {
  return async (path, init) => {
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
    const {
      message,
      rejected = null,
      retryAfterMs = 0,
    } = refusal.success ? refusal.data : { message: `${url}${path} answers HTTP ${response.status}.` };
    throw new Failure(message, {
      code: rejected,
      retryAfterMs: FOR_NOW.includes(response.status) ? retryAfterMs : null,
    });
  };
}

export function notACoordinator(url: string): Failure {
  return new Failure(`What answers at ${url} is not a Sotto coordinator of this version.`);
}
