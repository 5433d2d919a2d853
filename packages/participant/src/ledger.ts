import { toHex } from '@sotto/protocol/bytes';
import { canonicalJson } from '@sotto/protocol/digest';
import type { RequestName } from '@sotto/protocol/messages';
import { encodeUtf8 } from '@sotto/protocol/utf8';
import { createQueue } from './queue.ts';
import type { Transport } from './transport.ts';

/** What a message is, to somebody who asks "what left my device?". */
export type Nature = 'ciphertext' | 'public' | 'signature' | 'committee';

export interface LedgerEntry {
  readonly at: number;
  readonly name: RequestName;
  readonly nature: Nature;
  /** JSON fields plus raw bytes. */
  readonly bytes: number;
  /** SHA-256 of the canonical JSON followed by the raw bytes, hex. */
  readonly digest: string;
}

const NATURE: Readonly<Record<RequestName, Nature>> = {
  hello: 'signature',
  'one-time-key': 'public',
  upload: 'signature',
  part: 'ciphertext',
  commit: 'public',
  withdraw: 'public',
  remember: 'public',
  candidates: 'public',
  answer: 'committee',
  vote: 'signature',
  opening: 'committee',
};

/** Writes down every message before it leaves. There is no other way out of a participant. */
export function recordEverything(
  transport: Transport,
  now: () => number,
  write: (entry: LedgerEntry) => void,
): Transport {
  // The digest of a small message is ready before that of a large one: none may overtake, for the parts of an upload arrive in order.
  const inTurn = createQueue();
  return {
    ...transport,
    async request(name, payload, bytes) {
      const json = encodeUtf8(canonicalJson(payload));
      const whole = new Uint8Array(json.length + (bytes?.length ?? 0));
      whole.set(json);
      if (bytes) whole.set(bytes, json.length);
      await inTurn(async () => {
        const digest = toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', whole)));
        write({ at: now(), name, nature: NATURE[name], bytes: whole.length, digest });
      });
      return transport.request(name, payload, bytes);
    },
  };
}
