import { toHex } from '@sotto/protocol/bytes';
import { RequestError } from '../../api/request.ts';

/** Bytes fetched so far and in all; `total` is null when the server does not say. */
export type OnBytes = (done: number, total: number | null) => void;

/** Models of the study, fetched by hash and kept in memory while there is room. */
export interface ModelFiles {
  /** The model file's bytes, which do hash to `hash`. @throws RequestError */
  open(hash: string, onBytes?: OnBytes): Promise<Uint8Array<ArrayBuffer>>;
  kept(): { readonly count: number; readonly bytes: number };
  forget(): void;
}

/** Large enough for what a person tries out, small enough for a phone. */
const MOST_BYTES = 64 * 2 ** 20;

export function createModelFiles(
  download: (path: string, onBytes: OnBytes) => Promise<Uint8Array<ArrayBuffer>> = downloadBytes,
  mostBytes = MOST_BYTES,
): ModelFiles {
  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  const kept = () => [...files.values()].reduce((bytes, { length }) => bytes + length, 0);
  return {
    async open(hash, onBytes = () => {}) {
      const known = files.get(hash);
      if (known) return known;
      const file = await download(`/api/models/${hash}`, onBytes);
      // By the browser, in the background: a model may be large.
      const digest = toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', file)));
      if (digest !== hash)
        throw new RequestError('model_hash', 'The model that came is not the one that was published. Try again.');
      files.set(hash, file);
      for (const [oldest] of files) if (oldest !== hash && kept() > mostBytes) files.delete(oldest);
      return file;
    },
    kept: () => ({ count: files.size, bytes: kept() }),
    forget: () => files.clear(),
  };
}

/** @throws RequestError */
async function downloadBytes(path: string, onBytes: OnBytes): Promise<Uint8Array<ArrayBuffer>> {
  const unreachable = () => new RequestError('unreachable', 'The coordinator does not answer, or you are offline.');
  let response: Response;
  try {
    response = await fetch(path);
  } catch {
    throw unreachable();
  }
  if (!response.ok || !response.body)
    throw response.status === 404
      ? new RequestError('not_found', 'The coordinator no longer has this version of the model. Choose another.')
      : unreachable();
  // Of a compressed answer the length says nothing about the bytes to come.
  const length = Number(response.headers.get('content-length'));
  const total = length > 0 && !response.headers.has('content-encoding') ? length : null;
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let done = 0;
  try {
    const reader = response.body.getReader();
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      chunks.push(part.value);
      done += part.value.length;
      onBytes(done, total);
    }
  } catch {
    throw unreachable();
  }
  return new Uint8Array(await new Blob(chunks).arrayBuffer());
}
