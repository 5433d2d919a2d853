import { Refusal } from '@sotto/protocol/messages';
import { config, type z } from 'zod';
import { takeEarly } from './early.ts';

// zod would compile its checks with `new Function`, which the pages' content security policy forbids.
config({ jitless: true });

/** The coordinator refused, or could not be reached (`unreachable`). The message is for people. */
export class RequestError extends Error {
  override readonly name = 'RequestError';
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** Bytes as they are, anything else as JSON. */
function bodyOf(body: unknown): Pick<RequestInit, 'headers' | 'body'> {
  if (body === undefined) return {};
  if (body instanceof Uint8Array)
    return { headers: { 'content-type': 'application/octet-stream' }, body: body as Uint8Array<ArrayBuffer> };
  return { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

/** @throws RequestError */
async function send(method: Method, path: string, body?: unknown): Promise<Response> {
  let response: Response;
  try {
    const early = method === 'GET' ? takeEarly(path) : undefined;
    response = await (early ??
      fetch(path, {
        method,
        ...bodyOf(body),
      }));
  } catch {
    throw new RequestError(
      'unreachable',
      'The coordinator does not answer. It may be restarting, or you may be offline.',
    );
  }
  if (response.ok) return response;
  const refusal = Refusal.safeParse(await response.json().catch(() => null));
  if (refusal.success) throw new RequestError(refusal.data.rejected, refusal.data.message);
  throw response.status >= 500
    ? new RequestError('unreachable', `The coordinator does not answer (HTTP ${response.status}).`)
    : new RequestError('refused', `The coordinator refused this (HTTP ${response.status}).`);
}

/** @throws RequestError, also when the answer is not what the schema promises. */
export async function request<Schema extends z.ZodType>(
  schema: Schema,
  method: Method,
  path: string,
  body?: unknown,
): Promise<z.infer<Schema>> {
  const response = await send(method, path, body);
  const parsed = schema.safeParse(await response.json().catch(() => null));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new RequestError(
    'bad_reply',
    `The coordinator answered something this page does not understand (${path}${issue ? `, ${issue.path.join('.')}: ${issue.message}` : ''}). Load the page again; the two may be of different versions.`,
  );
}

/** @throws RequestError */
export async function requestBytes(path: string): Promise<Uint8Array> {
  return new Uint8Array(await (await send('GET', path)).arrayBuffer());
}

/** @throws RequestError */
export async function command(method: 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown): Promise<void> {
  await send(method, path, body);
}
