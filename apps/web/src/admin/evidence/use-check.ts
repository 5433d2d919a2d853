import type { Pins } from '@sotto/protocol/invite';
import { isRejection } from '@sotto/protocol/rejection';
import { useEffect, useRef, useState } from 'react';
import type { CheckedFile } from './check.ts';
import { checkInWorker } from './checker.ts';

/** Where a check is: not begun, fetching or checking (so much of it), done, or failed for a reason. */
export type CheckState =
  | { readonly kind: 'idle' }
  | { readonly kind: 'fetching' }
  | { readonly kind: 'checking'; readonly share: number }
  | { readonly kind: 'done'; readonly result: CheckedFile }
  | { readonly kind: 'failed'; readonly message: string };

/** One check at a time; another, or leaving the page, ends the one under way. */
export function useCheck(): {
  readonly state: CheckState;
  readonly start: (fetchBytes: () => Promise<Uint8Array>, pins: Pins) => Promise<void>;
} {
  const [state, setState] = useState<CheckState>({ kind: 'idle' });
  const current = useRef(new AbortController());
  useEffect(() => () => current.current.abort(), []);

  async function start(fetchBytes: () => Promise<Uint8Array>, pins: Pins): Promise<void> {
    current.current.abort();
    const own = new AbortController();
    current.current = own;
    const { signal } = own;
    const show = (next: CheckState) => {
      if (!signal.aborted) setState(next);
    };
    show({ kind: 'fetching' });
    try {
      const bytes = (await fetchBytes()) as Uint8Array<ArrayBuffer>;
      if (signal.aborted) return;
      show({ kind: 'checking', share: 0 });
      const onProgress = (share: number) => show({ kind: 'checking', share });
      const result = await checkInWorker(bytes, pins, { onProgress, signal });
      show(isRejection(result) ? { kind: 'failed', message: result.message } : { kind: 'done', result });
    } catch (error) {
      show({ kind: 'failed', message: error instanceof Error ? error.message : String(error) });
    }
  }

  return { state, start };
}
