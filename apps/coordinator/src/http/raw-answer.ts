import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Rejection } from '@sotto/protocol/rejection';

/** What a refusal consists of over HTTP, where no reply of the server's stands for it. */
export function answerOf({ rejected, message, retryAfterMs }: Rejection, headers: Readonly<Record<string, string>>) {
  const body = JSON.stringify({ rejected, message, ...(retryAfterMs !== undefined && { retryAfterMs }) });
  return {
    body,
    headers: {
      ...headers,
      connection: 'close',
      'content-type': 'application/json; charset=utf-8',
      'content-length': String(Buffer.byteLength(body)),
      ...(retryAfterMs !== undefined && { 'retry-after': String(Math.ceil(retryAfterMs / 1000)) }),
    },
  };
}

/** Refuses what came over a connection, and ends it. */
export function refuseRaw(
  connection: Duplex,
  status: number,
  rejection: Rejection,
  securityHeaders: Readonly<Record<string, string>>,
): void {
  const { body, headers } = answerOf(rejection, securityHeaders);
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  if (connection.writable)
    connection.write(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${body}`);
  // At once, as the other side need not agree.
  connection.destroy();
}
