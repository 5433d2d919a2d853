import { useEffect, useState } from 'react';
import type { ModelFiles } from './model-files.ts';

export type ModelLoad =
  | { readonly state: 'loading'; readonly done: number; readonly total: number | null }
  | { readonly state: 'ready'; readonly hash: string; readonly file: Uint8Array<ArrayBuffer> }
  | { readonly state: 'failed'; readonly error: unknown; readonly retry: () => void };

/** The model of this hash. What failed for want of a connection is tried again by itself when there is one. */
export function useModelFile(files: ModelFiles, hash: string): ModelLoad {
  const [attempt, setAttempt] = useState(0);
  const [load, setLoad] = useState<ModelLoad>({ state: 'loading', done: 0, total: null });

  useEffect(() => {
    let over = false;
    const show = (next: ModelLoad) => {
      if (!over) setLoad(next);
    };
    const retry = () => setAttempt((count) => count + 1);
    show({ state: 'loading', done: 0, total: null });
    files
      .open(hash, (done, total) => show({ state: 'loading', done, total }))
      .then(
        (file) => show({ state: 'ready', hash, file }),
        (error) => {
          show({ state: 'failed', error, retry });
          if (!over) window.addEventListener('online', retry);
        },
      );
    return () => {
      over = true;
      window.removeEventListener('online', retry);
    };
  }, [files, hash, attempt]);

  return load;
}
