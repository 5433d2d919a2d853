import type { Rejection } from '@sotto/protocol/rejection';

type Body = Buffer | Rejection;

/** Answers that never change, by their address. */
export interface KeptBodies {
  /** `make` is called once for however many ask at once; after a refusal, it is called again for the next. */
  get(address: string, make: () => Promise<Body>): Promise<Body>;
}

const BUDGET_BYTES = 16 * 2 ** 20;

/**
 * At a round's end every participant fetches the same transcript, at its beginning the same plan and model, and all in one moment: each is
 * read and written out once, and all responses share its bytes. What was not asked for longest goes first.
 */
export function createKeptBodies(budgetBytes = BUDGET_BYTES): KeptBodies {
  const kept = new Map<string, { readonly body: Promise<Body>; bytes: number }>();

  function begin(address: string, make: () => Promise<Body>) {
    const entry = { body: make(), bytes: 0 };
    const forget = () => {
      if (kept.get(address) === entry) kept.delete(address);
    };
    entry.body.then((body) => {
      if (!Buffer.isBuffer(body)) return forget();
      entry.bytes = body.length;
      makeRoom();
    }, forget);
    return entry;
  }

  function makeRoom(): void {
    let used = [...kept.values()].reduce((total, { bytes }) => total + bytes, 0);
    for (const [address, { bytes }] of kept) {
      if (used <= budgetBytes) return;
      kept.delete(address);
      used -= bytes;
    }
  }

  return {
    get(address, make) {
      const entry = kept.get(address) ?? begin(address, make);
      kept.delete(address);
      kept.set(address, entry);
      return entry.body;
    },
  };
}
