import { type Agent, request } from 'node:http';
import { connect } from 'node:net';
import type { OpenApi } from '../../src/http/openapi.ts';
import type { Chance } from './chance.ts';
import { exampleOf } from './examples.ts';
import { junk, mutate, textOf } from './mutation.ts';

export interface CallerPorts {
  readonly url: string;
  readonly chance: Chance;
  readonly api: OpenApi;
  /** Hashes and names that are there. */
  readonly known: readonly string[];
  /** Null: nobody's. */
  readonly cookie: string | null;
  readonly agent: Agent;
  readonly onFailure: (what: string) => void;
  /** No answer came: it hangs, or the machine is too slow. */
  readonly onTimeout: (what: string) => void;
}

/** They would end the very session that the calls are made with. */
const LEFT_OUT = new Set(['DELETE /api/admin/session', 'DELETE /api/admin/sessions']);
const LIMIT_MS = 30_000;

/** One HTTP request to one of the routes as they are described, or to none of them. */
export function callRoute(ports: CallerPorts): Promise<void> {
  const { chance, api } = ports;
  const [path, methods] = chance.pick(Object.entries(api.paths));
  const [method, operation] = chance.pick(Object.entries(methods));
  if (LEFT_OUT.has(`${method.toUpperCase()} ${path}`)) return Promise.resolve();
  const value = (schema: unknown) =>
    chance.is(0.5) && ports.known.length > 0
      ? chance.pick(ports.known)
      : textOf(mutate(exampleOf(schema, chance, api), chance));
  const query = new URLSearchParams();
  let filled = path;
  for (const { name, in: where, schema } of operation.parameters) {
    if (where === 'query') query.set(name, value(schema));
    else filled = filled.replace(`{${name}}`, encodePart(value(schema), chance));
  }
  if (chance.is(0.1)) query.set(textOf(junk(chance)).slice(0, 100), 'x');
  if (chance.is(0.05))
    filled = chance.pick([
      '//',
      '/api/../admin',
      '/socket.io/?EIO=4&transport=polling',
      `/${'a'.repeat(5000)}`,
      '/%',
      '/api/tasks/%ff',
      '/..%2f..%2fetc/passwd',
      '/assets/%00',
    ]);
  const schema = operation.requestBody?.content['application/json']?.schema;
  const body =
    schema || chance.is(0.1) ? bodyOf(mutate(exampleOf(schema ?? {}, chance, api), chance), chance) : undefined;
  return call(
    ports,
    chance.is(0.9) ? method.toUpperCase() : chance.pick(['PUT', 'PATCH', 'DELETE', 'OPTIONS', 'HEAD', 'POST']),
    `${filled}${query.size > 0 && !filled.includes('?') ? `?${query}` : ''}`,
    body,
  );
}

function encodePart(text: string, chance: Chance): string {
  return chance.is(0.9)
    ? encodeURIComponent(text.slice(0, 3000).toWellFormed())
    : text.replace(/[^!-~]/g, '%').slice(0, 3000);
}

function bodyOf(value: unknown, chance: Chance): string {
  const json = JSON.stringify(value) ?? 'undefined';
  const kind = chance.below(20);
  if (kind === 0) return json.slice(0, chance.below(json.length + 1));
  if (kind === 1) return 'x'.repeat(70_000);
  return kind === 2 ? `{"__proto__":{"admin":true},"a":${json}}` : json;
}

function call(
  { url, chance, cookie, agent, onFailure, onTimeout }: CallerPorts,
  method: string,
  path: string,
  body: string | undefined,
): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const headers: Record<string, string> = {
    ...(body !== undefined && {
      'content-type': chance.is(0.9)
        ? 'application/json'
        : chance.pick(['text/plain', 'multipart/form-data', 'application/x-www-form-urlencoded', '']),
    }),
    ...(cookie !== null
      ? { cookie }
      : chance.is(0.2) && { cookie: chance.pick(['sotto_admin=x', '=', `sotto_admin=${'a'.repeat(3000)}`, ';;;;']) }),
    ...(cookie !== null
      ? { origin: url }
      : chance.is(0.2) && { origin: chance.pick([url, 'null', 'https://evil.example', 'x']) }),
    ...(chance.is(0.05) && { host: chance.pick(['evil.example', '', '[', 'localhost:1']) }),
    ...(chance.is(0.1) && { 'x-forwarded-for': chance.pick(['1.2.3.4', '::1, 10.0.0.1', 'x'.repeat(500), ',,,']) }),
  };
  try {
    const sent = request(new URL(url), { method, path, headers, agent, timeout: LIMIT_MS }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => {
        if (text.length < 1000) text += chunk.toString('latin1');
      });
      response.on('end', () => {
        // 503: not built, draining or busy, and says so.
        if (response.statusCode === 500) onFailure(`${method} ${path}: ${text}`);
        resolve();
      });
      response.on('error', () => resolve());
    });
    sent.on('error', () => resolve());
    sent.on('timeout', () => {
      onTimeout(`${method} ${path} was not answered in ${LIMIT_MS} ms`);
      sent.destroy();
    });
    sent.end(body);
  } catch {
    // Node's client refuses some of what we would send; the raw caller sends such things.
    resolve();
  }
  return promise;
}

/** Bytes that may or may not be HTTP. */
export function callRaw({ url, chance }: Pick<CallerPorts, 'url' | 'chance'>): Promise<void> {
  const { port, host } = new URL(url);
  const { promise, resolve } = Promise.withResolvers<void>();
  const tcp = connect(Number(port), '127.0.0.1');
  const bytes = chance.pick<() => string | Uint8Array>([
    () => chance.bytes(chance.below(2000)),
    () => `GET / HTTP/1.1\r\nHost: ${host}\r\n${'X: y\r\n'.repeat(chance.below(3000))}`,
    () => `GET / HTTP/1.1\r\nHost: ${host}\r\nX: ${'y'.repeat(chance.below(40_000))}\r\n\r\n`,
    () => `GET /${'a'.repeat(chance.below(40_000))} HTTP/1.1\r\nHost: ${host}\r\n\r\n`,
    () =>
      `POST /api/admin/session HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/json\r\nContent-Length: ${chance.pick(['9', '-1', '99999999999', 'x', '0'])}\r\n\r\n{"a":`,
    () =>
      `POST /api/admin/session HTTP/1.1\r\nHost: ${host}\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n${chance.pick(['zz\r\n', 'ffffffff\r\nx', '0\r\n\r\n', '-1\r\n'])}`,
    () =>
      `GET /socket.io/?EIO=${chance.pick(['4', '3', '5', 'x', ''])}&transport=${chance.pick(['websocket', 'polling', '__proto__', ''])}&sid=${chance.pick(['', 'x', '__proto__'])} HTTP/1.1\r\nHost: ${host}\r\nConnection: Upgrade\r\nUpgrade: ${chance.pick(['websocket', 'h2c', ''])}\r\nSec-WebSocket-Version: ${chance.pick(['13', '8', 'x'])}\r\nSec-WebSocket-Key: ${chance.pick(['dGhlIHNhbXBsZSBub25jZQ==', 'x', ''])}\r\n\r\n${'\u0000'.repeat(chance.below(50))}`,
    () =>
      `${chance.pick(['BREW', 'GET', '\u0000', 'CONNECT', 'TRACE'])} ${chance.pick(['*', '/', 'http://evil.example/', ''])} HTTP/${chance.pick(['1.1', '1.0', '0.9', '2.0', '9.9'])}\r\n\r\n`,
    () => 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
    () => '\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003',
    () => `GET / HTTP/1.1\r\nHost: ${host}\r\n\r\n`.repeat(chance.below(50)),
  ])();
  tcp.on('error', () => {});
  tcp.on('close', () => resolve());
  tcp.on('data', () => {});
  tcp.write(bytes);
  setTimeout(() => tcp.destroy(), chance.below(20));
  return promise;
}
