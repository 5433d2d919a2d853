import { toHex } from '@sotto/protocol/bytes';
import { SignedPlan } from '@sotto/protocol/plan';
import { isRejection, type Rejection, reject } from '@sotto/protocol/rejection';
import { Transcript } from '@sotto/protocol/transcript';
import { decodeUtf8 } from '@sotto/protocol/utf8';

import type { Transport } from './transport.ts';

interface Schema<T> {
  parse(value: unknown): T;
}

/** Plans, models and transcripts, fetched by hash; whoever serves them is not believed. */

/** Well-formed; that it hashes to `hash` and is signed is for `checkPlan` to say. */
type Documents = Pick<Transport, 'fetch'>;

export function fetchPlan(transport: Documents, hash: string): Promise<SignedPlan | Rejection> {
  return fetchJson(transport, `/api/plans/${hash}`, SignedPlan);
}

/** Well-formed; whether it holds is for `verifyTranscript` to say. */
export function fetchTranscript(transport: Documents, hash: string): Promise<Transcript | Rejection> {
  return fetchJson(transport, `/api/transcripts/${hash}`, Transcript);
}

/** The model file's bytes, which do hash to `hash`. */
export async function fetchModel(transport: Documents, hash: string): Promise<Uint8Array | Rejection> {
  const bytes = await transport.fetch(`/api/models/${hash}`);
  if (isRejection(bytes)) return bytes;
  // Not the synchronous digest: a large model would hold the page up.
  const digest = toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>)));
  return digest === hash ? bytes : reject('model_hash', 'The model is not the one the plan names.');
}

async function fetchJson<T>(transport: Documents, path: string, schema: Schema<T>): Promise<T | Rejection> {
  const bytes = await transport.fetch(path);
  if (isRejection(bytes)) return bytes;
  try {
    return schema.parse(JSON.parse(decodeUtf8(bytes)));
  } catch {
    return reject('bad_reply', `What the coordinator serves at ${path} is malformed.`);
  }
}
