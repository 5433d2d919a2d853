import { type IncomingMessage, ServerResponse } from 'node:http';
import { type Rejection, reject } from '@sotto/protocol/rejection';
import type { Border } from '../border/border.ts';
import type { Connections } from '../border/connections.ts';
import { answerOf, refuseRaw } from '../http/raw-answer.ts';

export interface HandshakePorts {
  readonly border: Border;
  readonly connections: Connections;
  readonly allowsOrigin: (origin: string | undefined) => boolean;
  readonly allowsHost: (host: string | undefined) => boolean;
  /** Of every answer. */
  readonly headers: () => Readonly<Record<string, string>>;
}

const STATUS = { bad_message: 400, foreign_origin: 403, unknown_host: 421, too_many_requests: 429 } as const;
type Refused = Rejection<keyof typeof STATUS>;

/**
 * Everything that is asked of Engine.IO comes through here first, as a middleware of its. Only a new WebSocket passes: whoever names the
 * connection it has (`sid`) would put another one in its place, that nothing has been asked and that no limit knows of.
 */
export function createHandshakes({
  border: { senders, rates, refusals },
  connections,
  allowsOrigin,
  allowsHost,
  headers,
}: HandshakePorts) {
  async function refusalOf(request: IncomingMessage, response: unknown): Promise<Refused | undefined> {
    const { host, origin } = request.headers;
    const query = new URL(request.url ?? '/', 'http://localhost').searchParams;
    const isNew = query.getAll('transport').join() === 'websocket' && query.getAll('EIO').join() === '4';
    if (response instanceof ServerResponse || !isNew || query.has('sid'))
      return reject('bad_message', 'Here are WebSockets only, and each is a new connection.');
    if (!allowsHost(host)) return reject('unknown_host', 'This coordinator is reached by another name.');
    if (!allowsOrigin(origin)) return reject('foreign_origin', 'Requests from pages of other origins are refused.');
    const tooMany = await rates.connect(senders.of(request));
    if (tooMany) return tooMany;
    connections.adopt(request);
    return undefined;
  }

  return async (request: IncomingMessage, response: unknown, next: () => void): Promise<void> => {
    // Nobody else listens yet, and an error that nobody hears ends the process.
    request.socket.on('error', () => {});
    const refused = await refusalOf(request, response);
    if (!refused) {
      next();
      return;
    }
    refusals.note({ rejected: refused.rejected, kind: 'connection', address: senders.of(request).address });
    const status = STATUS[refused.rejected];
    if (response instanceof ServerResponse) {
      const answer = answerOf(refused, headers());
      response.writeHead(status, answer.headers).end(answer.body);
    } else refuseRaw(request.socket, status, refused, headers());
  };
}
